#include <cstdlib>

#include "kernels/kernels.h"
#include "kernels/targets.h"

namespace wm {
namespace {

bool processor_has_avx2() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

const Kernels& choose() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): only a program that changes its environment meanwhile could disturb it
    if (const char* forced = std::getenv("WM_KERNEL"); forced != nullptr && *forced != '\0') {
        const Kernels* named = kernels_named(forced);
        return named != nullptr ? *named : baseline::table();
    }
    const Kernels* fastest = kernels_named("avx2");
    return fastest != nullptr ? *fastest : baseline::table();
}

} // namespace

const Kernels& kernels() {
    static const Kernels& chosen = choose();
    return chosen;
}

const Kernels* kernels_named(std::string_view name) {
    if (name == "scalar") {
        return &scalar::table();
    }
    if (name == "baseline") {
        return &baseline::table();
    }
#if defined(__x86_64__)
    if (name == "avx2" && processor_has_avx2()) {
        return &avx2::table();
    }
#endif
    return nullptr;
}

} // namespace wm
