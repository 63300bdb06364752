#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "audio/c2pa.h"
#include "audio/flac_layout.h"
#include "audio/writers.h"

namespace wm {
namespace {

constexpr std::uint64_t kMaxRiffBytes = 0xFFFFFFFF;
constexpr std::uint64_t kHeaderRoom = std::uint64_t{1} << 20; ///< for what stands beside the samples

/// The container that an output's name asks for. A .wav name stands for all of the RIFF family.
Result<Container> target_of(const std::string& output, const AudioSpec& source) {
    const std::string extension = extension_of(output);
    if (output == "-" || extension == "wav" || extension == "wave" || extension == "bwf") {
        return is_riff(source.container) ? source.container : Container::kWav;
    }
    constexpr std::array<std::pair<std::string_view, Container>, 7> kByName{{{"rf64", Container::kRf64},
                                                                             {"bw64", Container::kBw64},
                                                                             {"w64", Container::kW64},
                                                                             {"flac", Container::kFlac},
                                                                             {"aif", Container::kAiff},
                                                                             {"aiff", Container::kAiff},
                                                                             {"aifc", Container::kAifc}}};
    for (const auto& [name, container] : kByName) {
        if (extension == name) {
            return container;
        }
    }
    constexpr std::array<std::string_view, 12> kLossy{"mp3", "ogg", "oga", "opus", "m4a", "mp4",
                                                      "aac", "wma", "ac3", "webm", "mka", "mkv"};
    if (std::find(kLossy.begin(), kLossy.end(), extension) != kLossy.end()) {
        return fail(
            ErrorCode::kUsage,
            fmt::format(
                "{}: wm does not write .{}: a lossy encoder would throw away part of the mark before it is checked; "
                "write .wav or .flac and encode that",
                output, extension));
    }
    return fail(ErrorCode::kUsage,
                fmt::format("{}: its name must end in .wav, .rf64, .bw64, .w64, .aif, .aiff, .aifc or .flac", output));
}

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat first {};
    struct stat second {};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/// Whether the output is the source's own container, so that nothing is left behind.
bool keeps_container(const ContainerLayout& layout, const AudioSpec& source, Container target) {
    if (target == Container::kFlac) {
        return source.container == Container::kFlac;
    }
    const bool outgrows_riff =
        target == Container::kWav && layout.sizes_are_open && layout.data_size > kMaxRiffBytes - kHeaderRoom;
    const bool is_same = layout.container == target || (is_aiff(layout.container) && is_aiff(target));
    return layout.is_linear && is_same && !outgrows_riff;
}

Result<OutputPlan> plan_output(const PlanRequest& request) {
    if (keeps_container(request.layout, request.spec, request.target)) {
        return plan_same_container(request);
    }
    if (is_aiff(request.target)) {
        return plan_new_aiff(request);
    }
    return request.target == Container::kW64 ? plan_new_w64(request) : plan_new_riff(request);
}

/// What the user must know about metadata that is kept but no longer true, or left behind.
Result<std::vector<std::string>> metadata_warnings(const ByteSource& bytes, const ContainerLayout& layout,
                                                   const AudioReader& source, Container target) {
    const bool is_kept =
        keeps_container(layout, source.spec(), target) || (is_riff(layout.container) && is_riff(target));
    std::vector<std::string> warnings;
    auto has_manifest = has_c2pa_manifest(bytes, layout);
    if (!has_manifest) {
        return tl::unexpected(has_manifest.error());
    }
    if (*has_manifest) {
        warnings.emplace_back(
            is_kept ? "the C2PA manifest is kept, but the changed samples invalidate it: sign the output anew"
                    : "not carried over: the C2PA manifest, which the changed samples would invalidate");
    }
    constexpr std::array<std::string_view, 3> kOfOldSamples{"MD5 ", "PEAK", "levl"};
    for (const Chunk& chunk : layout.chunks) {
        if (is_kept && std::find(kOfOldSamples.begin(), kOfOldSamples.end(), chunk.id) != kOfOldSamples.end()) {
            warnings.push_back(
                fmt::format("chunk '{}' is kept, but describes the samples before the change", chunk.id));
        }
    }
    const Encoding encoding = source.spec().encoding;
    if (target == Container::kFlac &&
        (encoding == Encoding::kPcm32 || encoding == Encoding::kFloat32 || encoding == Encoding::kFloat64)) {
        warnings.emplace_back("FLAC holds 24 bits: what is finer, or beyond full scale, is lost");
    }
    for (const std::string& companion : source.companions()) {
        warnings.push_back("not carried over: " + companion);
    }
    if (source.spec().container == Container::kFlac && target != Container::kFlac) {
        auto blocks = warnings_of_flac_blocks(bytes);
        if (!blocks) {
            return blocks;
        }
        warnings.insert(warnings.end(), blocks->begin(), blocks->end());
    }
    return warnings;
}

} // namespace

std::string extension_of(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    std::string extension = dot == std::string::npos ? "" : name.substr(dot + 1);
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return extension;
}

Result<std::unique_ptr<AudioWriter>> AudioWriter::create(const std::string& output, const AudioReader& source,
                                                         const WriterOptions& options) {
    const AudioSpec& spec = source.spec();
    auto target = target_of(output, spec);
    if (!target) {
        return tl::unexpected(target.error());
    }
    if (output != "-" && is_same_file(output, source.source_path())) {
        return fail(ErrorCode::kUsage, fmt::format("{} is the recording being read: choose another name", output));
    }
    auto input = InputFile::open(source.source_path());
    if (!input) {
        return tl::unexpected(input.error());
    }
    auto layout = scan_container(**input);
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    auto warnings = metadata_warnings(**input, *layout, source, *target);
    if (!warnings) {
        return tl::unexpected(warnings.error());
    }
    const bool keeps_riff = keeps_container(*layout, spec, *target) && *target != Container::kFlac && !is_aiff(*target);
    if (!options.coding_history.empty() && !keeps_riff) {
        warnings->emplace_back(
            "the coding history was not written: only a WAV, RF64, BW64 or W64 source written as such has one");
    }
    const PlanRequest request{**input, *layout, spec, *target, keeps_riff ? options.coding_history : ""};
    auto file = OutputFile::create(output, options.overwrite);
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (*target == Container::kFlac) {
        auto metadata = plan_flac_metadata(request, *warnings);
        if (!metadata) {
            return tl::unexpected(metadata.error());
        }
        return create_flac_writer(std::move(*file), std::move(*input), spec, std::move(*metadata),
                                  std::move(*warnings));
    }
    auto plan = plan_output(request);
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    plan->warnings.insert(plan->warnings.begin(), warnings->begin(), warnings->end());
    return create_pcm_writer(std::move(*file), std::move(*input), spec, std::move(*plan));
}

} // namespace wm
