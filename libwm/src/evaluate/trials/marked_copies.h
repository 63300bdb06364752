#pragma once

/// The marked copies of an evaluation: each made once, by whoever asks for it first, and kept as a file.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "evaluate/systems/system.h"
#include "evaluate/trial.h"
#include "wm/audio.h"

namespace wm {

/// One recording marked by one system.
struct MarkedCopy {
    std::string path;
    std::string message; ///< hexadecimal digits
    TrialQuality quality;
    double embed_cpu_s = 0; ///< 0 when it was there from an earlier run
    std::string error;      ///< why there is none; empty when there is one
};

/// threads  any number
class MarkedCopies {
public:
    MarkedCopies(std::string folder, std::uint64_t seed, bool measure_quality)
        : folder_(std::move(folder)), seed_(seed), measure_quality_(measure_quality) {}

    /// `file_name` names the copy; `host` is what stands in `recording`.
    /// errors   kCancelled
    Result<MarkedCopy> get(WatermarkSystem& system, const std::string& file_name, const std::string& recording,
                           const Audio& host, const std::function<bool()>& goes_on);

private:
    struct Place {
        std::mutex mutex;
        bool is_made = false;
        MarkedCopy copy;
    };

    Place& place_of(const std::string& file_name);
    MarkedCopy make(WatermarkSystem& system, const std::string& file_name, const std::string& recording,
                    const Audio& host, const std::function<bool()>& goes_on) const;

    std::string folder_;
    std::uint64_t seed_;
    bool measure_quality_;
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<Place>> places_;
};

/// CPU seconds of this thread so far.
double thread_cpu_s();

} // namespace wm
