#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "kernels/kernels.h"

namespace wm {
namespace {

/// What print_attack_bits says, after the kernels' name, in a process of its own with this environment.
std::string bits_with(const std::string& environment, const std::string& kernel) {
    const std::string command = environment + " WM_KERNEL=" + kernel + " '" WM_PRINT_ATTACK_BITS "'";
    FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    char buffer[256];
    while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) {
        output += buffer;
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    const std::string first = "kernel " + kernel + "\n";
    EXPECT_EQ(output.substr(0, first.size()), first) << "the kernel that was forced ran";
    return output.substr(std::min(first.size(), output.size()));
}

TEST(AttackBits, AreTheSameWithEveryKernelAndWithTheLibmOfAnOlderProcessor) {
    const std::string expected = bits_with("", "scalar");
    EXPECT_GT(expected.size(), 500U);
    EXPECT_EQ(expected.find(" 0000000000000000\n"), std::string::npos) << "an attack failed:\n" << expected;
    for (const char* kernel : {"baseline", "avx2"}) {
        if (kernels_named(kernel) != nullptr) {
            EXPECT_EQ(bits_with("", kernel), expected) << kernel;
        }
    }
    EXPECT_EQ(bits_with("GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA", "baseline"), expected);
}

} // namespace
} // namespace wm
