#include <bit>
#include <cmath>

#define WM_INLINE_MEMBER inline // no vectors, no ABI: unlike the others, this file may leave inlining to the compiler
#include "kernels/targets.h"

/// The oracle: plain loops over eight floats. The build keeps the compiler from vectorizing this file.
namespace wm::scalar {
namespace {

struct Vec {
    float lane[8];
};

struct Int {
    int lane[8];
};

template <class Out, class In, class Op>
WM_INLINE Out each(const In& a, const In& b, Op op) {
    Out out;
    for (int i = 0; i < 8; ++i) {
        out.lane[i] = op(a.lane[i], b.lane[i]);
    }
    return out;
}

WM_INLINE Vec operator+(Vec a, Vec b) {
    return each<Vec>(a, b, [](float x, float y) { return x + y; });
}

WM_INLINE Vec operator-(Vec a, Vec b) {
    return each<Vec>(a, b, [](float x, float y) { return x - y; });
}

WM_INLINE Vec operator*(Vec a, Vec b) {
    return each<Vec>(a, b, [](float x, float y) { return x * y; });
}

WM_INLINE Vec operator/(Vec a, Vec b) {
    return each<Vec>(a, b, [](float x, float y) { return x / y; });
}

WM_INLINE Int operator+(Int a, Int b) {
    return each<Int>(a, b, [](int x, int y) { return x + y; });
}

WM_INLINE Int operator-(Int a, Int b) {
    return each<Int>(a, b, [](int x, int y) { return x - y; });
}

WM_INLINE Int operator&(Int a, Int b) {
    return each<Int>(a, b, [](int x, int y) { return x & y; });
}

WM_INLINE Int operator^(Int a, Int b) {
    return each<Int>(a, b, [](int x, int y) { return x ^ y; });
}

WM_INLINE Int operator>>(Int a, int count) {
    return each<Int>(a, a, [count](int x, int) { return x >> count; });
}

WM_INLINE Int operator<<(Int a, int count) {
    return each<Int>(a, a, [count](int x, int) { return x << count; });
}

WM_INLINE Vec load(const float* from) {
    Vec out;
    for (int i = 0; i < 8; ++i) {
        out.lane[i] = from[i];
    }
    return out;
}

WM_INLINE void store(float* to, Vec value) {
    for (int i = 0; i < 8; ++i) {
        to[i] = value.lane[i];
    }
}

WM_INLINE Int load(const int* from) {
    Int out;
    for (int i = 0; i < 8; ++i) {
        out.lane[i] = from[i];
    }
    return out;
}

WM_INLINE void store(int* to, Int value) {
    for (int i = 0; i < 8; ++i) {
        to[i] = value.lane[i];
    }
}

WM_INLINE Vec broadcast(float value) {
    return {{value, value, value, value, value, value, value, value}};
}

WM_INLINE Int broadcast(int value) {
    return {{value, value, value, value, value, value, value, value}};
}

WM_INLINE Vec as_float(Int bits) {
    return each<Vec>(bits, bits, [](int x, int) { return std::bit_cast<float>(x); });
}

WM_INLINE Int as_bits(Vec value) {
    return each<Int>(value, value, [](float x, float) { return std::bit_cast<int>(x); });
}

WM_INLINE Vec to_float(Int value) {
    return each<Vec>(value, value, [](int x, int) { return static_cast<float>(x); });
}

WM_INLINE Int truncate(Vec value) {
    return each<Int>(value, value, [](float x, float) { return static_cast<int>(x); });
}

WM_INLINE Vec square_root(Vec value) {
    return each<Vec>(value, value, [](float x, float) { return std::sqrt(x); });
}

/// Per lane: a > b ? a : b.
WM_INLINE Vec max(Vec a, Vec b) {
    return each<Vec>(a, b, [](float x, float y) { return x > y ? x : y; });
}

WM_INLINE Int max(Int a, Int b) {
    return each<Int>(a, b, [](int x, int y) { return x > y ? x : y; });
}

/// rows[i][j] <-> rows[j][i]
WM_INLINE void transpose(Vec (&rows)[8]) {
    for (int i = 0; i < 8; ++i) {
        for (int j = 0; j < i; ++j) {
            const float lower = rows[i].lane[j];
            rows[i].lane[j] = rows[j].lane[i];
            rows[j].lane[i] = lower;
        }
    }
}

/// even = a0 a2 a4 a6 b0 b2 b4 b6, odd = a1 a3 ...
WM_INLINE void unzip(Vec a, Vec b, Vec& even, Vec& odd) {
    for (int i = 0; i < 4; ++i) {
        even.lane[i] = a.lane[2 * i];
        even.lane[4 + i] = b.lane[2 * i];
        odd.lane[i] = a.lane[2 * i + 1];
        odd.lane[4 + i] = b.lane[2 * i + 1];
    }
}

/// low = a0 b0 a1 b1 a2 b2 a3 b3, high = a4 b4 ...
WM_INLINE void zip(Vec a, Vec b, Vec& low, Vec& high) {
    for (int i = 0; i < 4; ++i) {
        low.lane[2 * i] = a.lane[i];
        low.lane[2 * i + 1] = b.lane[i];
        high.lane[2 * i] = a.lane[4 + i];
        high.lane[2 * i + 1] = b.lane[4 + i];
    }
}

constexpr char kName[] = "scalar";

#include "kernels/generic/all.inl"

} // namespace

const Kernels& table() {
    return kTable;
}

} // namespace wm::scalar
