#pragma once

/// host + residual, at the depth of the output.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "audio/audio_file.h"
#include "audio/container_layout.h"
#include "audio/dither.h"

namespace wm {

/// Integers of up to 24 bits get TPDF dither where the residual is not zero; where it is zero the host's bits stay. Hosts that
/// the output cannot hold exactly (floats, or more bits) are dithered wherever they fall between two steps.
///
/// cost  about 3 cycles a sample
class SampleMixer {
public:
    SampleMixer(const AudioSpec& source, const PcmFormat& output);

    /// For integer outputs: samples [first, first + count) of every channel, interleaved and left-justified, into `out`.
    void mix_integers(const AudioBlock& host, const float* const* residual, std::size_t first, std::size_t count,
                      std::int32_t* out);

    /// For float outputs (the host is real): the same as doubles. Nothing is clipped.
    void mix_reals(const AudioBlock& host, const float* const* residual, std::size_t first, std::size_t count,
                   double* out);

    /// Samples cut at full scale so far, but for those that the host had there and that the residual only would have moved on.
    std::uint64_t num_clipped() const { return num_clipped_; }

private:
    void interleave(const float* const* residual, int num_channels, std::size_t first, std::size_t count);
    void add_dithered(const std::int32_t* host, std::size_t count, std::int32_t* out);
    void add_exact(const std::int32_t* host, std::size_t count, std::int32_t* out);
    template <class Sample>
    void requantise(const Sample* host, double host_scale, std::size_t count, std::int32_t* out);

    int bits_;
    bool host_fits_;
    DitherNoise noise_;
    std::vector<float> residual_; ///< interleaved
    std::uint64_t num_clipped_ = 0;
};

} // namespace wm
