/// Prints the name of the kernels that this process chose, and a hash of the bits that each kernel gives for fixed input.

#include <cstdio>
#include <string>

#include "analysis/window.h"
#include "kernels/fft_tables.h"
#include "signals.h"

namespace wm {
namespace {

constexpr std::size_t kCount = 1003;

void print_hash(const char* what, const void* values, std::size_t num_bytes) {
    std::uint64_t hash = 0xCBF29CE484222325U; // FNV-1a
    for (std::size_t k = 0; k < num_bytes; ++k) {
        hash = (hash ^ static_cast<const unsigned char*>(values)[k]) * 0x100000001B3U;
    }
    std::printf("%s %016llx\n", what, static_cast<unsigned long long>(hash));
}

template <class T>
void print_hash(const char* what, const std::vector<T>& values) {
    print_hash(what, values.data(), values.size() * sizeof(T));
}

void print_transforms(const Kernels& k, std::size_t size) {
    const FftTables tables(size);
    const std::vector<ComplexLanes> input = noise_lanes(size, 11);
    std::vector<ComplexLanes> output(size);
    k.fft_forward(tables.plan(), input.data(), output.data());
    print_hash(("fft_forward_" + std::to_string(size)).c_str(), output);
    k.fft_inverse(tables.plan(), input.data(), output.data());
    print_hash(("fft_inverse_" + std::to_string(size)).c_str(), output);
    std::vector<RealLanes> power(size / 2 + 1);
    k.packed_power(input.data(), size, power.data());
    print_hash(("packed_power_" + std::to_string(size)).c_str(), power);
    std::vector<RealLanes> other_power(size / 2);
    k.unpacked_power(input.data(), size, 1, size / 2, power.data(), other_power.data());
    print_hash(("unpacked_power_" + std::to_string(size)).c_str(), other_power);
}

void print_elementary(const Kernels& k) {
    std::vector<float> input = noise(kCount + 64, 12);
    std::vector<float> output(kCount);
    for (float& value : input) {
        value *= 30;
    }
    k.exp2(input.data(), kCount, output.data());
    print_hash("exp2", output);
    k.log2(output.data(), kCount, output.data());
    print_hash("log2", output);
    k.symmetric_fir(input.data(), input.data(), 32, kCount, output.data());
    print_hash("symmetric_fir", output);
    k.polyphase_fir(input.data(), input.data(), 16, 7, 5, 3, 1000, output.data());
    print_hash("polyphase_fir", output.data(), 1000 * sizeof(float));
    const float peaks[] = {k.peak(input.data(), kCount), k.interpolated_peak(input.data(), input.data(), 1000)};
    print_hash("peaks", peaks, sizeof peaks);
}

} // namespace
} // namespace wm

int main() {
    using namespace wm;
    std::printf("kernel %s\n", kernels().name);
    print_hash("hann_window_2048", hann_window(2048));
    print_hash("sine_window_1000", sine_window(1000));
    for (const std::size_t size : {64U, 512U, 1024U, 2048U}) {
        print_transforms(kernels(), size);
    }
    print_elementary(kernels());
    return 0;
}
