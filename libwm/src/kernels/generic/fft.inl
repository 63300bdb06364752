// Decimation in time over eight lanes, depth first: a sub-transform of 256 points is finished within the first-level
// cache before the next one starts. Radix 4, with leaves of 4 or 8 points that read the input in digit-reversed order.

struct Complex {
    Vec re;
    Vec im;
};

WM_INLINE Complex operator+(Complex a, Complex b) {
    return {a.re + b.re, a.im + b.im};
}

WM_INLINE Complex operator-(Complex a, Complex b) {
    return {a.re - b.re, a.im - b.im};
}

WM_INLINE Complex load(const ComplexLanes& from) {
    return {load(from.re), load(from.im)};
}

WM_INLINE void store(ComplexLanes& to, Complex value) {
    store(to.re, value.re);
    store(to.im, value.im);
}

enum class Direction { kForward, kInverse };

/// a * w forward, a * conj(w) inverse.
template <Direction kDirection>
WM_INLINE Complex twist(Complex a, const float* w) {
    const Vec cos = broadcast(w[0]);
    const Vec sin = broadcast(w[1]);
    if constexpr (kDirection == Direction::kForward) {
        return {a.re * cos - a.im * sin, a.im * cos + a.re * sin};
    } else {
        return {a.re * cos + a.im * sin, a.im * cos - a.re * sin};
    }
}

/// -i * a forward, +i * a inverse, added to and subtracted from `base`.
template <Direction kDirection>
WM_INLINE void add_quarter_turn(Complex base, Complex a, Complex& sum, Complex& difference) {
    const Complex minus_i = {base.re + a.im, base.im - a.re};
    const Complex plus_i = {base.re - a.im, base.im + a.re};
    sum = kDirection == Direction::kForward ? minus_i : plus_i;
    difference = kDirection == Direction::kForward ? plus_i : minus_i;
}

template <Direction kDirection>
WM_INLINE void butterfly4(Complex& a, Complex& b, Complex& c, Complex& d) {
    const Complex even_sum = a + c;
    const Complex even_difference = a - c;
    const Complex odd_sum = b + d;
    const Complex odd_difference = b - d;
    a = even_sum + odd_sum;
    c = even_sum - odd_sum;
    add_quarter_turn<kDirection>(even_difference, odd_difference, b, d);
}

template <Direction kDirection>
WM_INLINE void leaf4(const ComplexLanes* input, std::size_t stride, ComplexLanes* output, std::size_t output_stride) {
    Complex a = load(input[0]);
    Complex b = load(input[stride]);
    Complex c = load(input[2 * stride]);
    Complex d = load(input[3 * stride]);
    butterfly4<kDirection>(a, b, c, d);
    store(output[0], a);
    store(output[output_stride], b);
    store(output[2 * output_stride], c);
    store(output[3 * output_stride], d);
}

/// Eight points as two fours (even and odd) and a radix-2 level whose twiddles are multiples of an eighth turn.
template <Direction kDirection>
WM_INLINE void leaf8(const ComplexLanes* input, std::size_t stride, ComplexLanes* output) {
    leaf4<kDirection>(input, 2 * stride, output, 1);
    leaf4<kDirection>(input + stride, 2 * stride, output + 4, 1);
    static const float kEighths[4][2] = {{1, 0}, {0.70710678F, -0.70710678F}, {0, -1}, {-0.70710678F, -0.70710678F}};
    for (std::size_t k = 0; k < 4; ++k) {
        const Complex even = load(output[k]);
        const Complex odd = twist<kDirection>(load(output[k + 4]), kEighths[k]);
        store(output[k], even + odd);
        store(output[k + 4], even - odd);
    }
}

/// Joins four transforms of size / 4, one after the other in `z`, into one of `size`.
template <Direction kDirection>
WM_INLINE void join4(ComplexLanes* z, std::size_t size, const float* twiddles) {
    const std::size_t quarter = size / 4;
    leaf4<kDirection>(z, quarter, z, quarter); // the first twiddles are 1
    for (std::size_t k = 1; k < quarter; ++k) {
        const float* w = twiddles + 6 * k;
        Complex a = load(z[k]);
        Complex b = twist<kDirection>(load(z[k + quarter]), w);
        Complex c = twist<kDirection>(load(z[k + 2 * quarter]), w + 2);
        Complex d = twist<kDirection>(load(z[k + 3 * quarter]), w + 4);
        butterfly4<kDirection>(a, b, c, d);
        store(z[k], a);
        store(z[k + quarter], b);
        store(z[k + 2 * quarter], c);
        store(z[k + 3 * quarter], d);
    }
}

template <Direction kDirection>
void transform(const float* const* twiddles, std::size_t num_levels, const ComplexLanes* input, std::size_t stride,
               ComplexLanes* output, std::size_t size) {
    if (size == 4) {
        leaf4<kDirection>(input, stride, output, 1);
    } else if (size == 8) {
        leaf8<kDirection>(input, stride, output);
    } else {
        const std::size_t quarter = size / 4;
        for (std::size_t part = 0; part < 4; ++part) {
            transform<kDirection>(twiddles, num_levels - 1, input + part * stride, 4 * stride, output + part * quarter,
                                  quarter);
        }
        join4<kDirection>(output, size, twiddles[num_levels - 1]);
    }
}

template <Direction kDirection>
void fft(const FftPlan& plan, const ComplexLanes* input, ComplexLanes* output) {
    transform<kDirection>(plan.twiddles, plan.num_levels, input, 1, output, plan.size);
}
