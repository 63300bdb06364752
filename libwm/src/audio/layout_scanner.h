#pragma once

/// What the scanners of chunked containers share: reading that reports where a file was cut, and sizes that are cut to it.

#include <string_view>

#include "audio/container_layout.h"

namespace wm {

class LayoutScanner {
public:
    explicit LayoutScanner(const ByteSource& source) : source_(source) {}

protected:
    /// Fills `out`, or fails saying that the file ends inside `what`.
    Result<void> read_exactly(std::uint64_t offset, void* out, std::size_t size, std::string_view what) const;

    /// Bytes from `offset` to the end of the file.
    std::uint64_t rest_after(std::uint64_t offset) const {
        return offset < source_.size() ? source_.size() - offset : 0;
    }

    /// Cuts a chunk to the end of the file. Before the samples that is an error: everything after it would be misread.
    Result<void> fit(Chunk& chunk, bool is_after_data) const;

    /// Fails unless both the format and the samples were found.
    Result<void> check_found(std::string_view format_id, bool has_format, std::string_view data_id,
                             bool has_data) const;

    /// Sets where the samples are; they end with the last whole moment.
    void set_data(std::uint64_t offset, std::uint64_t size);

    const ByteSource& source_;
    ContainerLayout layout_;
};

} // namespace wm
