#include "kernels/targets.h"

#if defined(__x86_64__)

WM_BEGIN_AVX2
namespace wm::avx2 {
namespace {

typedef float Vec __attribute__((vector_size(32)));
typedef int Int __attribute__((vector_size(32)));
typedef float UnalignedVec __attribute__((vector_size(32), aligned(4), may_alias));
typedef int UnalignedInt __attribute__((vector_size(32), aligned(4), may_alias));

WM_INLINE Vec load(const float* from) {
    return *reinterpret_cast<const UnalignedVec*>(from);
}

WM_INLINE void store(float* to, Vec value) {
    *reinterpret_cast<UnalignedVec*>(to) = value;
}

WM_INLINE Int load(const int* from) {
    return *reinterpret_cast<const UnalignedInt*>(from);
}

WM_INLINE void store(int* to, Int value) {
    *reinterpret_cast<UnalignedInt*>(to) = value;
}

WM_INLINE Vec broadcast(float value) {
    return Vec{value, value, value, value, value, value, value, value};
}

WM_INLINE Int broadcast(int value) {
    return Int{value, value, value, value, value, value, value, value};
}

WM_INLINE Vec as_float(Int bits) {
    return reinterpret_cast<Vec>(bits);
}

WM_INLINE Int as_bits(Vec value) {
    return reinterpret_cast<Int>(value);
}

WM_INLINE Vec to_float(Int value) {
    return __builtin_convertvector(value, Vec);
}

WM_INLINE Int truncate(Vec value) {
    return __builtin_convertvector(value, Int);
}

WM_INLINE Vec square_root(Vec value) {
    return __builtin_ia32_sqrtps256(value);
}

/// Per lane: a > b ? a : b.
WM_INLINE Vec max(Vec a, Vec b) {
    return a > b ? a : b;
}

WM_INLINE Int max(Int a, Int b) {
    return a > b ? a : b;
}

/// rows[i][j] <-> rows[j][i]
WM_INLINE void transpose(Vec (&rows)[8]) {
    Vec pairs[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    Vec quads[8];
    for (int i = 0; i < 8; i += 4) {
        quads[i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        quads[i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        quads[i + 2] = __builtin_shufflevector(pairs[i + 1], pairs[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        quads[i + 3] = __builtin_shufflevector(pairs[i + 1], pairs[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; ++i) {
        rows[i] = __builtin_shufflevector(quads[i], quads[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(quads[i], quads[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// even = a0 a2 a4 a6 b0 b2 b4 b6, odd = a1 a3 ...
WM_INLINE void unzip(Vec a, Vec b, Vec& even, Vec& odd) {
    even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
    odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
}

/// low = a0 b0 a1 b1 a2 b2 a3 b3, high = a4 b4 ...
WM_INLINE void zip(Vec a, Vec b, Vec& low, Vec& high) {
    low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    high = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

constexpr char kName[] = "avx2";

#include "kernels/generic/all.inl"

} // namespace

const Kernels& table() {
    return kTable;
}

} // namespace wm::avx2
WM_END_TARGET

#endif
