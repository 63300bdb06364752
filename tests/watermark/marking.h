#pragma once

/// Marks without files: hosts at the tiles' rate, in memory.

#include <cstdint>

#include "music.h"
#include "watermark/chip_layout.h"
#include "watermark/residual_maker.h"

namespace wm::test {

/// What ResidualMaker adds to `host` when it comes in parts of `part` samples.
inline Planar residual_of(const Planar& host, const ChipLayout& layout, std::uint64_t payload, double strength = 1.0,
                          std::size_t part = 40000) {
    ResidualMaker maker(host.size(), layout.signs(polar_encode(payload)), strength);
    Planar residual(host.size());
    for (std::size_t done = 0; done < host[0].size(); done += part) {
        const Planar piece = excerpt(host, done, part);
        maker.push(pointers(piece).data(), piece[0].size(), residual);
    }
    maker.finish(residual);
    return residual;
}

inline Planar sum(Planar a, const Planar& b) {
    for (std::size_t c = 0; c < a.size(); ++c) {
        for (std::size_t k = 0; k < a[c].size(); ++k) {
            a[c][k] += b[c][k];
        }
    }
    return a;
}

inline Planar marked(const Planar& host, const ChipLayout& layout, std::uint64_t payload) {
    return sum(host, residual_of(host, layout, payload));
}

inline double energy(const std::vector<float>& samples) {
    double result = 0.0;
    for (const float sample : samples) {
        result += static_cast<double>(sample) * static_cast<double>(sample);
    }
    return result;
}

} // namespace wm::test
