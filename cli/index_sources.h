#pragma once

/// What `wm index add` adds: files, the recordings of folders, and the rows of a manifest.

#include <string>
#include <vector>

#include "wm/index.h"

namespace wm::cli {

struct IndexSource {
    std::string path;
    IndexTrack track; ///< id, isrc and title; the id is the file's stem unless the manifest names one
};

/// Whether a file is named as recordings are.
bool has_ending_of_recording(const std::string& path);

/// Files as they are; of folders, and the folders in them, every file whose ending is that of a recording, by name.
/// errors   kIo (missing, unreadable folder)
Result<std::vector<IndexSource>> find_index_sources(const std::vector<std::string>& paths);

/// Reads a CSV manifest with a header: `input`, and at will `id`, `isrc` and `title`. Inputs are
/// looked for beside the manifest, and else in the current folder. `-` is standard input.
/// errors   kIo, kFormat (naming the line)
Result<std::vector<IndexSource>> read_index_manifest(const std::string& path);

/// Names the state of a file: its path, size and time. Empty when it cannot be looked at.
std::string source_stamp(const std::string& path);

} // namespace wm::cli
