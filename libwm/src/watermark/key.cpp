#include "wm/key.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sodium.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/new_file.h"
#include "watermark/key_file.h"

namespace wm {
namespace {

/// BLAKE2b's personalization: what is derived for one domain says nothing about another, whatever the purposes are called.
using Domain = std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES>;
constexpr Domain kStreamDomain = {'w', 'm', '/', 's', 't', 'r', 'e', 'a', 'm', '/', '1'};
constexpr Domain kIdDomain = {'w', 'm', '/', 'k', 'e', 'y', '-', 'i', 'd', '/', '1'};

void derive(std::span<std::uint8_t> out, std::span<const std::uint8_t> secret, const Domain& domain,
            std::string_view purpose) {
    constexpr std::array<std::uint8_t, crypto_generichash_blake2b_SALTBYTES> kNoSalt{};
    crypto_generichash_blake2b_salt_personal(out.data(), out.size(),
                                             reinterpret_cast<const std::uint8_t*>(purpose.data()), purpose.size(),
                                             secret.data(), secret.size(), kNoSalt.data(), domain.data());
}

std::string key_id_of(std::span<const std::uint8_t> secret) {
    std::array<std::uint8_t, 32> hash{};
    derive(hash, secret, kIdDomain, "");
    return to_hex(std::span(hash).first(8));
}

tl::unexpected<Error> fail_at(const std::string& path, const Error& error) {
    return fail(error.code, fmt::format("the key file {} {}", path, error.message));
}

Result<KeyFile> read_key_file(const std::string& path) {
    return read_secret_file(path, kMaxKeyFileSize, "the key file")
        .and_then([&](const SecretText& text) -> Result<KeyFile> {
            Result<KeyFile> file = parse_key_file(text.view());
            if (!file) {
                return fail_at(path, file.error());
            }
            return file;
        });
}

} // namespace

class Key::Secret {
public:
    explicit Secret(SecretBytes bytes) : bytes_(std::move(bytes)) {}
    std::span<const std::uint8_t> bytes() const { return bytes_.span(); }

private:
    SecretBytes bytes_;
};

Key::Key(std::shared_ptr<const Secret> secret, std::string name)
    : secret_(std::move(secret)), name_(std::move(name)), id_(key_id_of(secret_->bytes())) {}

Key Key::generate(std::string name) {
    SecretBytes bytes(kSecretSize);
    randombytes_buf(bytes.span().data(), bytes.span().size());
    return Key(std::make_shared<const Secret>(std::move(bytes)), std::move(name));
}

Key Key::for_measurement(std::uint64_t seed, std::string name) {
    std::array<std::uint8_t, randombytes_SEEDBYTES> long_seed{};
    for (std::size_t i = 0; i < sizeof seed; ++i) {
        long_seed[i] = static_cast<std::uint8_t>(seed >> (8 * i));
    }
    SecretBytes bytes(kSecretSize);
    randombytes_buf_deterministic(bytes.span().data(), bytes.span().size(), long_seed.data());
    return Key(std::make_shared<const Secret>(std::move(bytes)), std::move(name));
}

Key Key::of_public_notices() {
    constexpr std::string_view kWellKnown = "wm public notice key 1";
    static_assert(crypto_hash_sha256_BYTES == kSecretSize);
    SecretBytes bytes(kSecretSize);
    crypto_hash_sha256(bytes.span().data(), reinterpret_cast<const std::uint8_t*>(kWellKnown.data()),
                       kWellKnown.size());
    return Key(std::make_shared<const Secret>(std::move(bytes)), "public notice");
}

Result<Key> Key::load(const std::string& path, std::string_view passphrase) {
    Result<KeyFile> file = read_key_file(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (file->sealed) {
        if (passphrase.empty()) {
            return fail(ErrorCode::kKey, fmt::format("the key file {} is protected: its passphrase is needed", path));
        }
        Result<SecretBytes> unsealed = unseal_secret(*file, passphrase);
        if (!unsealed) {
            return fail_at(path, unsealed.error());
        }
        file->secret = std::move(*unsealed);
    }
    Key key(std::make_shared<const Secret>(std::move(*file->secret)), std::move(file->name));
    if (key.id() != file->key_id) {
        return fail(ErrorCode::kKey,
                    fmt::format("the key file {} says id {}, but its secret has id {}: somebody changed it", path,
                                file->key_id, key.id()));
    }
    return key;
}

Result<void> Key::save(const std::string& path, std::string_view passphrase) const {
    if (Result<void> valid_name = check_key_name(name_); !valid_name) {
        return valid_name;
    }
    KeyFile file{name_, id_, std::nullopt, std::nullopt};
    if (passphrase.empty()) {
        file.secret.emplace(kSecretSize);
        std::ranges::copy(secret_->bytes(), file.secret->span().begin());
    } else {
        Result<SealedSecret> sealed = seal_secret(secret_->bytes(), file, passphrase);
        if (!sealed) {
            return fail_at(path, sealed.error());
        }
        file.sealed = *sealed;
    }
    const SecretText text = format_key_file(file);
    return write_new_file(path, text.view());
}

std::vector<std::uint8_t> Key::stream(std::string_view purpose, std::size_t num_bytes) const {
    std::array<std::uint8_t, crypto_stream_chacha20_KEYBYTES> subkey;
    derive(subkey, secret_->bytes(), kStreamDomain, purpose);
    // Each purpose has a subkey of its own, used for this one stream: a fixed nonce repeats nothing.
    constexpr std::array<std::uint8_t, crypto_stream_chacha20_NONCEBYTES> kNonce{};
    std::vector<std::uint8_t> bytes(num_bytes);
    if (num_bytes > 0) {
        crypto_stream_chacha20(bytes.data(), bytes.size(), kNonce.data(), subkey.data());
    }
    sodium_memzero(subkey.data(), subkey.size());
    return bytes;
}

Result<bool> key_needs_passphrase(const std::string& path) {
    return read_key_file(path).map([](const KeyFile& file) { return file.sealed.has_value(); });
}

Result<bool> key_file_is_exposed(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot look at the key file {}: {}", path, errno_text(errno)));
    }
    return (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

Result<std::vector<std::string>> key_files_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored; // a link that leads nowhere is no key file
        if (entry->path().extension() == ".key" && entry->is_regular_file(ignored)) {
            files.push_back(entry->path().string());
        }
    }
    if (error) {
        return fail(ErrorCode::kIo, fmt::format("cannot list the folder {}: {}", folder, error.message()));
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace wm
