#pragma once

/// Marks without files: hosts at the tiles' rate, in memory.

#include <cstdint>

#include "music.h"
#include "watermark/chip_layout.h"
#include "watermark/residual_maker.h"

namespace wm::test {

/// Takes all that can be made by now.
inline void take(ResidualMaker& maker, Planar& residual) {
    bool is_made = true;
    while (is_made) {
        is_made = maker.make();
        const std::vector<const float*> ready = maker.ready();
        for (std::size_t c = 0; c < residual.size(); ++c) {
            residual[c].insert(residual[c].end(), ready[c], ready[c] + maker.num_ready());
        }
        maker.drop(maker.num_ready());
    }
}

inline void push(ResidualMaker& maker, const Planar& host, Planar& residual) {
    maker.host().append(pointers(host).data(), host[0].size());
    maker.advance();
    take(maker, residual);
}

inline void finish(ResidualMaker& maker, Planar& residual) {
    maker.finish();
    take(maker, residual);
}

/// What ResidualMaker adds to `host` when it comes in parts of `part` samples.
inline Planar residual_of(const Planar& host, const ChipLayout& layout, std::uint64_t payload, double strength = 1.0,
                          std::size_t part = 40000) {
    ResidualMaker maker(host.size(), layout.signs(polar_encode(payload)), strength);
    Planar residual(host.size());
    for (std::size_t done = 0; done < host[0].size(); done += part) {
        push(maker, excerpt(host, done, part), residual);
    }
    finish(maker, residual);
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
