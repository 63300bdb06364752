#include "wm/sound_shape.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "fingerprint/peaks.h"

namespace wm {
namespace {

constexpr std::uint32_t kLongestLoopFrames = 3750; // 60 s
constexpr std::uint32_t kShortestLoopFrames = 16;
/// Peaks are looked for by their strongest: those that a cell's limit leaves out differ from one repeat to the next.
constexpr std::uint8_t kStrongRanks = 2;
/// How far a repeated peak may be from its place: an encoder moves it, and a period is no whole number of half frames.
constexpr std::uint32_t kNearHalfFrames = 3;
constexpr int kNearSevenths = 4;
/// As many of the lags that pairs of peaks speak for are looked at closely.
constexpr std::size_t kNumLags = 24;
/// A shorter period that explains nearly as much is the period; the longer ones are its multiples.
constexpr double kNearlyBest = 0.93;

/// Peaks by band, each band's by time, so that pairs of one band are near each other.
class BandPeaks {
public:
    explicit BandPeaks(const std::vector<SpectralPeak>& peaks) {
        for (const SpectralPeak& peak : peaks) {
            bands_[std::min<std::size_t>(peak.band / kBandSteps, kNumBands - 1)].push_back(peak);
        }
        for (std::vector<SpectralPeak>& band : bands_) {
            std::sort(band.begin(), band.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
        }
    }

    /// Lags in frames at which many strong peaks come again, those with the most first.
    std::vector<std::uint32_t> likely_lags(std::uint32_t longest) const {
        std::vector<std::uint32_t> counts(longest + 2);
        for (const std::vector<SpectralPeak>& band : bands_) {
            for (auto first = band.begin(); first != band.end(); ++first) {
                for (auto second = first + 1; second != band.end(); ++second) {
                    const std::uint32_t lag = (second->time - first->time) / kTimeSteps;
                    if (lag > longest) {
                        break;
                    }
                    ++counts[lag];
                }
            }
        }
        std::vector<std::uint32_t> lags;
        for (std::uint32_t lag = kShortestLoopFrames; lag <= longest; ++lag) {
            lags.push_back(lag);
        }
        const auto support = [&](std::uint32_t lag) { return counts[lag - 1] + counts[lag] + counts[lag + 1]; };
        std::stable_sort(lags.begin(), lags.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return support(a) > support(b); });
        lags.resize(std::min(lags.size(), kNumLags));
        return lags;
    }

    /// Of the strong peaks that have a place one lag later, the share that are there again.
    double repeated_share(std::uint32_t lag_frames, std::uint32_t num_frames) const {
        const std::uint32_t lag = lag_frames * static_cast<std::uint32_t>(kTimeSteps);
        const std::uint32_t last = (num_frames - lag_frames) * static_cast<std::uint32_t>(kTimeSteps);
        std::size_t num_strong = 0;
        std::size_t num_again = 0;
        for (const std::vector<SpectralPeak>& band : bands_) {
            for (const SpectralPeak& peak : band) {
                if (peak.rank <= kStrongRanks && peak.time < last) {
                    ++num_strong;
                    num_again += has_near(peak.time + lag, peak.band) ? 1 : 0;
                }
            }
        }
        return num_strong == 0 ? 0 : static_cast<double>(num_again) / static_cast<double>(num_strong);
    }

private:
    bool has_near(std::uint32_t time, int band) const {
        const int low = std::max(0, (band - kNearSevenths) / static_cast<int>(kBandSteps));
        const int high =
            std::min(static_cast<int>(kNumBands) - 1, (band + kNearSevenths) / static_cast<int>(kBandSteps));
        for (int k = low; k <= high; ++k) {
            const std::vector<SpectralPeak>& peaks = bands_[static_cast<std::size_t>(k)];
            const std::uint32_t begin = time - std::min(time, kNearHalfFrames);
            for (auto near = std::lower_bound(peaks.begin(), peaks.end(), begin,
                                              [](const SpectralPeak&peak, std::uint32_t at) { return peak.time < at; });
                 near != peaks.end() && near->time <= time + kNearHalfFrames; ++near) {
                if (std::abs(near->band - band) <= kNearSevenths) {
                    return true;
                }
            }
        }
        return false;
    }

    std::array<std::vector<SpectralPeak>, kNumBands> bands_;
};

void find_silence(const Fingerprint& fingerprint, SoundShape& shape) {
    const auto seconds = [](std::uint32_t half_frames) { return half_frames / (kFrameRate_hz * kTimeSteps); };
    std::vector<std::uint32_t> times;
    for (const SpectralPeak& peak : fingerprint.peaks) {
        times.push_back(peak.time);
    }
    std::sort(times.begin(), times.end());
    if (times.empty()) {
        shape.silence_before_s = shape.duration_s;
        return;
    }
    shape.silence_before_s = seconds(times.front());
    shape.silence_after_s = std::max(0.0, shape.duration_s - seconds(times.back()));
    for (std::size_t k = 1; k < times.size(); ++k) {
        if (const double pause_s = seconds(times[k] - times[k - 1]); pause_s > shape.longest_pause_s) {
            shape.longest_pause_s = pause_s;
            shape.pause_start_s = seconds(times[k - 1]);
        }
    }
}

void find_loop(const Fingerprint& fingerprint, SoundShape& shape) {
    const std::uint32_t longest = std::min(kLongestLoopFrames, fingerprint.num_frames / 2);
    const BandPeaks peaks(fingerprint.peaks);
    std::vector<std::pair<std::uint32_t, double>> shares;
    for (const std::uint32_t lag : peaks.likely_lags(longest)) {
        shares.emplace_back(lag, peaks.repeated_share(lag, fingerprint.num_frames));
        shape.loop_share = std::max(shape.loop_share, shares.back().second);
    }
    std::sort(shares.begin(), shares.end());
    for (const auto& [lag, share] : shares) {
        if (share > 0 && share >= kNearlyBest * shape.loop_share) {
            shape.loop_s = lag / kFrameRate_hz;
            shape.loop_share = share;
            return;
        }
    }
}

} // namespace

SoundShape shape_of(const Fingerprint& fingerprint) {
    SoundShape shape;
    shape.duration_s = fingerprint.duration_s();
    find_silence(fingerprint, shape);
    find_loop(fingerprint, shape);
    return shape;
}

} // namespace wm
