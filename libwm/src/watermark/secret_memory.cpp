#include "watermark/secret_memory.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <new>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sodium.h>

#include "base/error.h"
#include "base/hex.h"

namespace wm {

void init_sodium() {
    // Negative only when a process-wide mutex cannot be locked, which nothing could recover from.
    [[maybe_unused]] static const int status = sodium_init();
    assert(status >= 0);
}

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
    init_sodium();
    bytes_.reset(static_cast<std::uint8_t*>(sodium_malloc(size)));
    if (bytes_ == nullptr) {
        throw std::bad_alloc();
    }
}

void SecretBytes::Free::operator()(std::uint8_t* bytes) const {
    sodium_free(bytes);
}

void SecretText::append(std::string_view text) {
    assert(text.size() <= room().size());
    std::copy(text.begin(), text.end(), room().begin());
    take(text.size());
}

void SecretText::append_hex(std::span<const std::uint8_t> bytes) {
    assert(2 * bytes.size() <= room().size());
    write_hex(bytes, room().data());
    take(2 * bytes.size());
}

Result<SecretText> read_secret_file(const std::string& path, std::size_t max_size, std::string_view name) {
    SecretText text(max_size + 1);
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ssize_t num_read = descriptor < 0 ? -1 : 1;
    while (num_read > 0 && !text.room().empty()) {
        num_read = read(descriptor, text.room().data(), text.room().size());
        text.take(static_cast<std::size_t>(std::max<ssize_t>(num_read, 0)));
    }
    const int error_number = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (num_read < 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {} {}: {}", name, path, errno_text(error_number)));
    }
    return text;
}

} // namespace wm
