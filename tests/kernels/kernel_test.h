#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/kernels.h"
#include "signals.h"

namespace wm {

/// The kernels that this processor runs; "scalar" is the oracle of the others.
inline std::vector<const Kernels*> runnable_kernels() {
    std::vector<const Kernels*> found;
    for (const char* name : {"scalar", "baseline", "avx2"}) {
        if (const Kernels* named = kernels_named(name); named != nullptr) {
            found.push_back(named);
        }
    }
    return found;
}

/// Each test of this fixture runs once for every kernel that the processor has.
class EachKernel : public testing::TestWithParam<const Kernels*> {
protected:
    const Kernels& kernel() const { return *GetParam(); }
    static const Kernels& oracle() { return *kernels_named("scalar"); }
};

inline std::string kernel_name(const testing::TestParamInfo<const Kernels*>& info) {
    return info.param->name;
}

} // namespace wm
