// Between interleaved pairs (two channels, or even and odd samples) and arrays of their own.

void split_pairs(const float* pairs, std::size_t count, float* first, float* second) {
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        Vec a;
        Vec b;
        unzip(load(pairs + 2 * k), load(pairs + 2 * k + 8), a, b);
        store(first + k, a);
        store(second + k, b);
    }
    for (; k < count; ++k) {
        first[k] = pairs[2 * k];
        second[k] = pairs[2 * k + 1];
    }
}

void split_integer_pairs(const std::int32_t* pairs, std::size_t count, float scale, float* first, float* second) {
    const Vec by = broadcast(scale);
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        Vec a;
        Vec b;
        unzip(to_float(load(pairs + 2 * k)) * by, to_float(load(pairs + 2 * k + 8)) * by, a, b);
        store(first + k, a);
        store(second + k, b);
    }
    for (; k < count; ++k) {
        first[k] = static_cast<float>(pairs[2 * k]) * scale;
        second[k] = static_cast<float>(pairs[2 * k + 1]) * scale;
    }
}

void join_pairs(const float* first, const float* second, std::size_t count, float* pairs) {
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        Vec low;
        Vec high;
        zip(load(first + k), load(second + k), low, high);
        store(pairs + 2 * k, low);
        store(pairs + 2 * k + 8, high);
    }
    for (; k < count; ++k) {
        pairs[2 * k] = first[k];
        pairs[2 * k + 1] = second[k];
    }
}

void add_scaled(const float* input, float factor, std::size_t count, float* sum) {
    const Vec by = broadcast(factor);
    std::size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        store(sum + k, load(sum + k) + load(input + k) * by);
    }
    for (; k < count; ++k) {
        sum[k] = sum[k] + input[k] * factor;
    }
}
