#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "audio/resampler.h"
#include "evaluate/quality/alignment.h"
#include "evaluate/quality/difference.h"
#include "evaluate/quality/loudness.h"
#include "evaluate/quality/peaq_meter.h"
#include "evaluate/quality/spectral_distance.h"
#include "wm/quality.h"

namespace wm {
namespace {

constexpr std::size_t kPiece = 8192;
constexpr double kLeastOverlap = 0.9;
constexpr std::size_t kMostGradedChannels = 2;

using Pointers = std::vector<const float*>;

/// PEAQ at the recordings' own rate.
class Grader {
public:
    Grader(std::size_t num_channels, double rate_hz)
        : meter_(num_channels), reference_(make_resampler(num_channels, rate_hz)),
          test_(make_resampler(num_channels, rate_hz)), reference_samples_(num_channels), test_samples_(num_channels) {}

    void push(const Pointers& reference, const Pointers& test, std::size_t num_samples) {
        reference_->push(reference.data(), num_samples, reference_samples_);
        test_->push(test.data(), num_samples, test_samples_);
        grade_ready();
    }

    std::optional<PeaqGrade> finish() {
        reference_->finish(reference_samples_);
        test_->finish(test_samples_);
        grade_ready();
        return meter_.finish();
    }

private:
    static std::unique_ptr<Resampler> make_resampler(std::size_t num_channels, double rate_hz) {
        return Resampler::create(rate_hz, kPeaqRate_hz, static_cast<int>(num_channels), Resampler::Quality::kFull);
    }

    void grade_ready() {
        meter_.push(reference_samples_.fronts().data(), test_samples_.fronts().data(),
                    reference_samples_.size()); // both gave as many
        reference_samples_.clear();
        test_samples_.clear();
    }

    PeaqMeter meter_;
    std::unique_ptr<Resampler> reference_;
    std::unique_ptr<Resampler> test_;
    PlanarQueue reference_samples_;
    PlanarQueue test_samples_;
};

/// All the meters over one pair.
class Comparison {
public:
    Comparison(std::size_t num_channels, int rate_hz, bool with_loudness)
        : difference_(num_channels, rate_hz), distance_(num_channels) {
        if (num_channels <= kMostGradedChannels) {
            grader_.emplace(num_channels, rate_hz);
        }
        if (with_loudness) {
            reference_loudness_.emplace(num_channels, rate_hz);
            marked_loudness_.emplace(num_channels, rate_hz);
        }
    }

    void push(const Pointers& reference, const Pointers& marked, std::size_t num_samples) {
        difference_.push(reference.data(), marked.data(), num_samples);
        distance_.push(reference.data(), marked.data(), num_samples);
        if (grader_) {
            grader_->push(reference, marked, num_samples);
        }
        if (reference_loudness_) {
            reference_loudness_->push(reference.data(), num_samples);
            marked_loudness_->push(marked.data(), num_samples);
        }
    }

