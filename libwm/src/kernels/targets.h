#pragma once

/// The instruction sets that are built. Each source file of that name compiles generic/*.inl over its own vector type.

#include "kernels/kernels.h"

namespace wm {

namespace scalar {
const Kernels& table();
}
namespace baseline {
const Kernels& table();
}
#if defined(__x86_64__)
namespace avx2 {
const Kernels& table();
}
#endif

} // namespace wm

/// Inside a target region everything must be inlined: a vector passed by value has another ABI outside it.
#ifndef WM_INLINE_MEMBER
#define WM_INLINE_MEMBER inline __attribute__((always_inline))
#endif
#define WM_INLINE static WM_INLINE_MEMBER

/// WM_BEGIN_AVX2 ... WM_END_TARGET: functions between them may use AVX2 (not FMA: contraction would change results).
/// Standard headers must be included before, or their inline functions would be compiled for AVX2 for the whole program.
#if defined(__clang__)
#define WM_BEGIN_AVX2 _Pragma("clang attribute push(__attribute__((target(\"avx2\"))), apply_to = function)")
#define WM_END_TARGET _Pragma("clang attribute pop")
#else
#define WM_BEGIN_AVX2 _Pragma("GCC push_options") _Pragma("GCC target(\"avx2\")")
#define WM_END_TARGET _Pragma("GCC pop_options")
#endif
