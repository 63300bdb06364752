/// An output appears under its name whole or not at all, and never over its own source.

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "recordings.h"

namespace wm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kNumSamples = 50000;
const WriterOptions kNoOverwrite{"", false};

class OutputFiles : public testing::Test {
protected:
    OutputFiles() { write_text(folder_ / "in.wav", small_wav(kNumSamples)); }

    void expect_usage_error(const std::string& output, const std::string& words, const WriterOptions& options = {}) {
        const auto copied = copy_recording(folder_ / "in.wav", output, 0, options);
        ASSERT_FALSE(copied) << output;
        EXPECT_EQ(copied.error().code, ErrorCode::kUsage) << copied.error().message;
        EXPECT_THAT(copied.error().message, AllOf(HasSubstr(words), HasSubstr(output)));
    }

    mode_t mode_of(const std::string& name) {
        struct stat status {};
        EXPECT_EQ(::stat((folder_ / name).c_str(), &status), 0);
        return status.st_mode & 07777;
    }

    TemporaryFolder folder_;
};

TEST_F(OutputFiles, TheSourceIsNeverOverwrittenByWhateverName) {
    std::filesystem::create_hard_link(folder_ / "in.wav", folder_ / "hard.wav");
    std::filesystem::create_symlink("in.wav", folder_ / "soft.wav");
    for (const std::string& output :
         {folder_ / "in.wav", folder_ / "./in.wav", folder_ / "hard.wav", folder_ / "soft.wav"}) {
        expect_usage_error(output, "is the recording being read");
    }
    EXPECT_EQ(read_text(folder_ / "in.wav"), small_wav(kNumSamples));
}

TEST_F(OutputFiles, LossyNamesAreRefusedWithTheReason) {
    for (const char* name : {"out.mp3", "out.OGG", "out.opus", "out.m4a", "out.aac", "out.webm"}) {
        expect_usage_error(folder_ / name, "a lossy encoder would throw away part of the mark");
    }
    expect_usage_error(folder_ / "out.txt", "must end in .wav");
    expect_usage_error(folder_ / "wav", "must end in .wav");
}

TEST_F(OutputFiles, FoldersAndDevicesAreNoOutputs) {
    std::filesystem::create_directory(folder_ / "folder.wav");
    expect_usage_error(folder_ / "folder.wav", "folder");
    std::filesystem::create_symlink("/dev/null", folder_ / "null.wav");
    const auto copied = copy_recording(folder_ / "in.wav", folder_ / "null.wav");
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, ErrorCode::kUsage);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(OutputFiles, AMissingFolderIsAnIoError) {
    const auto copied = copy_recording(folder_ / "in.wav", folder_ / "missing/out.wav");
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, ErrorCode::kIo);
    EXPECT_THAT(copied.error().message, HasSubstr("No such file or directory"));
}

TEST_F(OutputFiles, AnExistingFileIsReplacedOnlyWhenAllowed) {
    write_text(folder_ / "out.wav", "precious");
    expect_usage_error(folder_ / "out.wav", "exists already", kNoOverwrite);
    EXPECT_EQ(read_text(folder_ / "out.wav"), "precious");
    copy_or_fail(folder_ / "in.wav", folder_ / "out.wav");
    EXPECT_EQ(read_text(folder_ / "out.wav"), small_wav(kNumSamples));
}

TEST_F(OutputFiles, AFileThatAppearsMeanwhileIsNotReplaced) {
    const auto reader = AudioReader::open(folder_ / "in.wav");
    ASSERT_TRUE(reader);
    auto writer = AudioWriter::create(folder_ / "out.wav", **reader, kNoOverwrite);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->finish());
    write_text(folder_ / "out.wav", "precious");
    const auto committed = (*writer)->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, ErrorCode::kUsage);
    EXPECT_EQ(read_text(folder_ / "out.wav"), "precious");
}

TEST_F(OutputFiles, PermissionsAreThoseOfTheFileReplacedOrTheUsual) {
    const mode_t mask = ::umask(027);
    copy_or_fail(folder_ / "in.wav", folder_ / "new.wav");
    EXPECT_EQ(mode_of("new.wav"), 0640U);
    ::umask(mask);
    write_text(folder_ / "old.wav", "");
    ASSERT_EQ(::chmod((folder_ / "old.wav").c_str(), 0604), 0);
    copy_or_fail(folder_ / "in.wav", folder_ / "old.wav");
    EXPECT_EQ(mode_of("old.wav"), 0604U);
}

TEST_F(OutputFiles, ALinkStaysALinkAndItsTargetIsReplaced) {
    write_text(folder_ / "target.wav", "old");
    std::filesystem::create_symlink("target.wav", folder_ / "link.wav");
    copy_or_fail(folder_ / "in.wav", folder_ / "link.wav");
    EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.wav"));
    EXPECT_EQ(read_text(folder_ / "target.wav"), small_wav(kNumSamples));
}

