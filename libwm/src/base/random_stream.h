#pragma once

/// Pseudo-random numbers for measurements: the same on every machine for the same seed. Not for secrets.

#include <cstdint>
#include <string_view>

namespace wm {

/// The next word of splitmix64 (S. Vigna); moves `state` on.
std::uint64_t split_mix(std::uint64_t& state);

/// A seed for one purpose among many that share `seed`.
std::uint64_t derived_seed(std::uint64_t seed, std::string_view purpose);

/// threads  one at a time
class RandomStream {
public:
    explicit RandomStream(std::uint64_t seed) : state_(seed) {}

    std::uint64_t word() { return split_mix(state_); }

    /// In [0, 1), 53 bits.
    double uniform() { return static_cast<double>(word() >> 11) * 0x1p-53; }

    /// In [low, high).
    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// A whole number below `count`, which is at least 1.
    std::uint64_t below(std::uint64_t count);

    /// Mean 0, variance 1.
    /// source  G. Box, M. Muller, A note on the generation of random normal deviates, Ann. Math. Stat. 29(2), 1958
    double gaussian();

private:
    std::uint64_t state_;
    double spare_ = 0;
    bool has_spare_ = false;
};

} // namespace wm
