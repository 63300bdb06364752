#include "evaluate/attacks/copies.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/scratch_folder.h"
#include "evaluate/process.h"
#include "wm/watermark.h"

namespace wm {
namespace {

Result<void> check_alike(const Audio& audio, const Audio& other, const char* what) {
    if (other.sample_rate_hz != audio.sample_rate_hz || other.num_channels() != audio.num_channels()) {
        return fail(ErrorCode::kUsage,
                    fmt::format("{} has {} channels at {} Hz, and the recording {} at {} Hz: they must be alike", what,
                                other.num_channels(), other.sample_rate_hz, audio.num_channels(),
                                audio.sample_rate_hz));
    }
    return {};
}

} // namespace

Result<Audio> average_copies(const Audio& audio, const std::vector<Audio>& others) {
    std::size_t length = audio.num_samples();
    for (const Audio& other : others) {
        if (Result<void> alike = check_alike(audio, other, "a copy"); !alike) {
            return tl::unexpected(alike.error());
        }
        length = std::min(length, other.num_samples());
    }
    const auto count = static_cast<double>(others.size() + 1);
    Audio mean{audio.sample_rate_hz, {}};
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        std::vector<float>& channel = mean.channels.emplace_back(length);
        for (std::size_t i = 0; i < length; ++i) {
            auto sum = static_cast<double>(audio.channels[c][i]);
            for (const Audio& other : others) {
                sum += static_cast<double>(other.channels[c][i]);
            }
            channel[i] = static_cast<float>(sum / count);
        }
    }
    return mean;
}

Result<Audio> transplant_residual(const Audio& audio, const Audio& host, const Audio& target) {
    if (Result<void> alike =
            check_alike(audio, host, "the host").and_then([&] { return check_alike(audio, target, "the target"); });
        !alike) {
        return tl::unexpected(alike.error());
    }
    const std::size_t length = std::min({audio.num_samples(), host.num_samples(), target.num_samples()});
    Audio result{audio.sample_rate_hz, {}};
    for (std::size_t c = 0; c < audio.num_channels(); ++c) {
        std::vector<float>& channel = result.channels.emplace_back(length);
        for (std::size_t i = 0; i < length; ++i) {
            channel[i] = target.channels[c][i] + (audio.channels[c][i] - host.channels[c][i]);
        }
    }
    return result;
}

Result<Audio> mark_again(const Audio& audio, const Key& key, std::uint64_t id, double strength) {
    Result<ScratchFolder> folder = ScratchFolder::create();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    EmbedOptions options;
    options.strength = strength;
    options.force = true;
    options.verify = false;
    options.allow_weak = true;
    const std::string marked = folder->path("marked.wav");
    return write_audio(audio, folder->path("in.wav"), {SampleDepth::kFloat32, true})
        .and_then([&](double) { return embed_file(folder->path("in.wav"), marked, key, id, options); })
        .and_then([&](const EmbedReport&) { return read_audio(marked); });
}

Result<Audio> run_external(const Audio& audio, const std::string& command, const std::function<bool()>& goes_on) {
    Result<ScratchFolder> folder = ScratchFolder::create();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    const std::string input = folder->path("in.wav");
    const std::string output = folder->path("out.wav");
    return write_audio(audio, input, {SampleDepth::kPcm24, true})
        .and_then([&](double) {
            return run_command(fill_command(command, {{"in", input}, {"out", output}}), goes_on);
        })
        .and_then([&](const ProcessOutcome& outcome) -> Result<Audio> {
            if (outcome.exit_code != 0) {
                return fail(ErrorCode::kIo,
                            fmt::format("the command \"{}\" failed with {}", command, describe_failure(outcome)));
            }
            return read_audio(output).map_error([&](const Error& error) {
                return Error{error.code, fmt::format("the command \"{}\" left no recording in {{out}}: {}", command,
                                                     error.message)};
            });
        });
}

} // namespace wm
