#include "kernels/fft_tables.h"

#include <bit>
#include <cassert>

#include "kernels/unit_root.h"

namespace wm {
namespace {

std::vector<float> level_twiddles(std::size_t level_size) {
    std::vector<float> twiddles;
    twiddles.reserve(level_size / 4 * 6);
    for (std::size_t k = 0; k < level_size / 4; ++k) {
        for (std::size_t power = 1; power <= 3; ++power) {
            const UnitRoot root =
                unit_root(-static_cast<std::int64_t>(power * k), static_cast<std::int64_t>(level_size));
            twiddles.push_back(static_cast<float>(root.cos));
            twiddles.push_back(static_cast<float>(root.sin));
        }
    }
    return twiddles;
}

} // namespace

bool has_fft_kernel(std::size_t size) {
    return std::has_single_bit(size) && size >= kMinFftSize && size <= kMaxFftSize;
}

FftTables::FftTables(std::size_t size) {
    assert(has_fft_kernel(size));
    const std::size_t leaf_size = std::countr_zero(size) % 2 == 0 ? 4 : 8;
    for (std::size_t level_size = 4 * leaf_size; level_size <= size; level_size *= 4) {
        levels_.push_back(level_twiddles(level_size));
    }
    for (const std::vector<float>& level : levels_) {
        level_starts_.push_back(level.data());
    }
    plan_ = {size, levels_.size(), level_starts_.data()};
}

} // namespace wm
