// FIR filters over one channel, eight neighbouring outputs in a vector, several vectors at a time to hide the latency
// of the additions.

template <std::size_t kVectors>
WM_INLINE void symmetric_fir_block(const float* input, const float* taps, std::size_t num_taps, float* output) {
    Vec sums[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) {
        sums[v] = broadcast(0.0F);
    }
    for (std::size_t j = 0; j < num_taps; ++j) {
        const Vec tap = broadcast(taps[j]);
        for (std::size_t v = 0; v < kVectors; ++v) {
            const float* center = input + 8 * v + num_taps;
            sums[v] = sums[v] + tap * (load(center - 1 - j) + load(center + j));
        }
    }
    for (std::size_t v = 0; v < kVectors; ++v) {
        store(output + 8 * v, sums[v]);
    }
}

void symmetric_fir(const float* input, const float* taps, std::size_t num_taps, std::size_t count, float* output) {
    std::size_t k = 0;
    for (; k + 32 <= count; k += 32) {
        symmetric_fir_block<4>(input + k, taps, num_taps, output + k);
    }
    for (; k + 8 <= count; k += 8) {
        symmetric_fir_block<1>(input + k, taps, num_taps, output + k);
    }
    for (; k < count; ++k) {
        float sum = 0.0F;
        for (std::size_t j = 0; j < num_taps; ++j) {
            sum = sum + taps[j] * (input[k + num_taps - 1 - j] + input[k + num_taps + j]);
        }
        output[k] = sum;
    }
}

constexpr std::size_t kTruePeakTaps = 12;
constexpr std::size_t kTruePeakPhases = 3;

/// The larger of `highest` and the magnitudes of all phases after eight neighbouring samples.
WM_INLINE Vec interpolated_block(const float* input, const float* taps, Vec highest) {
    Vec sums[kTruePeakPhases] = {broadcast(0.0F), broadcast(0.0F), broadcast(0.0F)};
    for (std::size_t j = 0; j < kTruePeakTaps; ++j) {
        const Vec samples = load(input + j);
        for (std::size_t phase = 0; phase < kTruePeakPhases; ++phase) {
            sums[phase] = sums[phase] + broadcast(taps[phase * kTruePeakTaps + j]) * samples;
        }
    }
    for (const Vec& sum : sums) {
        highest = max(magnitude(sum), highest);
    }
    return highest;
}

float interpolated_peak(const float* input, const float* taps, std::size_t count) {
    Vec highest = broadcast(0.0F);
    for (std::size_t k = 0; k + 8 <= count; k += 8) {
        highest = interpolated_block(input + k, taps, highest);
    }
    return largest(highest);
}