TEST_F(OutputFiles, NothingShowsBeforeCommitAndNothingStaysWithoutIt) {
    for (const char* name : {"out.wav", "out.flac"}) {
        {
            const auto reader = AudioReader::open(folder_ / "in.wav");
            auto writer = AudioWriter::create(folder_ / name, **reader);
            ASSERT_TRUE(writer);
            AudioBlock block;
            ASSERT_TRUE((*reader)->read(block, kNumSamples));
            const std::vector<float> zero(kNumSamples);
            const float* residual[] = {zero.data(), zero.data()};
            ASSERT_TRUE((*writer)->write(block, residual));
            ASSERT_TRUE((*writer)->finish());
            EXPECT_FALSE(std::filesystem::exists(folder_ / name));
            EXPECT_EQ(read_with_wm((*writer)->temporary_path()), read_with_wm(folder_ / "in.wav"));
            EXPECT_EQ(std::filesystem::path((*writer)->temporary_path()).parent_path(), folder_.path());
        }
        EXPECT_EQ(folder_.num_entries(), 1U) << "the temporary file stayed";
    }
}

/// Limits the size of files, as a full disk would, while it lives.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t max_bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit small{max_bytes, limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, handler_);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

private:
    rlimit limit_{};
    void (*handler_)(int);
};

TEST_F(OutputFiles, AFullDiskIsAnIoErrorAndLeavesNothing) {
    for (const char* name : {"out.wav", "out.flac", "-"}) {
        const SmallDisk disk(30000);
        const auto copied = copy_recording(folder_ / "in.wav", *name == '-' ? name : folder_ / name);
        ASSERT_FALSE(copied) << name;
        EXPECT_EQ(copied.error().code, ErrorCode::kIo) << copied.error().message;
        EXPECT_THAT(copied.error().message, AllOf(HasSubstr("cannot write"), HasSubstr("free some room")));
        EXPECT_EQ(folder_.num_entries(), 1U);
    }
}

/// Puts `descriptor` in the place of standard input or output while it lives.
class Redirection {
public:
    Redirection(int descriptor, int standard) : standard_(standard), saved_(::dup(standard)) {
        ::dup2(descriptor, standard);
    }
    ~Redirection() {
        ::dup2(saved_, standard_);
        ::close(saved_);
    }
    Redirection(const Redirection&) = delete;
    Redirection& operator=(const Redirection&) = delete;

private:
    int standard_;
    int saved_;
};

TEST_F(OutputFiles, AFullDiskBehindStandardOutputIsAnIoError) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    const Redirection redirection(full, STDOUT_FILENO);
    ::close(full);
    const auto copied = copy_recording(folder_ / "in.wav", "-");
    ASSERT_FALSE(copied);
    EXPECT_EQ(copied.error().code, ErrorCode::kIo);
    EXPECT_THAT(copied.error().message, HasSubstr("standard output: No space left on device"));
}

TEST_F(OutputFiles, AStreamGoesThroughStandardInputAndOutput) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    std::string streamed = small_wav(kNumSamples);
    for (const std::size_t i : {4U, 5U, 6U, 7U, 40U, 41U, 42U, 43U}) {
        streamed[i] = '\xFF'; // the sizes that ffmpeg writes into a pipe
    }
    std::thread feeder([&] {
        std::size_t done = 0;
        while (done < streamed.size()) {
            done += static_cast<std::size_t>(::write(pipe[1], streamed.data() + done, streamed.size() - done));
        }
        ::close(pipe[1]);
    });
    const int output = ::open((folder_ / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    {
        const Redirection input_redirection(pipe[0], STDIN_FILENO);
        const Redirection output_redirection(output, STDOUT_FILENO);
        copy_or_fail("-", "-");
    }
    feeder.join();
    ::close(pipe[0]);
    ::close(output);
    EXPECT_TRUE(read_text(folder_ / "out") == small_wav(kNumSamples));
}

TEST_F(OutputFiles, AFlacStreamBecomesWavOnStandardOutput) {
    copy_or_fail(folder_ / "in.wav", folder_ / "in.flac");
    const int input = ::open((folder_ / "in.flac").c_str(), O_RDONLY | O_CLOEXEC);
    const int output = ::open((folder_ / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    {
        const Redirection input_redirection(input, STDIN_FILENO);
        const Redirection output_redirection(output, STDOUT_FILENO);
        copy_or_fail("-", "-");
    }
    ::close(input);
    ::close(output);
    EXPECT_EQ(read_with_wm(folder_ / "out"), read_with_wm(folder_ / "in.wav"));
}

TEST_F(OutputFiles, ANamedPipeIsReadLikeStandardInput) {
    const std::string path = folder_ / "pipe.wav";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::thread feeder([&] { write_text(path, small_wav(kNumSamples)); });
    copy_or_fail(path, folder_ / "out.wav");
    feeder.join();
    EXPECT_TRUE(read_text(folder_ / "out.wav") == small_wav(kNumSamples));
}

TEST_F(OutputFiles, AClosedStandardInputIsAnIoError) {
    const int saved = ::dup(STDIN_FILENO);
    ::close(STDIN_FILENO);
    const auto reader = AudioReader::open("-");
    if (saved >= 0) {
        ::dup2(saved, STDIN_FILENO);
        ::close(saved);
    }
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, ErrorCode::kIo);
    EXPECT_THAT(reader.error().message, HasSubstr("standard input is closed"));
}

} // namespace
} // namespace wm::test
