#pragma once

#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// A folder of one's own in TMPDIR (or /tmp), mode 0700, removed with all that is in it.
class ScratchFolder {
public:
    /// errors   kIo
    static Result<ScratchFolder> create();
    ~ScratchFolder();
    ScratchFolder(ScratchFolder&& other) noexcept;
    ScratchFolder& operator=(ScratchFolder&&) = delete;

    /// The path of a file in it.
    std::string path(std::string_view name) const;

private:
    explicit ScratchFolder(std::string path);
    std::string path_;
};

} // namespace wm
