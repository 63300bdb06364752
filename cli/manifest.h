#pragma once

/// The list of recordings that a batch marks: a CSV file with a header, its columns `input`, and at will `output` and `id`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm::cli {

struct ManifestRow {
    std::size_t line_number = 0;
    std::string input;               ///< as a path that can be opened
    std::string output;              ///< relative to the output folder, inside it
    std::optional<std::uint64_t> id; ///< absent: a random one
};

/// Checks the whole manifest. Inputs are looked for beside the manifest, in `folder`, and else in the current folder. An
/// output that is not named takes its input's name, with .wav for an ending that cannot be written (a lossy format's).
/// errors   kFormat (not CSV, columns that are unknown, missing or doubled, a wrong id), kUsage (two rows with one output,
///          an output outside the folder); all name the line
Result<std::vector<ManifestRow>> parse_manifest(std::string_view text, const std::string& folder);

/// Reads the file and parses it; `-` is standard input. errors: kIo too
Result<std::vector<ManifestRow>> read_manifest(const std::string& path);

} // namespace wm::cli
