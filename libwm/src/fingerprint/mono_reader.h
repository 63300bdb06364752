#pragma once

#include <vector>

#include "audio/audio_file.h"
#include "audio/audio_hash.h"
#include "fingerprint/mono_resampler.h"

namespace wm {

/// Reads a recording as the mean of its channels at kFingerprintRate_hz.
/// threads  one at a time
class MonoReader {
public:
    /// `hasher`, if given, gets the recording as it was decoded.
    explicit MonoReader(AudioReader& reader, AudioHasher* hasher = nullptr);

    /// Reads on. returns  the number of new samples, in samples(); 0 only at the end
    /// errors   kIo, kFormat
    Result<std::size_t> read();

    /// What the last read() brought.
    const float* samples() const { return samples_.data(); }

    /// The share of the recording read so far; 0 when its length is not known.
    double share_done() const;

private:
    AudioReader& reader_;
    AudioHasher* hasher_;
    MonoResampler resampler_;
    AudioBlock block_;
    std::vector<std::vector<float>> channels_;
    std::vector<float> samples_;
    std::int64_t position_ = 0;
    bool at_end_ = false;
};

} // namespace wm
