// Dither noise, and its sum with a residual and a host of integers.

WM_INLINE Int next_word(Int word) {
    word = word ^ (word << 13);
    word = word ^ ((word >> 17) & broadcast(0x7FFF));
    return word ^ (word << 5);
}

WM_INLINE Vec difference_of_halves(Int word) {
    const Int low_half = broadcast(0xFFFF);
    return to_float(((word >> 16) & low_half) - (word & low_half)) * broadcast(0x1p-16F);
}

/// Two sets of eight generators hide each other's latency.
void tpdf_noise(std::int32_t* states, std::size_t count, float* noise) {
    Int first = load(states);
    Int second = load(states + 8);
    for (std::size_t k = 0; k < count; k += 16) {
        first = next_word(first);
        second = next_word(second);
        store(noise + k, difference_of_halves(first));
        store(noise + k + 8, difference_of_halves(second));
    }
    store(states, first);
    store(states + 8, second);
}

/// What add_dithered needs of a depth.
struct DitherStep {
    int shift;   ///< from left-justified to steps
    float scale; ///< steps at full scale
    int high;    ///< the largest integer
};

/// Eight samples; takes 1 from each lane of `minus_cut` that was cut, and was not at full scale before.
WM_INLINE Int add_dithered_block(Int host, Vec residual, Vec noise, DitherStep step, Int& minus_cut) {
    const Int zero = broadcast(0);
    const Int is_marked = (zero - (as_bits(residual) & broadcast(0x7FFFFFFF))) >> 31;
    const Vec none = broadcast(0.0F);
    const Vec low = broadcast(-2.0F);
    const Vec bounded = none - max(none - max(residual, low), low); // by negation, which loses no bit of small residuals
    const Vec wanted = bounded * broadcast(step.scale) + noise;
    const Int signed_half = (as_bits(wanted) & broadcast(-0x7FFFFFFF - 1)) + as_bits(broadcast(0.5F));
    const Int whole = host >> step.shift;
    const Int sum = whole + (truncate(wanted + as_float(signed_half)) & is_marked);
    const Int high = broadcast(step.high);
    const Int cut = high - max(high - max(sum, broadcast(-1 - step.high)), zero);
    const Int excess = sum - cut;
    const Int change = cut - whole; // 0 where the host stood at full scale already
    const Int is_cut = (zero - max(excess, zero - excess)) >> 31;
    minus_cut = minus_cut + (is_cut & ((zero - max(change, zero - change)) >> 31));
    return (cut << step.shift) + (host & broadcast((1 << step.shift) - 1));
}

std::size_t add_dithered(const std::int32_t* host, const float* residual, const float* noise, std::size_t count, int bits,
                         std::int32_t* out) {
    const int half_range = 1 << (bits - 1);
    const DitherStep step = {32 - bits, static_cast<float>(half_range), half_range - 1};
    Int minus_cut = broadcast(0);
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        store(out + k, add_dithered_block(load(host + k), load(residual + k), load(noise + k), step, minus_cut));
    }
    std::int32_t last_host[8] = {};
    float last_residual[8] = {};
    float last_noise[8] = {};
    for (std::size_t j = 0; k + j < count; ++j) {
        last_host[j] = host[k + j];
        last_residual[j] = residual[k + j];
        last_noise[j] = noise[k + j];
    }
    store(last_host, add_dithered_block(load(last_host), load(last_residual), load(last_noise), step, minus_cut));
    for (std::size_t j = 0; k + j < count; ++j) {
        out[k + j] = last_host[j];
    }
    std::int32_t lanes[8];
    store(lanes, minus_cut);
    std::size_t num_cut = 0;
    for (const std::int32_t lane : lanes) {
        num_cut += static_cast<std::size_t>(-lane);
    }
    return num_cut;
}
