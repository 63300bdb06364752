#include "wm/key.h"

#include <atomic>
#include <bit>
#include <fstream>
#include <span>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include "base/hex.h"
#include "temporary_folder.h"

namespace wm {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

/// The key whose secret is 00 01 02 ... 1f, loaded from a file written by hand.
Key golden_key() {
    std::string text = "wm-key 1\nname golden\nid d13c6f38c22e0b5e\nsecret ";
    for (int k = 0; k < 32; ++k) {
        text += fmt::format("{:02x}", k);
    }
    text += "\n";
    text += fmt::format("checksum {:016x}\n", XXH3_64bits(text.data(), text.size()));
    const TemporaryFolder folder;
    test::write_text(folder / "golden.key", text);
    return Key::load(folder / "golden.key").value();
}

TEST(Key, DerivesTheGoldenIdAndStreams) {
    const Key key = golden_key();
    std::ifstream golden(WM_GOLDEN_DIR "/key.txt");
    int num_checked = 0;
    for (std::string line, kind, purpose, digits; std::getline(golden, line); ++num_checked) {
        std::istringstream words(line);
        words >> kind;
        if (kind == "id") {
            words >> digits;
            EXPECT_EQ(key.id(), digits);
        } else {
            words >> purpose >> digits;
            EXPECT_EQ(to_hex(key.stream(purpose == "-" ? "" : purpose, digits.size() / 2)), digits) << purpose;
        }
    }
    EXPECT_EQ(num_checked, 4);
}

TEST(Key, ThePublicOneIsAsDocumentedForAllTime) {
    const Key key = Key::of_public_notices();
    EXPECT_EQ(key.id(), "e4d85886ca4763c7"); // docs/formats.md, computed from the definitions by Python's hashlib
    EXPECT_EQ(key.name(), "public notice");
}

TEST(Key, AShorterStreamIsThePrefixOfALongerOne) {
    const Key key = golden_key();
    const std::vector<std::uint8_t> whole = key.stream("chips", 1000);
    for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 999U}) {
        const std::span<const std::uint8_t> prefix = std::span(whole).first(size);
        EXPECT_THAT(key.stream("chips", size), ElementsAreArray(prefix.begin(), prefix.end()));
    }
}

/// Of 8000 * 8 fair bits, a count this far from half (eight standard deviations) has probability 1e-15.
void expect_independent(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    int num_different = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        num_different += std::popcount(static_cast<unsigned>(a[k] ^ b[k]));
    }
    EXPECT_NEAR(num_different, 32000, 1012);
}

TEST(Key, StreamsOfDifferentPurposesAreIndependent) {
    const Key key = golden_key();
    expect_independent(key.stream("chips", 8000), key.stream("pilot", 8000));
    expect_independent(key.stream("", 8000), key.stream("chips", 8000));
}

TEST(Key, GeneratedKeysAreIndependent) {
    const Key a = Key::generate("same");
    const Key b = Key::generate("same");
    EXPECT_NE(a.id(), b.id());
    expect_independent(a.stream("chips", 8000), b.stream("chips", 8000));
}

TEST(Key, CopiesShareTheSecretAndOutliveTheOriginal) {
    auto original = std::make_unique<Key>(Key::generate("a"));
    const std::vector<std::uint8_t> stream = original->stream("chips", 100);
    const Key copy = *original;
    original.reset();
    EXPECT_EQ(copy.stream("chips", 100), stream);
}

TEST(Key, ThreadsShareOneKey) {
    const Key key = Key::generate("shared");
    const std::vector<std::uint8_t> stream = key.stream("chips", 1000);
    std::atomic<int> num_equal = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back(
                [&num_equal, &stream, copy = key] { num_equal += copy.stream("chips", 1000) == stream; });
        }
    }
    EXPECT_EQ(num_equal, 4);
}

TEST(Key, ComesBackFromItsFileWhole) {
    const TemporaryFolder folder;
    const Key key = Key::generate("Label 2026 \u2013 \u97f3\u697d");
    ASSERT_TRUE(key.save(folder / "label.key"));
    EXPECT_FALSE(key_needs_passphrase(folder / "label.key").value());
    const Key loaded = Key::load(folder / "label.key").value();
    EXPECT_EQ(loaded.name(), key.name());
    EXPECT_EQ(loaded.id(), key.id());
    EXPECT_EQ(loaded.stream("chips", 100), key.stream("chips", 100));
}

TEST(Key, AProtectedFileOpensWithItsPassphraseOnly) {
    const TemporaryFolder folder;
    const Key key = Key::generate("label");
    ASSERT_TRUE(key.save(folder / "label.key", "correct horse"));
    EXPECT_TRUE(key_needs_passphrase(folder / "label.key").value());

    EXPECT_EQ(Key::load(folder / "label.key", "correct horse").value().stream("chips", 100), key.stream("chips", 100));
    const Result<Key> wrong = Key::load(folder / "label.key", "correct horsf");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::kKey);
    EXPECT_THAT(wrong.error().message, HasSubstr("passphrase is wrong"));
    const Result<Key> missing = Key::load(folder / "label.key");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::kKey);
    EXPECT_THAT(missing.error().message, HasSubstr("passphrase is needed"));
}

