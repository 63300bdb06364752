// Work on bins. With z = FFT(a + i b) of real a, b: A[k] = (z[k] + conj z[n-k]) / 2 and B[k] = (z[k] - conj z[n-k]) /
// 2i.

WM_INLINE Vec squared_magnitude(Complex z) {
    return z.re * z.re + z.im * z.im;
}

void power_add(const ComplexLanes* z, std::size_t count, RealLanes* power) {
    for (std::size_t k = 0; k < count; ++k) {
        store(power[k].value, load(power[k].value) + squared_magnitude(load(z[k])));
    }
}

void packed_power(const ComplexLanes* z, std::size_t size, RealLanes* power) {
    const Vec half = broadcast(0.5F);
    store(power[0].value, squared_magnitude(load(z[0])));
    for (std::size_t k = 1; k <= size / 2; ++k) {
        store(power[k].value, (squared_magnitude(load(z[k])) + squared_magnitude(load(z[size - k]))) * half);
    }
}

void unpack(const ComplexLanes* z, std::size_t size, ComplexLanes* a, ComplexLanes* b) {
    const Vec half = broadcast(0.5F);
    for (std::size_t k = 0; k <= size / 2; ++k) {
        const Complex positive = load(z[k]);
        const Complex negative = load(z[k == 0 ? 0 : size - k]);
        store(a[k], {(positive.re + negative.re) * half, (positive.im - negative.im) * half});
        store(b[k], {(positive.im + negative.im) * half, (negative.re - positive.re) * half});
    }
}

void unpacked_power(const ComplexLanes* z, std::size_t size, std::size_t first, std::size_t count, RealLanes* a,
                    RealLanes* b) {
    const Vec quarter = broadcast(0.25F);
    for (std::size_t k = 0; k < count; ++k) {
        const Complex positive = load(z[first + k]);
        const Complex negative = load(z[size - first - k]);
        const Complex sum = {positive.re + negative.re, positive.im - negative.im};
        const Complex difference = {positive.im + negative.im, negative.re - positive.re};
        store(a[k].value, squared_magnitude(sum) * quarter);
        store(b[k].value, squared_magnitude(difference) * quarter);
    }
}

void pack(const ComplexLanes* a, const ComplexLanes* b, std::size_t size, ComplexLanes* z) {
    for (std::size_t k = 0; k <= size / 2; ++k) {
        const Complex left = load(a[k]);
        const Complex right = load(b[k]);
        store(z[k == 0 ? 0 : size - k], {left.re + right.im, right.re - left.im});
        store(z[k], {left.re - right.im, left.im + right.re});
    }
}

void packed_scale(const RealLanes* gains, std::size_t size, ComplexLanes* z) {
    for (std::size_t k = 0; k <= size / 2; ++k) {
        const Vec gain = load(gains[k].value);
        const Complex positive = load(z[k]);
        store(z[k], {positive.re * gain, positive.im * gain});
        if (k != 0 && k != size / 2) {
            const Complex negative = load(z[size - k]);
            store(z[size - k], {negative.re * gain, negative.im * gain});
        }
    }
}
