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

/// Eight outputs at a time, each the sum of eight partial sums; a transpose adds those up.
void polyphase_fir(const float* input, const float* taps, std::size_t num_taps, std::size_t up, std::size_t down,
                   std::size_t phase, std::size_t count, float* output) {
    const std::size_t whole_step = down / up;
    const std::size_t rest_step = down % up;
    for (std::size_t k = 0; k < count; k += 8) {
        Vec rows[8];
        for (std::size_t lane = 0; lane < 8; ++lane) {
            const float* weights = taps + phase * num_taps;
            Vec sum = load(weights) * load(input);
            for (std::size_t j = 8; j < num_taps; j += 8) {
                sum = sum + load(weights + j) * load(input + j);
            }
            rows[lane] = sum;
            phase += rest_step;
            input += whole_step + (phase >= up ? 1 : 0);
            phase -= phase >= up ? up : 0;
        }
        transpose(rows);
        store(output + k,
              ((rows[0] + rows[4]) + (rows[2] + rows[6])) + ((rows[1] + rows[5]) + (rows[3] + rows[7])));
    }
}

/// Eight outputs between neighbouring samples. The second phase is symmetric; the first and third are mirror images, e + d and
/// e - d, so that the larger magnitude of the two is |e| + |d|.
WM_INLINE Vec interpolated_block(const float* input, const float* taps, Vec highest) {
    Vec even = broadcast(0.0F);
    Vec odd = broadcast(0.0F);
    Vec middle = broadcast(0.0F);
    for (std::size_t j = 0; j < 6; ++j) {
        const Vec before = load(input + 5 - j);
        const Vec after = load(input + 6 + j);
        const Vec sum = before + after;
        even = even + broadcast(taps[j]) * sum;
        odd = odd + broadcast(taps[6 + j]) * (before - after);
        middle = middle + broadcast(taps[12 + j]) * sum;
    }
    return max(max(magnitude(even) + magnitude(odd), magnitude(middle)), highest);
}

float interpolated_peak(const float* input, const float* taps, std::size_t count) {
    Vec highest[2] = {broadcast(0.0F), broadcast(0.0F)};
    std::size_t k = 0;
    for (; k + 16 <= count; k += 16) {
        highest[0] = interpolated_block(input + k, taps, highest[0]);
        highest[1] = interpolated_block(input + k + 8, taps, highest[1]);
    }
    if (k < count) {
        highest[0] = interpolated_block(input + k, taps, highest[0]);
    }
    return largest(max(highest[0], highest[1]));
}
