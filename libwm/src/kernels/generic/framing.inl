// Between planar audio (one frame after the other in time) and lanes (eight frames side by side): 8 x 8 transposes.

/// Vec j of `rows` becomes element start + j of eight sequences, windowed.
WM_INLINE void gather_block(const float* const* sequences, const float* window, std::size_t start, Vec (&rows)[8]) {
    const Vec weights = load(window + start);
    for (std::size_t lane = 0; lane < 8; ++lane) {
        rows[lane] = load(sequences[lane] + start) * weights;
    }
    transpose(rows);
}

void gather(const float* const* re, const float* const* im, const float* window, std::size_t size,
            ComplexLanes* output) {
    Vec rows[8];
    for (std::size_t start = 0; start < size; start += 8) {
        gather_block(re, window, start, rows);
        for (std::size_t j = 0; j < 8; ++j) {
            store(output[start + j].re, rows[j]);
        }
        if (im != nullptr) {
            gather_block(im, window, start, rows);
        }
        for (std::size_t j = 0; j < 8; ++j) {
            store(output[start + j].im, im != nullptr ? rows[j] : broadcast(0.0F));
        }
    }
}

WM_INLINE void scatter_block(Vec (&rows)[8], const float* window, std::size_t start, float* const* sequences) {
    transpose(rows);
    const Vec weights = load(window + start);
    for (std::size_t lane = 0; lane < 8; ++lane) {
        float* to = sequences[lane] + start;
        store(to, load(to) + rows[lane] * weights);
    }
}

void scatter_add(const ComplexLanes* input, const float* window, std::size_t size, float* const* re, float* const* im) {
    Vec rows[8];
    for (std::size_t start = 0; start < size; start += 8) {
        for (std::size_t j = 0; j < 8; ++j) {
            rows[j] = load(input[start + j].re);
        }
        scatter_block(rows, window, start, re);
        if (im == nullptr) {
            continue;
        }
        for (std::size_t j = 0; j < 8; ++j) {
            rows[j] = load(input[start + j].im);
        }
        scatter_block(rows, window, start, im);
    }
}
