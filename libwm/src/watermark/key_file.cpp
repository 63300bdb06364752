#include "watermark/key_file.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/checked_lines.h"
#include "base/hex.h"
#include "wm/key.h"

namespace wm {
namespace {

constexpr LineFileKind kKeyKind = {"wm-key", "a wm key file"};
constexpr std::string_view kFirstLine = "wm-key 1\n";

// RFC 9106, section 4, second choice (64 MiB, three passes), with the one lane that libsodium offers.
constexpr std::uint32_t kPasses = 3;
constexpr std::uint32_t kMemoryKib = 64 * 1024;

// What a file may ask of whoever opens it: 1 GiB, some ten seconds.
constexpr std::uint32_t kMaxPasses = 16;
constexpr std::uint32_t kMaxMemoryKib = 1024 * 1024;
constexpr std::uint32_t kMinMemoryKib = crypto_pwhash_MEMLIMIT_MIN / 1024;

static_assert(std::tuple_size_v<decltype(SealedSecret::salt)> == crypto_pwhash_SALTBYTES);
static_assert(std::tuple_size_v<decltype(SealedSecret::nonce)> == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(std::tuple_size_v<decltype(SealedSecret::box)> ==
              kSecretSize + crypto_aead_xchacha20poly1305_ietf_ABYTES);

Result<SealedSecret> take_sealed(LineReader& lines) {
    SealedSecret sealed;
    if (!lines.take_number("argon2id-passes", sealed.passes) ||
        !lines.take_number("argon2id-memory-kib", sealed.memory_kib) || !lines.take_hex("salt", sealed.salt) ||
        !lines.take_hex("nonce", sealed.nonce) || !lines.take_hex("sealed", sealed.box)) {
        return damaged("its protection is not what version 1 says");
    }
    if (sealed.passes < crypto_pwhash_OPSLIMIT_MIN || sealed.passes > kMaxPasses || sealed.memory_kib < kMinMemoryKib ||
        sealed.memory_kib > kMaxMemoryKib) {
        return fail(ErrorCode::kKey,
                    fmt::format("asks for {} passes over {} KiB to open it; allowed are 1 to {} over {} to {}",
                                sealed.passes, sealed.memory_kib, kMaxPasses, kMinMemoryKib, kMaxMemoryKib));
    }
    return sealed;
}

/// What the seal authenticates besides the secret.
std::string sealed_context(const KeyFile& file) {
    return fmt::format("{}name {}\nid {}\n", kFirstLine, file.name, file.key_id);
}

/// The key that argon2id makes of a passphrase, with the salt and the costs of `sealed`.
Result<SecretBytes> stretch(std::string_view passphrase, const SealedSecret& sealed) {
    SecretBytes key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    const std::size_t memory_size = std::size_t{sealed.memory_kib} * 1024;
    if (crypto_pwhash(key.span().data(), key.span().size(), passphrase.data(), passphrase.size(), sealed.salt.data(),
                      sealed.passes, memory_size, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(ErrorCode::kIo, fmt::format("cannot be opened with a passphrase: that takes {} MiB of free memory",
                                                sealed.memory_kib / 1024 + 1));
    }
    return key;
}

const unsigned char* as_bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

Result<KeyFile> parse_key_file(std::string_view text) {
    const Result<std::string_view> body = checked_body(text, kKeyKind);
    if (!body) {
        return tl::unexpected(body.error());
    }
    LineReader lines(*body);
    KeyFile file;
    const std::optional<std::string_view> name = lines.take("name");
    const std::optional<std::string_view> key_id = lines.take("id");
    if (!name || !check_key_name(*name) || !key_id) {
        return damaged("its name or id is missing");
    }
    file.name = *name;
    file.key_id = *key_id;
    if (lines.has("secret")) {
        file.secret.emplace(kSecretSize);
        if (!lines.take_hex("secret", file.secret->span())) {
            return damaged("its secret is not 64 hex digits");
        }
    } else {
        Result<SealedSecret> sealed = take_sealed(lines);
        if (!sealed) {
            return tl::unexpected(sealed.error());
        }
        file.sealed = *sealed;
    }
    // One key, one text: nothing may hide in odd spellings or between the lines.
    if (format_key_file(file).view() != text) {
        return damaged("it is not written as version 1 says");
    }
    return file;
}

SecretText format_key_file(const KeyFile& file) {
    SecretText text(kMaxKeyFileSize);
    text.append(fmt::format("{}name {}\nid {}\n", kFirstLine, file.name, file.key_id));
    if (file.secret) {
        text.append("secret ");
        text.append_hex(file.secret->span());
        text.append("\n");
    } else {
        const SealedSecret& sealed = *file.sealed;
        text.append(fmt::format("argon2id-passes {}\nargon2id-memory-kib {}\nsalt {}\nnonce {}\nsealed {}\n",
                                sealed.passes, sealed.memory_kib, to_hex(sealed.salt), to_hex(sealed.nonce),
                                to_hex(sealed.box)));
    }
    text.append(checksum_line(text.view()));
    return text;
}

Result<SealedSecret> seal_secret(std::span<const std::uint8_t> secret, const KeyFile& file,
                                 std::string_view passphrase) {
    SealedSecret sealed;
    sealed.passes = kPasses;
    sealed.memory_kib = kMemoryKib;
    randombytes_buf(sealed.salt.data(), sealed.salt.size());
    randombytes_buf(sealed.nonce.data(), sealed.nonce.size());
    const Result<SecretBytes> key = stretch(passphrase, sealed);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const std::string context = sealed_context(file);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.box.data(), nullptr, secret.data(), secret.size(),
                                               as_bytes(context), context.size(), nullptr, sealed.nonce.data(),
                                               key->span().data());
    return sealed;
}

Result<SecretBytes> unseal_secret(const KeyFile& file, std::string_view passphrase) {
    const SealedSecret& sealed = *file.sealed;
    const Result<SecretBytes> key = stretch(passphrase, sealed);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const std::string context = sealed_context(file);
    SecretBytes secret(kSecretSize);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(secret.span().data(), nullptr, nullptr, sealed.box.data(),
                                                   sealed.box.size(), as_bytes(context), context.size(),
                                                   sealed.nonce.data(), key->span().data()) != 0) {
        return fail(ErrorCode::kKey, "does not open: the passphrase is wrong");
    }
    return secret;
}

} // namespace wm
