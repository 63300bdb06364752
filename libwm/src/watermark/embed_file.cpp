#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "audio/audio_hash.h"
#include "kernels/kernels.h"
#include "watermark/embed_checks.h"
#include "watermark/embedder.h"
#include "watermark/read_back.h"
#include "watermark/tile_reader.h"
#include "wm/id.h"
#include "wm/watermark.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 8192;
/// A forced mark begins half a block later in the pattern, so that it does not stand on the tiles of an earlier one of its key.
constexpr std::size_t kForcedShift = kBlockRows / 2;
/// What mark and notice together get of the strength: their steps are as inaudible as one mark's (docs/watermark.md).
constexpr double kSharedStrength = 0.8;
/// Phases of a row at which the host is looked at for a mark that it carries already.
constexpr std::size_t kHostPhases = 2;
/// Shares of the work, for progress: marking, then reading back.
constexpr double kMarkingShare = 0.75;

double share_done(std::int64_t position, std::int64_t total) {
    return total > 0 ? std::min(1.0, static_cast<double>(position) / static_cast<double>(total)) : 0.0;
}

Error cancelled() {
    return {ErrorCode::kCancelled, "stopped before the marked file was put in place"};
}

/// One run of embed_file.
class EmbedRun {
public:
    EmbedRun(const Key& key, std::uint64_t id, const EmbedOptions& options, const Progress& progress)
        : keys_{key}, options_(options), progress_(progress) {
        report_.mark.id = id;
        if (options.notice) {
            keys_.push_back(Key::of_public_notices());
            report_.notice.emplace().id = *options.notice;
        }
        layouts_ = std::vector<ChipLayout>(keys_.begin(), keys_.end());
    }

    Result<EmbedReport> run(const std::string& input, const std::string& output) {
        input_ = input;
        Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(input);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        WriterOptions writer_options;
        writer_options.coding_history = options_.coding_history;
        Result<std::unique_ptr<AudioWriter>> writer = AudioWriter::create(output, **reader, writer_options);
        if (!writer) {
            return tl::unexpected(writer.error());
        }
        Result<void> done = mark(**reader, **writer);
        if (done && options_.verify) {
            done = read_back((*writer)->temporary_path());
        }
        if (done) {
            done = (*writer)->commit();
        }
        if (!done) {
            return tl::unexpected(done.error());
        }
        report_.warnings.insert(report_.warnings.end(), (*writer)->warnings().begin(), (*writer)->warnings().end());
        return report_;
    }

private:
    Result<void> mark(AudioReader& reader, AudioWriter& writer) {
        const AudioSpec& spec = reader.spec();
        std::optional<SpanSearch> search;
        if (options_.verify && !options_.force) {
            search.emplace(layouts_, std::log(kEmbedFalsePositiveBound), kHostPhases);
        }
        Embedder embedder(spec, turn_back(signs().data(), shift()), strength(), search ? &*search : nullptr, writer);
        std::int64_t position = 0;
        while (true) {
            AudioBlock block = embedder.spare_block();
            const Result<std::size_t> count = reader.read(block, kBlockSamples);
            if (!count) {
                return tl::unexpected(count.error());
            }
            if (*count == 0) {
                break;
            }
            position += static_cast<std::int64_t>(*count);
            if (Result<void> pushed = embedder.push(std::move(block)); !pushed) {
                return pushed;
            }
            if (search && !search->findings().empty()) {
                return already_marked(search->findings().front());
            }
            if (!report_progress(share_done(position, spec.num_samples) * (options_.verify ? kMarkingShare : 1.0))) {
                return tl::unexpected(cancelled());
            }
        }
        if (Result<void> finished = embedder.finish(); !finished) {
            return finished;
        }
        if (search && !search->findings().empty()) {
            return already_marked(search->findings().front());
        }
        report_.duration_s = static_cast<double>(position) / spec.sample_rate_hz;
        describe_change(embedder.change(), embedder.tally(), report_);
        if (Result<void> carries = check_carrying(embedder.tally(), input_, options_, report_); !carries) {
            return carries;
        }
        return writer.finish();
    }

    /// The pattern of all marks: the sum of their signs, which the planner scales to the same limits as those of one.
    TileMap signs() const {
        TileMap sum = layouts_[0].signs(polar_encode(report_.mark.id));
        if (report_.notice) {
            const TileMap beside = layouts_[1].signs(polar_encode(report_.notice->id));
            kernels().tiles.accumulate(beside.data(), sum.size(), sum.data());
        }
        return sum;
    }

    double strength() const { return options_.strength * (report_.notice ? kSharedStrength : 1.0); }

    /// The row of the pattern that the recording's first row gets.
    std::size_t shift() const { return options_.force ? kForcedShift : 0; }

    Result<void> already_marked(const Finding& finding) const {
        return fail(ErrorCode::kAlreadyMarked,
                    fmt::format("{} already carries the mark {} of key {} (p = 1e{:.0f}); use --force to mark it again",
                                input_, format_id(finding.payload), keys_[finding.key_index].name(),
                                finding.log_p / std::log(10.0)));
    }

    /// Decodes what was written, from the disk, and reads its marks.
    Result<void> read_back(const std::string& path) {
        Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        AudioHasher hasher((*reader)->spec());
        TileReader samples(**reader, &hasher);
        ReadBack marked(samples.num_channels(), layouts_[0], report_.mark.id, shift());
        std::optional<ReadBack> noticed;
        if (report_.notice) {
            noticed.emplace(samples.num_channels(), layouts_[1], report_.notice->id, shift());
        }
        const Result<bool> is_read = samples.read_all(
            [&](const float* const* channels, std::size_t count) {
                marked.push(channels, count);
                if (noticed) {
                    noticed->push(channels, count);
                }
            },
            [this](double share) { return report_progress(kMarkingShare + share * (1.0 - kMarkingShare)); });
        if (!is_read) {
            return tl::unexpected(is_read.error());
        }
        if (!*is_read) {
            return tl::unexpected(cancelled());
        }
        report_.audio_hash = hasher.hex();
        Result<void> checked = check_reading(marked.finish(), input_, "mark", options_, report_.mark, report_.warnings);
        if (checked && noticed) {
            checked =
                check_reading(noticed->finish(), input_, "public notice", options_, *report_.notice, report_.warnings);
        }
        return checked;
    }

    bool report_progress(double share) const { return !progress_ || progress_(share); }

    std::vector<Key> keys_; ///< of the mark, and of the notice if there is one beside it
    std::vector<ChipLayout> layouts_;
    const EmbedOptions& options_;
    const Progress& progress_;
    std::string input_;
    EmbedReport report_;
};

} // namespace

Result<EmbedReport> embed_file(const std::string& input, const std::string& output, const Key& key, std::uint64_t id,
                               const EmbedOptions& options, const Progress& progress) {
    if (!(options.strength >= 0.1 && options.strength <= 3.0)) {
        return fail(ErrorCode::kUsage, fmt::format("strength {} is outside 0.1 to 3", options.strength));
    }
    if (options.notice && key.id() == Key::of_public_notices().id()) {
        return fail(ErrorCode::kUsage, "a public notice goes in beside a mark of another key than its own");
    }
    return EmbedRun(key, id, options, progress).run(input, output);
}

} // namespace wm