TEST(Key, ADamagedProtectedFileIsNotBlamedOnThePassphrase) {
    const TemporaryFolder folder;
    ASSERT_TRUE(Key::generate("label").save(folder / "label.key", "correct horse"));
    std::string text = test::read_text(folder / "label.key");
    text.erase(text.find("sealed ") + 20, 1);
    test::write_text(folder / "damaged.key", text);
    const Result<Key> damaged = Key::load(folder / "damaged.key", "correct horse");
    ASSERT_FALSE(damaged);
    EXPECT_THAT(damaged.error().message, HasSubstr("damaged.key is damaged"));
}

TEST(Key, AFileWhoseIdBelongsToAnotherSecretIsRefused) {
    const TemporaryFolder folder;
    ASSERT_TRUE(Key::generate("label").save(folder / "label.key"));
    std::string text = test::read_text(folder / "label.key");
    text.replace(text.find("\nid ") + 4, 16, "0123456789abcdef");
    text.resize(text.find("checksum "));
    text += fmt::format("checksum {:016x}\n", XXH3_64bits(text.data(), text.size()));
    test::write_text(folder / "changed.key", text);
    const Result<Key> changed = Key::load(folder / "changed.key");
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, ErrorCode::kKey);
    EXPECT_THAT(changed.error().message, HasSubstr("0123456789abcdef"));
}

TEST(Key, FilesAreNeverOverwritten) {
    const TemporaryFolder folder;
    const Key key = Key::generate("first");
    ASSERT_TRUE(key.save(folder / "label.key"));
    const Result<void> saved = Key::generate("second").save(folder / "label.key");
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::kUsage);
    EXPECT_EQ(Key::load(folder / "label.key").value().id(), key.id());
}

TEST(Key, MissingFilesAndFoldersAreIoErrors) {
    const TemporaryFolder folder;
    EXPECT_EQ(Key::load(folder / "missing.key").error().code, ErrorCode::kIo);
    EXPECT_EQ(Key::load(folder.path()).error().code, ErrorCode::kIo);
    EXPECT_EQ(key_needs_passphrase(folder / "missing.key").error().code, ErrorCode::kIo);
    EXPECT_EQ(key_file_is_exposed(folder / "missing.key").error().code, ErrorCode::kIo);
    EXPECT_EQ(key_files_in(folder / "missing").error().code, ErrorCode::kIo);
}

TEST(Key, OtherFilesAreSaidNotToBeKeys) {
    const TemporaryFolder folder;
    test::write_text(folder / "long.key", std::string(100000, 'x'));
    test::write_text(folder / "empty.key", "");
    for (const char* name : {"long.key", "empty.key"}) {
        const Result<Key> key = Key::load(folder / name);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().code, ErrorCode::kKey);
        EXPECT_THAT(key.error().message, HasSubstr(std::string(name) + " is not a wm key file"));
    }
}

TEST(Key, AnyAccessOfOthersExposesAFile) {
    const TemporaryFolder folder;
    ASSERT_TRUE(Key::generate("label").save(folder / "label.key"));
    EXPECT_FALSE(key_file_is_exposed(folder / "label.key").value());
    for (const auto access : {std::filesystem::perms::group_read, std::filesystem::perms::others_read,
                              std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
        std::filesystem::permissions(folder / "label.key", std::filesystem::perms::owner_read | access);
        EXPECT_TRUE(key_file_is_exposed(folder / "label.key").value());
    }
}

TEST(Key, AFolderListsItsKeyFilesInOrder) {
    const TemporaryFolder folder;
    for (const char* name : {"b.key", "a.key", "c.key.old", "readme", ".key"}) {
        test::write_text(folder / name, "x");
    }
    std::filesystem::create_directory(folder / "sub.key");
    std::filesystem::create_symlink(folder / "a.key", folder / "link.key");
    std::filesystem::create_symlink(folder / "nowhere", folder / "dangling.key");
    EXPECT_THAT(key_files_in(folder.path()).value(),
                ElementsAre(folder / "a.key", folder / "b.key", folder / "link.key"));
}

class RefusedName : public testing::TestWithParam<std::string> {};

TEST_P(RefusedName, IsNeitherValidNorSaved) {
    const TemporaryFolder folder;
    EXPECT_EQ(check_key_name(GetParam()).error().code, ErrorCode::kUsage);
    const Result<void> saved = Key::generate(GetParam()).save(folder / "label.key");
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::kUsage);
    EXPECT_EQ(folder.num_entries(), 0U);
}

INSTANTIATE_TEST_SUITE_P(EmptyOrLong, RefusedName, testing::Values("", std::string(101, 'a')));
INSTANTIATE_TEST_SUITE_P(Control, RefusedName,
                         testing::Values("a\nb", "a\rb", "a\tb", "\x1b[2J", std::string("a\0b", 3), "\x7f", "\u0085",
                                         "a\u2028b", "a\u2029b", "\u202egnp.yek", "\u2066x"));
INSTANTIATE_TEST_SUITE_P(BrokenUtf8, RefusedName,
                         testing::Values("\x80", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
                                         "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                                         "\xe2\x82"
                                         "A"));

TEST(KeyName, AnyOtherTextIsValid) {
    for (const std::string& name : {std::string("a"), std::string("Label 2026"), std::string(100, 'a'),
                                    std::string("\u00e9\u0416\u97f3\U0001f3b5"), std::string(" -=#\"\\ ")}) {
        EXPECT_TRUE(check_key_name(name)) << name;
    }
}

} // namespace
} // namespace wm
