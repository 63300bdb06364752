#pragma once

/// A file that appears under its name whole or not at all.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "audio/byte_source.h"
#include "wm/result.h"

namespace wm {

/// Grows as `.name.wm-XXXXXX` beside its place; an output of `-` grows in an unlinked spool in TMPDIR and reaches standard
/// output on commit. Removed on destruction unless committed.
///
/// threads  one at a time
class OutputFile {
public:
    /// errors   kUsage: `path` exists and `overwrite` is off, or is no regular file; kIo: the folder is missing or unwritable
    static Result<std::unique_ptr<OutputFile>> create(const std::string& path, bool overwrite);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Appends. errors kIo (disk full)
    Result<void> write(const void* bytes, std::size_t size);

    /// Appends bytes of `source`. errors kIo
    Result<void> copy_from(const ByteSource& source, std::uint64_t offset, std::uint64_t size);

    /// Overwrites what stands at `offset`; appending goes on where it was. errors kIo
    Result<void> patch(std::uint64_t offset, const void* bytes, std::size_t size);

    /// Forces everything to disk. errors kIo
    Result<void> sync();

    /// Gives the file its name (keeping the permissions of a file it replaces), or copies it to standard output. errors kIo
    Result<void> commit();

    std::uint64_t size() const { return size_; }
    const std::string& temporary_path() const { return temporary_path_; }

private:
    OutputFile() = default;
    Result<void> open_beside(const std::string& path);
    Result<void> copy_to_standard_output();
    Result<void> rename_into_place();

    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::string final_path_; ///< empty: standard output
    std::string temporary_path_;
    std::string name_;
    bool overwrite_ = true;
    bool is_named_ = false; ///< the temporary file has a name that must go
};

} // namespace wm
