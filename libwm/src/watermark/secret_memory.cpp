#include "watermark/secret_memory.h"

#include <algorithm>
#include <cassert>
#include <new>

#include <sodium.h>

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

} // namespace wm
