#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "audio/audio_hash.h"
#include "watermark/embedder.h"
#include "watermark/read_back.h"
#include "watermark/tile_reader.h"
#include "wm/id.h"
#include "wm/watermark.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 8192;
constexpr double kFalsePositiveBound = 1e-9;
constexpr double kLeastCarrying_s = 3.0;
constexpr double kComfortable_s = 10.0;
constexpr double kLeastMargin_db = 3.0;
/// A forced mark begins half a block later in the pattern, so that it does not stand on the tiles of an earlier one of its key.
constexpr std::size_t kForcedShift = kBlockRows / 2;
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
        : key_(key), layouts_{ChipLayout(key)}, options_(options), progress_(progress) {
        report_.id = id;
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
            search.emplace(layouts_, std::log(kFalsePositiveBound), kHostPhases);
        }
        Embedder embedder(spec, turn_back(layouts_[0].signs(polar_encode(report_.id)).data(), shift()),
                          options_.strength, search ? &*search : nullptr, writer);
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
        describe(embedder);
        if (Result<void> carries = check_carrying(embedder.tally()); !carries) {
            return carries;
        }
        return writer.finish();
    }

    /// The row of the pattern that the recording's first row gets.
    std::size_t shift() const { return options_.force ? kForcedShift : 0; }

    void describe(const Embedder& embedder) {
        const EmbedTally& tally = embedder.tally();
        const ChangeTally& change = embedder.change();
        report_.snr_db = 10.0 * std::log10((change.host_energy + 1e-30) / (change.residual_energy + 1e-30));
        if (tally.num_carrying_rows > 0) {
            const auto rows = static_cast<double>(tally.num_carrying_rows);
            report_.nmr_db = 10.0 * std::log10(tally.noise_to_mask / rows + 1e-12);
        }
        if (report_.duration_s > 0.0) {
            report_.carrying_share = std::min(1.0, carrying_s(tally) / report_.duration_s);
        }
    }

    static double carrying_s(const EmbedTally& tally) { return static_cast<double>(tally.num_carrying_rows) * kRow_s; }

    Result<void> check_carrying(const EmbedTally& tally) {
        const double seconds = carrying_s(tally);
        if (seconds < kLeastCarrying_s && !options_.allow_weak) {
            return fail(
                ErrorCode::kCannotCarry,
                fmt::format("{}: only {:.1f} s of {:.1f} s are loud and wide enough to hold a mark, and {:.0f} s "
                            "are needed; nothing was written",
                            input_, seconds, report_.duration_s, kLeastCarrying_s));
        }
        if (seconds < kComfortable_s) {
            report_.warnings.push_back(
                fmt::format("only {:.1f} s can hold the mark: it will not survive strong processing", seconds));
        }
        return {};
    }

    Result<void> already_marked(const Finding& finding) const {
        return fail(ErrorCode::kAlreadyMarked,
                    fmt::format("{} already carries the mark {} of key {} (p = 1e{:.0f}); use --force to mark it again",
                                input_, format_id(finding.payload), key_.name(), finding.log_p / std::log(10.0)));
    }

    /// Decodes what was written, from the disk, and reads its mark.
    Result<void> read_back(const std::string& path) {
        Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        AudioHasher hasher((*reader)->spec());
        TileReader samples(**reader, &hasher);
        ReadBack marked(samples.num_channels(), layouts_[0], report_.id, shift());
        while (true) {
            const Result<std::size_t> count = samples.read();
            if (!count) {
                return tl::unexpected(count.error());
            }
            if (*count == 0) {
                break;
            }
            marked.push(samples.channels(), *count);
            if (!report_progress(kMarkingShare + samples.share_done() * (1.0 - kMarkingShare))) {
                return tl::unexpected(cancelled());
            }
        }
        report_.audio_hash = hasher.hex();
        return judge(marked.finish());
    }

    Result<void> judge(const std::optional<Reading>& reading) {
        const double log_hypotheses = SpanSearch::log_hypotheses(layouts_.size());
        const double log_bound = std::log(kFalsePositiveBound);
        const double log_p = reading ? log_false_positive_bound(reading->evidence, log_hypotheses) : 0.0;
        if (!reading || reading->payload != report_.id || log_p > log_bound) {
            if (options_.allow_weak) {
                report_.warnings.emplace_back("the mark could not be read back, not even without any processing");
                return {};
            }
            return fail(
                ErrorCode::kVerifyFailed,
                fmt::format("{}: the mark could not be read back ({}); nothing was written", input_,
                            options_.force ? "too little sound for it, or earlier marks of this key that are too strong: "
                                             "mark the unmarked master, or raise --strength"
                                           : "too little sound for it"));
        }
        report_.verified = true;
        report_.p_value = std::exp(log_p);
        report_.margin_db =
            20.0 * std::log10(reading->evidence.statistic() / threshold_statistic(log_bound, log_hypotheses));
        if (report_.margin_db < kLeastMargin_db) {
            report_.warnings.push_back(
                fmt::format("weak mark: it stands only {:.1f} dB above what detection needs", report_.margin_db));
        }
        return {};
    }

    bool report_progress(double share) const { return !progress_ || progress_(share); }

    const Key& key_;
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
    return EmbedRun(key, id, options, progress).run(input, output);
}

} // namespace wm
