#pragma once

/// The text of a key file (docs/formats.md), and its protection by a passphrase.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "watermark/secret_memory.h"
#include "wm/result.h"

namespace wm {

inline constexpr std::size_t kSecretSize = 32;

/// No valid key file is longer.
inline constexpr std::size_t kMaxKeyFileSize = 1024;

/// A secret encrypted under a passphrase: argon2id makes the key, XChaCha20-Poly1305 seals and authenticates.
struct SealedSecret {
    std::uint32_t passes = 0;     ///< argon2id's t
    std::uint32_t memory_kib = 0; ///< argon2id's m
    std::array<std::uint8_t, 16> salt{};
    std::array<std::uint8_t, 24> nonce{};
    std::array<std::uint8_t, kSecretSize + 16> box{};
};

/// What a key file says. Exactly one of `secret` and `sealed` is there.
struct KeyFile {
    std::string name;
    std::string key_id; ///< 16 lower-case hex digits
    std::optional<SecretBytes> secret;
    std::optional<SealedSecret> sealed;
};

/// errors   kKey: not a key file, an unknown version, damaged. The message starts in mid-sentence: put the path before it.
Result<KeyFile> parse_key_file(std::string_view text);

SecretText format_key_file(const KeyFile& file);

/// Seals `secret` for file.name and file.key_id, which are authenticated too.
/// errors   kIo: no memory for argon2id
/// cost     64 MiB and about 0.2 s, for whoever guesses as well
Result<SealedSecret> seal_secret(std::span<const std::uint8_t> secret, const KeyFile& file,
                                 std::string_view passphrase);

/// errors   kKey: the passphrase is wrong, or somebody changed the file and its checksum; kIo as above
Result<SecretBytes> unseal_secret(const KeyFile& file, std::string_view passphrase);

} // namespace wm
