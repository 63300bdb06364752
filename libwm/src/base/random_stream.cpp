#include "base/random_stream.h"

#include <cmath>

#include <xxhash.h>

#include "base/portable_math.h"

namespace wm {

std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15;
    std::uint64_t word = state;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
}

std::uint64_t derived_seed(std::uint64_t seed, std::string_view purpose) {
    return XXH3_64bits_withSeed(purpose.data(), purpose.size(), seed);
}

std::uint64_t RandomStream::below(std::uint64_t count) {
    // The high half of a product; its bias is count / 2^64.
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(word()) * count) >> 64);
}

double RandomStream::gaussian() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    const double radius = std::sqrt(-2 * portable_log(1 - uniform()));
    const double angle_turns = uniform();
    spare_ = radius * sin_of_turns(angle_turns);
    has_spare_ = true;
    return radius * cos_of_turns(angle_turns);
}

} // namespace wm
