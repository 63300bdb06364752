#pragma once

/// Data sets of any size, one recording after the other.

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wm/result.h"

namespace wm::cli {

/// One recording of a data set, or what could not be looked into.
struct WalkedInput {
    std::string path;
    std::string error; ///< of a folder that cannot be read, or of a manifest's row; empty for a recording
    std::string title; ///< these as a manifest says
    std::string account;
    std::optional<std::int64_t> time_s; ///< since 1970
};

/// The recordings in a folder and the folders in it, by name; or those that a text file lists, one a line, in its order; or those of a
/// manifest: a list whose first line is a CSV header with the column `input`, and at will `title`, `account` and `time` (of the upload).
/// So the order is the same whenever it is walked. It holds the names of one folder and of those around it, and no more; a manifest's
/// fields have no line breaks therefore.
///
/// threads  one at a time
class InputWalk {
public:
    /// path   of a folder or a list; in a list, names are relative to its own folder or else to the current one
    /// errors kIo: missing, or it cannot be read; kFormat: a manifest with an unknown column
    static Result<std::unique_ptr<InputWalk>> open(const std::string& path);

    /// Nothing at the end.
    std::optional<WalkedInput> next();

private:
    /// What is left to do in one folder.
    struct Level {
        std::string folder;
        std::vector<std::string> names; ///< from last to first; folders end in '/'
    };

    InputWalk() = default;
    Result<void> read_header();
    std::optional<WalkedInput> next_of_list();
    WalkedInput parse_row(const std::string& line) const;
    Result<Level> read_folder(const std::string& folder) const;

    std::ifstream list_;
    std::string list_folder_;
    std::string header_; // of a manifest; empty for a list
    std::size_t line_number_ = 0;
    std::vector<Level> levels_; // from the outermost on
};

} // namespace wm::cli
