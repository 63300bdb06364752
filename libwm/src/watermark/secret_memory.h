#pragma once

/// Memory for secrets, and libsodium's one-time set-up.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// Must come before any other use of libsodium; cheap to repeat, safe from any thread.
void init_sodium();

/// Bytes kept off the swap (where the system allows), fenced by guard pages, and zeroed when freed.
class SecretBytes {
public:
    SecretBytes() = default;
    /// `size` bytes of unspecified value. Throws std::bad_alloc as any container does.
    explicit SecretBytes(std::size_t size);

    std::span<std::uint8_t> span() { return {bytes_.get(), size_}; }
    std::span<const std::uint8_t> span() const { return {bytes_.get(), size_}; }

private:
    struct Free {
        void operator()(std::uint8_t* bytes) const;
    };
    std::unique_ptr<std::uint8_t[], Free> bytes_;
    std::size_t size_ = 0;
};

/// Text with secrets in it, of bounded length.
class SecretText {
public:
    explicit SecretText(std::size_t capacity) : bytes_(capacity) {}

    std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.span().data()), size_}; }

    /// The room left. Fill it from the front, then take() what was filled.
    std::span<char> room() {
        const std::span<std::uint8_t> rest = bytes_.span().subspan(size_);
        return {reinterpret_cast<char*>(rest.data()), rest.size()};
    }
    void take(std::size_t num_chars) { size_ += num_chars; }

    /// The text must fit.
    void append(std::string_view text);
    void append_hex(std::span<const std::uint8_t> bytes);

private:
    SecretBytes bytes_;
    std::size_t size_ = 0;
};

/// The first max_size + 1 bytes of a file: one too many tells that it is too long. `name` is what messages call it.
/// errors   kIo
Result<SecretText> read_secret_file(const std::string& path, std::size_t max_size, std::string_view name);

} // namespace wm
