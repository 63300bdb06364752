#pragma once

/// Peaks as bytes, 32 frames at a time (docs/formats.md, "Fingerprint").

#include <cstdint>
#include <span>
#include <vector>

#include "wm/fingerprint.h"

namespace wm {

/// Appends rows of cells `first_row` up to and without `last_row`. Peaks begin with the first of that row, and their number that
/// were taken is returned.
std::size_t append_cell_rows(std::span<const SpectralPeak> peaks, std::uint64_t first_row, std::uint64_t last_row,
                             std::vector<std::uint8_t>& bytes);

/// Reads rows `first_row` on until the bytes end. False for bytes that append_cell_rows() does not write.
[[nodiscard]] bool read_cell_rows(std::span<const std::uint8_t> bytes, std::uint64_t first_row, std::uint64_t last_row,
                                  std::vector<SpectralPeak>& peaks);

} // namespace wm
