#include <cstdio>
#include <fstream>
#include <sstream>

#include "kernel_test.h"

namespace wm {
namespace {

/// What print_kernel_bits says in a process of its own where WM_KERNEL is `forced`.
std::string bits_of_process(const std::string& forced) {
    const std::string command = "WM_KERNEL='" + forced + "' '" WM_PRINT_KERNEL_BITS "'";
    FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    char buffer[256];
    while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) {
        output += buffer;
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    return output;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string golden_bits() {
    std::ifstream file(WM_GOLDEN_FILE);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Dispatch, RunsTheKernelThatTheEnvironmentForces) {
    for (const Kernels* kernel : runnable_kernels()) {
        EXPECT_EQ(first_line(bits_of_process(kernel->name)), std::string("kernel ") + kernel->name);
    }
}

TEST(Dispatch, RunsTheLastAndFastestKernelWhenNothingIsForced) {
    EXPECT_EQ(first_line(bits_of_process("")), std::string("kernel ") + runnable_kernels().back()->name);
}

TEST(Dispatch, FallsBackToBaselineForAnUnknownName) {
    EXPECT_EQ(first_line(bits_of_process("avx9000")), "kernel baseline");
    EXPECT_EQ(kernels_named("avx9000"), nullptr);
}

TEST(Dispatch, EachInstructionSetHasCodeOfItsOwn) {
    for (const Kernels* one : runnable_kernels()) {
        for (const Kernels* other : runnable_kernels()) {
            EXPECT_EQ(one == other, one->fft_forward == other->fft_forward) << one->name << ' ' << other->name;
        }
    }
}

/// The bits on this machine are those of the machine where tests/golden/kernels.txt was made.
TEST(GoldenKernels, EveryInstructionSetGivesTheGoldenBits) {
    const std::string golden = golden_bits();
    ASSERT_FALSE(golden.empty());
    for (const Kernels* kernel : runnable_kernels()) {
        EXPECT_EQ(bits_of_process(kernel->name), std::string("kernel ") + kernel->name + '\n' + golden);
    }
}

} // namespace
} // namespace wm
