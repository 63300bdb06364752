// Elementary functions and maxima of plain arrays.

/// Applies `function` to eight elements at a time, the last few through a padded copy.
template <class Function>
WM_INLINE void map(const float* input, std::size_t count, float* output, Function function) {
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        store(output + k, function(load(input + k)));
    }
    if (k == count) {
        return;
    }
    float rest[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (std::size_t j = 0; k + j < count; ++j) {
        rest[j] = input[k + j];
    }
    store(rest, function(load(rest)));
    for (std::size_t j = 0; k + j < count; ++j) {
        output[k + j] = rest[j];
    }
}

/// x = 2^e * m with m in [sqrt(1/2), sqrt(2)); log2(m) = 2 / ln 2 * atanh(s), s = (m - 1) / (m + 1), |s| < 0.172: the series
/// to s^9 leaves out less than 1e-9 of the value.
struct Log2 {
    WM_INLINE_MEMBER Vec operator()(Vec x) const {
        const Vec smallest_normal = broadcast(1.17549435e-38F);
        const Int bits = as_bits(max(x, smallest_normal));
        const Int exponent = (bits - broadcast(0x3F3504F3)) >> 23;
        const Vec mantissa = as_float(bits - (exponent << 23));
        const Vec one = broadcast(1.0F);
        const Vec s = (mantissa - one) / (mantissa + one);
        const Vec square = s * s;
        const Vec series =
            broadcast(2.8853900818F) +
            square * (broadcast(0.9617966939F) +
                      square * (broadcast(0.5770780164F) +
                                square * (broadcast(0.4121985831F) + square * broadcast(0.3205988980F))));
        return to_float(exponent) + s * series;
    }
};

/// x = i + f with |f| <= 1/2; 2^f by its Taylor series in f ln 2 to the seventh power (the rest is below 6e-9).
struct Exp2 {
    WM_INLINE_MEMBER Vec operator()(Vec x) const {
        const Vec zero = broadcast(0.0F);
        const Vec clamped = zero - max(zero - max(x, broadcast(-126.0F)), broadcast(-127.0F));
        const Int whole = truncate(clamped + broadcast(128.5F)) - broadcast(128);
        const Vec f = clamped - to_float(whole);
        static const float kCoefficients[] = {1.5252734e-5F, 1.5403530e-4F, 1.3333558e-3F, 9.6181291e-3F,
                                              5.5504109e-2F, 0.24022651F,   0.69314718F,   1.0F};
        Vec power = broadcast(kCoefficients[0]);
        for (int k = 1; k < 8; ++k) {
            power = power * f + broadcast(kCoefficients[k]);
        }
        return power * as_float((whole + broadcast(127)) << 23);
    }
};

void log2(const float* input, std::size_t count, float* output) {
    map(input, count, output, Log2{});
}

void exp2(const float* input, std::size_t count, float* output) {
    map(input, count, output, Exp2{});
}

WM_INLINE Vec magnitude(Vec x) {
    return as_float(as_bits(x) & broadcast(0x7FFFFFFF));
}

WM_INLINE float largest(Vec x) {
    float lanes[8];
    store(lanes, x);
    float result = lanes[0];
    for (int lane = 1; lane < 8; ++lane) {
        result = lanes[lane] > result ? lanes[lane] : result;
    }
    return result;
}

WM_INLINE float sum_of_lanes(Vec value) {
    float lanes[8];
    store(lanes, value);
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

float peak(const float* input, std::size_t count) {
    Vec highest = broadcast(0.0F);
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        highest = max(magnitude(load(input + k)), highest);
    }
    float rest[8] = {};
    for (std::size_t j = 0; k + j < count; ++j) {
        rest[j] = input[k + j];
    }
    return largest(max(magnitude(load(rest)), highest));
}

/// A block's largest magnitude and sum of squares, per lane.
WM_INLINE void levels_of_lanes(const float* block, Vec& peak, Vec& energy) {
    Vec value = load(block);
    peak = magnitude(value);
    energy = value * value;
    for (std::size_t k = 8; k < kPeakBlock; k += 8) {
        value = load(block + k);
        peak = max(magnitude(value), peak);
        energy = energy + value * value;
    }
}

void block_levels(const float* input, std::size_t num_blocks, float* peaks, float* energies) {
    std::size_t b = 0;
    for (; b + 8 <= num_blocks; b += 8) {
        Vec peak[8];
        Vec energy[8];
        for (std::size_t j = 0; j < 8; ++j) {
            levels_of_lanes(input + (b + j) * kPeakBlock, peak[j], energy[j]);
        }
        transpose(peak);
        transpose(energy);
        Vec highest = peak[0];
        for (std::size_t j = 1; j < 8; ++j) {
            highest = max(peak[j], highest);
        }
        store(peaks + b, highest);
        store(energies + b, ((energy[0] + energy[1]) + (energy[2] + energy[3])) +
                                ((energy[4] + energy[5]) + (energy[6] + energy[7])));
    }
    for (; b < num_blocks; ++b) {
        Vec peak;
        Vec energy;
        levels_of_lanes(input + b * kPeakBlock, peak, energy);
        peaks[b] = largest(peak);
        energies[b] = sum_of_lanes(energy);
    }
}
