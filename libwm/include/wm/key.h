#pragma once

/// Secret keys: 256 random bits that place a mark's chips. Whoever holds the key can read, write and remove its marks.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm {

/// A 256-bit secret, its display name, and its public id. Copies share one locked, zeroed-on-free secret.
///
/// threads  immutable after creation: any number of threads may read one Key
class Key {
public:
    /// A new key from the operating system's CSPRNG. `name` is shown in reports; it is not secret. See check_key_name().
    static Key generate(std::string name);

    /// The key that `seed` stands for, the same on every machine. For measurements only: whoever guesses the seed has the key.
    static Key for_measurement(std::uint64_t seed, std::string name);

    /// The well-known key of public notices (wm/notice.h), named "public notice". It is no secret: anybody can read, write and
    /// remove marks of it (docs/formats.md).
    static Key of_public_notices();

    /// Reads a key file (docs/formats.md). A protected file needs its passphrase; any other ignores it.
    /// errors   kIo; kKey: damaged (the file carries a checksum), unknown version, passphrase missing or wrong
    static Result<Key> load(const std::string& path, std::string_view passphrase = {});

    /// Writes the key file beside `path`, then renames it into place, with mode 0600; never overwrites an existing file.
    /// A passphrase, when not empty, protects the secret (argon2id, then XChaCha20-Poly1305).
    /// errors   kIo; kUsage when `path` exists or the name is not valid
    Result<void> save(const std::string& path, std::string_view passphrase = {}) const;

    const std::string& name() const { return name_; }

    /// 16 lower-case hex digits, derived one way from the secret: names the key without revealing it.
    const std::string& id() const { return id_; }

    /// `num_bytes` of the keyed stream for `purpose`: the same for the same key and purpose on every machine, independent
    /// between purposes, and unpredictable without the key (BLAKE2b-derived subkey, ChaCha20 stream).
    std::vector<std::uint8_t> stream(std::string_view purpose, std::size_t num_bytes) const;

private:
    class Secret;
    Key(std::shared_ptr<const Secret> secret, std::string name);
    std::shared_ptr<const Secret> secret_;
    std::string name_;
    std::string id_;
};

/// Names are valid UTF-8 of 1 to 100 bytes without line breaks or other control characters. errors: kUsage
Result<void> check_key_name(std::string_view name);

/// Whether the key file at `path` is protected by a passphrase. errors: kIo, kKey
Result<bool> key_needs_passphrase(const std::string& path);

/// Whether users other than the owner have any access to the key file at `path`: worth a warning. errors: kIo
Result<bool> key_file_is_exposed(const std::string& path);

/// The files named *.key in `folder`, sorted by name; not in folders below it. errors: kIo
Result<std::vector<std::string>> key_files_in(const std::string& folder);

} // namespace wm
