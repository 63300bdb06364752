#include "kernels/targets.h"

namespace wm::baseline {
namespace {

typedef float Vec4 __attribute__((vector_size(16)));
typedef int Int4 __attribute__((vector_size(16)));
typedef float UnalignedVec4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int UnalignedInt4 __attribute__((vector_size(16), aligned(4), may_alias));

/// Eight lanes in two registers: one 32-byte vector on SSE2 is torn apart through memory by the compiler.
struct Vec {
    Vec4 lo;
    Vec4 hi;
};

struct Int {
    Int4 lo;
    Int4 hi;
};

WM_INLINE Vec operator+(Vec a, Vec b) {
    return {a.lo + b.lo, a.hi + b.hi};
}

WM_INLINE Vec operator-(Vec a, Vec b) {
    return {a.lo - b.lo, a.hi - b.hi};
}

WM_INLINE Vec operator*(Vec a, Vec b) {
    return {a.lo * b.lo, a.hi * b.hi};
}

WM_INLINE Vec operator/(Vec a, Vec b) {
    return {a.lo / b.lo, a.hi / b.hi};
}

WM_INLINE Int operator+(Int a, Int b) {
    return {a.lo + b.lo, a.hi + b.hi};
}

WM_INLINE Int operator-(Int a, Int b) {
    return {a.lo - b.lo, a.hi - b.hi};
}

WM_INLINE Int operator&(Int a, Int b) {
    return {a.lo & b.lo, a.hi & b.hi};
}

WM_INLINE Int operator^(Int a, Int b) {
    return {a.lo ^ b.lo, a.hi ^ b.hi};
}

WM_INLINE Int operator>>(Int a, int count) {
    return {a.lo >> count, a.hi >> count};
}

WM_INLINE Int operator<<(Int a, int count) {
    return {a.lo << count, a.hi << count};
}

WM_INLINE Vec load(const float* from) {
    return {*reinterpret_cast<const UnalignedVec4*>(from), *reinterpret_cast<const UnalignedVec4*>(from + 4)};
}

WM_INLINE void store(float* to, Vec value) {
    *reinterpret_cast<UnalignedVec4*>(to) = value.lo;
    *reinterpret_cast<UnalignedVec4*>(to + 4) = value.hi;
}

WM_INLINE Int load(const int* from) {
    return {*reinterpret_cast<const UnalignedInt4*>(from), *reinterpret_cast<const UnalignedInt4*>(from + 4)};
}

WM_INLINE void store(int* to, Int value) {
    *reinterpret_cast<UnalignedInt4*>(to) = value.lo;
    *reinterpret_cast<UnalignedInt4*>(to + 4) = value.hi;
}

WM_INLINE Vec broadcast(float value) {
    const Vec4 half = {value, value, value, value};
    return {half, half};
}

WM_INLINE Int broadcast(int value) {
    const Int4 half = {value, value, value, value};
    return {half, half};
}

WM_INLINE Vec as_float(Int bits) {
    return {reinterpret_cast<Vec4>(bits.lo), reinterpret_cast<Vec4>(bits.hi)};
}

WM_INLINE Int as_bits(Vec value) {
    return {reinterpret_cast<Int4>(value.lo), reinterpret_cast<Int4>(value.hi)};
}

WM_INLINE Vec to_float(Int value) {
    return {__builtin_convertvector(value.lo, Vec4), __builtin_convertvector(value.hi, Vec4)};
}

WM_INLINE Int truncate(Vec value) {
    return {__builtin_convertvector(value.lo, Int4), __builtin_convertvector(value.hi, Int4)};
}

#if defined(__x86_64__)
WM_INLINE Vec4 square_root(Vec4 value) {
    return __builtin_ia32_sqrtps(value);
}
#else
WM_INLINE Vec4 square_root(Vec4 value) {
    return Vec4{__builtin_sqrtf(value[0]), __builtin_sqrtf(value[1]), __builtin_sqrtf(value[2]),
                __builtin_sqrtf(value[3])};
}
#endif

WM_INLINE Vec square_root(Vec value) {
    return {square_root(value.lo), square_root(value.hi)};
}

/// Per lane: a > b ? a : b.
WM_INLINE Vec max(Vec a, Vec b) {
    return {a.lo > b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

WM_INLINE Int max(Int a, Int b) {
    return {a.lo > b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

WM_INLINE void transpose4(Vec4& a, Vec4& b, Vec4& c, Vec4& d) {
    const Vec4 ab_lo = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const Vec4 ab_hi = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const Vec4 cd_lo = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Vec4 cd_hi = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    a = __builtin_shufflevector(ab_lo, cd_lo, 0, 1, 4, 5);
    b = __builtin_shufflevector(ab_lo, cd_lo, 2, 3, 6, 7);
    c = __builtin_shufflevector(ab_hi, cd_hi, 0, 1, 4, 5);
    d = __builtin_shufflevector(ab_hi, cd_hi, 2, 3, 6, 7);
}

/// rows[i][j] <-> rows[j][i]
WM_INLINE void transpose(Vec (&rows)[8]) {
    transpose4(rows[0].lo, rows[1].lo, rows[2].lo, rows[3].lo);
    transpose4(rows[0].hi, rows[1].hi, rows[2].hi, rows[3].hi);
    transpose4(rows[4].lo, rows[5].lo, rows[6].lo, rows[7].lo);
    transpose4(rows[4].hi, rows[5].hi, rows[6].hi, rows[7].hi);
    for (int i = 0; i < 4; ++i) {
        const Vec4 upper_right = rows[i].hi;
        rows[i].hi = rows[i + 4].lo;
        rows[i + 4].lo = upper_right;
    }
}

/// even = a0 a2 a4 a6 b0 b2 b4 b6, odd = a1 a3 ...
WM_INLINE void unzip(Vec a, Vec b, Vec& even, Vec& odd) {
    even = {__builtin_shufflevector(a.lo, a.hi, 0, 2, 4, 6), __builtin_shufflevector(b.lo, b.hi, 0, 2, 4, 6)};
    odd = {__builtin_shufflevector(a.lo, a.hi, 1, 3, 5, 7), __builtin_shufflevector(b.lo, b.hi, 1, 3, 5, 7)};
}

/// low = a0 b0 a1 b1 a2 b2 a3 b3, high = a4 b4 ...
WM_INLINE void zip(Vec a, Vec b, Vec& low, Vec& high) {
    low = {__builtin_shufflevector(a.lo, b.lo, 0, 4, 1, 5), __builtin_shufflevector(a.lo, b.lo, 2, 6, 3, 7)};
    high = {__builtin_shufflevector(a.hi, b.hi, 0, 4, 1, 5), __builtin_shufflevector(a.hi, b.hi, 2, 6, 3, 7)};
}

constexpr char kName[] = "baseline";

#include "kernels/generic/all.inl"

} // namespace

const Kernels& table() {
    return kTable;
}

} // namespace wm::baseline
