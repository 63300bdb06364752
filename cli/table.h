#pragma once

/// CSV files with a header of known columns: the manifests of batches.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm::cli {

struct TableRow {
    std::size_t line_number = 0;
    std::vector<std::string> fields; ///< one for each known column, in their order; empty where the file has none
};

/// Parses a table. The header names some of `columns`, in any order, and at least the first of them; every row fills it.
/// errors   kFormat, naming the line: not CSV, no header, an unknown, doubled or missing column, a row of another length
Result<std::vector<TableRow>> parse_table(std::string_view text, std::span<const std::string_view> columns);

/// Where a manifest in `folder` finds an input: beside itself, and else in the current folder.
std::string find_input(const std::string& name, const std::string& folder);

/// A time as manifests write it; nothing for an empty field. errors: kFormat
Result<std::optional<std::int64_t>> parse_time_field(const std::string& field);

/// The name of the marked recording that `input` becomes: with .wav for an ending that cannot be written (a lossy format's).
std::string default_output(const std::string& input);

} // namespace wm::cli
