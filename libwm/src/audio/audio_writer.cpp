#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "audio/writers.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxRiffBytes = 0xFFFFFFFF;
constexpr std::uint64_t kHeaderRoom = std::uint64_t{1} << 20; ///< for what stands beside the samples

std::string extension_of(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    std::string extension = dot == std::string::npos ? "" : name.substr(dot + 1);
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return extension;
}

bool is_riff(Container container) {
    return container == Container::kWav || container == Container::kRf64 || container == Container::kBw64;
}

/// The container that an output's name asks for. A .wav name stands for all of the RIFF family.
Result<Container> target_of(const std::string& output, const AudioSpec& source) {
    const std::string extension = extension_of(output);
    if (output == "-" || extension == "wav" || extension == "wave" || extension == "bwf")
        return is_riff(source.container) ? source.container : Container::kWav;
    constexpr std::array<std::pair<std::string_view, Container>, 7> kByName{{{"rf64", Container::kRf64},
                                                                             {"bw64", Container::kBw64},
                                                                             {"w64", Container::kW64},
                                                                             {"flac", Container::kFlac},
                                                                             {"aif", Container::kAiff},
                                                                             {"aiff", Container::kAiff},
                                                                             {"aifc", Container::kAifc}}};
    for (const auto& [name, container] : kByName)
        if (extension == name)
            return container;
    constexpr std::array<std::string_view, 12> kLossy{"mp3", "ogg", "oga", "opus", "m4a", "mp4",
                                                      "aac", "wma", "ac3", "webm", "mka", "mkv"};
    if (std::find(kLossy.begin(), kLossy.end(), extension) != kLossy.end())
        return fail(
            ErrorCode::kUsage,
            fmt::format(
                "{}: wm does not write .{}: a lossy encoder would throw away part of the mark before it is checked; "
                "write .wav or .flac and encode that",
                output, extension));
    return fail(ErrorCode::kUsage,
                fmt::format("{}: its name must end in .wav, .rf64, .bw64, .w64, .aif, .aiff, .aifc or .flac", output));
}

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat first {};
    struct stat second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool is_aiff(Container container) {
    return container == Container::kAiff || container == Container::kAifc;
}

Result<OutputPlan> plan_output(const PlanRequest& request) {
    const ContainerLayout& layout = request.layout;
    const bool is_same = layout.container == request.target || (is_aiff(layout.container) && is_aiff(request.target));
    const bool outgrows_riff =
        request.target == Container::kWav && layout.sizes_are_open && layout.data_size > kMaxRiffBytes - kHeaderRoom;
    if (layout.is_linear && is_same && !outgrows_riff)
        return plan_same_container(request);
    if (is_aiff(request.target))
        return plan_new_aiff(request);
    return request.target == Container::kW64 ? plan_new_w64(request) : plan_new_riff(request);
}

} // namespace

Result<std::unique_ptr<AudioWriter>> AudioWriter::create(const std::string& output, const AudioReader& source,
                                                         const WriterOptions& options) {
    auto target = target_of(output, source.spec());
    if (!target)
        return tl::unexpected(target.error());
    if (output != "-" && is_same_file(output, source.source_path()))
        return fail(ErrorCode::kUsage, fmt::format("{} is the recording being read: choose another name", output));
    auto input = InputFile::open(source.source_path());
    if (!input)
        return tl::unexpected(input.error());
    auto layout = scan_container(**input);
    if (!layout)
        return tl::unexpected(layout.error());
    auto file = OutputFile::create(output, options.overwrite);
    if (!file)
        return tl::unexpected(file.error());
    if (*target == Container::kFlac)
        return create_flac_writer(std::move(*file), std::move(*input), source.spec(), {});
    auto plan = plan_output({**input, *layout, source.spec(), *target, options.coding_history});
    if (!plan)
        return tl::unexpected(plan.error());
    return create_pcm_writer(std::move(*file), std::move(*input), source.spec(), std::move(*plan));
}

} // namespace wm
