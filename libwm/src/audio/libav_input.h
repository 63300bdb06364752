#pragma once

/// An InputFile opened by libav's demuxers.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audio/byte_source.h"

struct AVFormatContext;
struct AVIOContext;
struct AVPacket;

namespace wm {

/// threads  one at a time
class LibavInput {
public:
    /// Opens nothing but `file`: no play lists, no other files or addresses.
    /// errors   kFormat
    static Result<std::unique_ptr<LibavInput>> open(std::shared_ptr<InputFile> file);
    ~LibavInput();
    LibavInput(const LibavInput&) = delete;
    LibavInput& operator=(const LibavInput&) = delete;

    AVFormatContext& format() { return *format_; }

    /// The next packet of stream `stream_index`; false at the end.
    bool read_packet(int stream_index, AVPacket& packet);

    /// Tags, other streams and chapters, for people (see AudioReader::companions).
    std::vector<std::string> companions() const;

private:
    explicit LibavInput(std::shared_ptr<InputFile> file);
    Result<void> open_format();

    static int read_bytes(void* user, std::uint8_t* out, int size);
    static std::int64_t seek(void* user, std::int64_t offset, int whence);

    std::shared_ptr<InputFile> file_;
    std::int64_t position_ = 0;
    AVIOContext* io_ = nullptr;
    AVFormatContext* format_ = nullptr;
};

/// libav's words for a negative status.
std::string libav_error_text(int status);

} // namespace wm
