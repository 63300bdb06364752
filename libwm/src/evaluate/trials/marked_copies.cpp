#include "evaluate/trials/marked_copies.h"

#include <cmath>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>

#include "base/random_stream.h"
#include "wm/quality.h"

namespace wm {
namespace {

namespace fs = std::filesystem;

/// num_bits of a message that depends on the seed and the recording alone, as hexadecimal digits.
std::string message_of(std::uint64_t seed, const std::string& recording, int num_bits) {
    RandomStream random(derived_seed(seed, "message of " + recording));
    std::string digits;
    while (digits.size() < static_cast<std::size_t>(num_bits / 4)) {
        digits += fmt::format("{:016x}", random.word());
    }
    return digits.substr(0, static_cast<std::size_t>(num_bits / 4));
}

std::optional<double> if_finite(double value) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

TrialQuality quality_of(const Audio& host, const Audio& marked) {
    QualityOptions options;
    options.loudness = false;
    TrialQuality quality;
    if (const Result<QualityReport> report = measure_quality(host, marked, options)) {
        quality.snr_db = if_finite(report->snr_db);
        if (report->peaq) {
            quality.odg = report->peaq->odg;
            quality.distortion_index = if_finite(report->peaq->distortion_index);
            quality.nmr_db = if_finite(report->peaq->variables.total_nmr_db);
        }
    }
    return quality;
}

} // namespace

double thread_cpu_s() {
    struct timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

MarkedCopies::Place& MarkedCopies::place_of(const std::string& file_name) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Place>& place = places_[file_name];
    if (place == nullptr) {
        place = std::make_unique<Place>();
    }
    return *place;
}

Result<MarkedCopy> MarkedCopies::get(WatermarkSystem& system, const std::string& file_name,
                                     const std::string& recording, const Audio& host,
                                     const std::function<bool()>& goes_on) {
    Place& place = place_of(file_name);
    const std::lock_guard lock(place.mutex);
    if (place.is_made) {
        MarkedCopy copy = place.copy;
        copy.embed_cpu_s = 0; // counted once
        return copy;
    }
    MarkedCopy copy = make(system, file_name, recording, host, goes_on);
    if (goes_on && !goes_on()) {
        return fail(ErrorCode::kCancelled, "stopped before the evaluation was complete");
    }
    place.copy = copy;
    place.is_made = true;
    return copy;
}

MarkedCopy MarkedCopies::make(WatermarkSystem& system, const std::string& file_name, const std::string& recording,
                              const Audio& host, const std::function<bool()>& goes_on) const {
    MarkedCopy copy;
    copy.path = (fs::path(folder_) / (file_name + ".wav")).string();
    copy.message = message_of(seed_, recording, system.num_bits());
    const std::string original = (fs::path(folder_) / (file_name + ".original.wav")).string();
    const std::string growing = (fs::path(folder_) / (file_name + ".part.wav")).string();
    std::error_code failure;
    if (!fs::exists(copy.path, failure)) {
        const double start_s = thread_cpu_s();
        const Result<double> embedded = write_audio(host, original).and_then([&](double) {
            return system.embed(original, growing, copy.message, goes_on);
        });
        fs::remove(original, failure);
        if (!embedded) {
            fs::remove(growing, failure);
            copy.error = embedded.error().message;
            return copy;
        }
        copy.embed_cpu_s = thread_cpu_s() - start_s + *embedded;
        fs::rename(growing, copy.path, failure); // whole or not there, for a run that takes this one up
        if (failure) {
            copy.error = fmt::format("embed left no recording in {{out}}: {}", failure.message());
            return copy;
        }
    }
    if (measure_quality_) {
        if (const Result<Audio> marked = read_audio(copy.path)) {
            copy.quality = quality_of(host, *marked);
        }
    }
    return copy;
}

} // namespace wm