    void finish(QualityReport& report) {
        report.is_identical = difference_.is_identical();
        report.snr_db = difference_.snr_db();
        report.si_snr_db = difference_.si_snr_db();
        report.segmental_snr_db = difference_.segmental_snr_db();
        report.log_spectral_distance_db = distance_.mean_db();
        if (reference_loudness_) {
            report.loudness = {reference_loudness_->integrated_lufs(), marked_loudness_->integrated_lufs(),
                               reference_loudness_->true_peak_dbtp(), marked_loudness_->true_peak_dbtp()};
        }
        if (!grader_) {
            report.no_peaq_reason = "PEAQ is defined for one or two channels";
            return;
        }
        report.peaq = grader_->finish();
        if (!report.peaq) {
            report.no_peaq_reason = "the reference holds too little sound: PEAQ needs a second of it";
        }
    }

private:
    DifferenceMeter difference_;
    SpectralDistance distance_;
    std::optional<Grader> grader_;
    std::optional<LoudnessMeter> reference_loudness_;
    std::optional<LoudnessMeter> marked_loudness_;
};

/// The samples that both recordings have once the delay is taken out.
struct Overlap {
    std::size_t first_reference = 0;
    std::size_t first_marked = 0;
    std::size_t count = 0;
};

Overlap overlap_of(const Audio& reference, const Audio& marked, std::int64_t delay_samples) {
    const auto shift = static_cast<std::size_t>(std::abs(delay_samples));
    Overlap overlap;
    (delay_samples > 0 ? overlap.first_marked : overlap.first_reference) = shift;
    overlap.count = std::min(reference.num_samples() - std::min(overlap.first_reference, reference.num_samples()),
                             marked.num_samples() - std::min(overlap.first_marked, marked.num_samples()));
    return overlap;
}

Result<void> check_shapes(const Audio& reference, const Audio& marked) {
    if (reference.sample_rate_hz != marked.sample_rate_hz) {
        return fail(ErrorCode::kUsage,
                    fmt::format("the reference has {} Hz, but the marked recording {} Hz: convert one of them first",
                                reference.sample_rate_hz, marked.sample_rate_hz));
    }
    if (reference.num_channels() != marked.num_channels()) {
        return fail(ErrorCode::kUsage,
                    fmt::format("the reference has {} channel(s), but the marked recording {}: mix one of them first",
                                reference.num_channels(), marked.num_channels()));
    }
    return {};
}

Result<void> check_overlap(const Audio& reference, const Audio& marked, const Overlap& overlap) {
    const std::size_t longer = std::max(reference.num_samples(), marked.num_samples());
    if (overlap.count > 0 && static_cast<double>(overlap.count) >= kLeastOverlap * static_cast<double>(longer)) {
        return {};
    }
    return fail(
        ErrorCode::kUsage,
        fmt::format("the reference lasts {:.3f} s and the marked recording {:.3f} s, of which they share {:.3f} s: "
                    "cut them to the same part first",
                    reference.duration_s(), marked.duration_s(),
                    static_cast<double>(overlap.count) / reference.sample_rate_hz));
}

void add_warnings(QualityReport& report, const Audio& reference, const Audio& marked, const Overlap& overlap) {
    if (report.delay_samples != 0) {
        report.warnings.push_back(fmt::format("the marked recording is {} samples {}: taken out before comparing",
                                              std::abs(report.delay_samples),
                                              report.delay_samples > 0 ? "late" : "early"));
    }
    const std::size_t left_out = std::max(reference.num_samples(), marked.num_samples()) - overlap.count;
    if (left_out > 0) {
        report.warnings.push_back(fmt::format("{} samples that only one of the recordings has are left out", left_out));
    }
}

Pointers at(const Audio& audio, std::size_t first) {
    Pointers pointers;
    for (const std::vector<float>& channel : audio.channels) {
        pointers.push_back(channel.data() + first);
    }
    return pointers;
}

} // namespace

Result<QualityReport> measure_quality(const Audio& reference, const Audio& marked, const QualityOptions& options,
                                      const Progress& progress) {
    if (const Result<void> checked = check_shapes(reference, marked); !checked) {
        return tl::unexpected(checked.error());
    }
    QualityReport report;
    report.delay_samples = options.align ? find_delay(reference, marked) : 0;
    const Overlap overlap = overlap_of(reference, marked, report.delay_samples);
    if (const Result<void> checked = check_overlap(reference, marked, overlap); !checked) {
        return tl::unexpected(checked.error());
    }
    report.sample_rate_hz = reference.sample_rate_hz;
    report.num_channels = static_cast<int>(reference.num_channels());
    report.duration_s = static_cast<double>(overlap.count) / reference.sample_rate_hz;
    add_warnings(report, reference, marked, overlap);

    Comparison comparison(reference.num_channels(), reference.sample_rate_hz, options.loudness);
    for (std::size_t done = 0; done < overlap.count; done += kPiece) {
        const std::size_t count = std::min(kPiece, overlap.count - done);
        comparison.push(at(reference, overlap.first_reference + done), at(marked, overlap.first_marked + done), count);
        if (progress && !progress(static_cast<double>(done + count) / static_cast<double>(overlap.count))) {
            return fail(ErrorCode::kCancelled, "stopped before the comparison was complete");
        }
    }
    comparison.finish(report);
    return report;
}

} // namespace wm
