#pragma once

/// Random access to the bytes of a recording: a file, standard input spooled to one, or memory (tests and fuzzers).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "wm/result.h"

namespace wm {

/// threads  read_at() may be called from several threads
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const = 0;

    /// Reads up to `size` bytes from `offset`; fewer only at the end.
    /// errors   kIo
    virtual Result<std::size_t> read_at(std::uint64_t offset, void* out, std::size_t size) const = 0;

    /// The name that messages use.
    virtual const std::string& name() const = 0;
};

/// Bytes in memory; the caller keeps them alive.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, void* out, std::size_t size) const override;
    const std::string& name() const override { return name_; }

private:
    std::span<const std::uint8_t> bytes_;
    std::string name_ = "memory";
};

/// An open regular file. What cannot be read twice (standard input, pipes) is first copied to an unlinked temporary file in
/// TMPDIR, which disappears with this object.
class InputFile final : public ByteSource {
public:
    /// Opens `path`; `-` is standard input.
    /// errors   kIo: missing, unreadable, a folder or a device, no room for the spool
    static Result<std::shared_ptr<InputFile>> open(const std::string& path);
    ~InputFile() override;
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    std::uint64_t size() const override { return size_; }
    Result<std::size_t> read_at(std::uint64_t offset, void* out, std::size_t size) const override;
    const std::string& name() const override { return name_; }

    int descriptor() const { return descriptor_; }

    /// A path that opens the same bytes again while this object lives.
    const std::string& path() const { return path_; }

private:
    InputFile(int descriptor, std::uint64_t size, std::string path, std::string name);

    int descriptor_;
    std::uint64_t size_;
    std::string path_;
    std::string name_;
};

/// An unlinked temporary file in TMPDIR (or /tmp): its descriptor.
/// errors   kIo
Result<int> open_spool();

/// Writes all bytes to `descriptor`; `name` is for the message.
/// errors   kIo (disk full)
Result<void> write_all(int descriptor, const void* bytes, std::size_t size, const std::string& name);

/// Copies what is left in `from` to `to`.
/// errors   kIo
Result<std::uint64_t> copy_stream(int from, int to, const std::string& from_name, const std::string& to_name);

} // namespace wm
