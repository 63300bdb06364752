#include "watermark/key_file.h"

#include <charconv>

#include <fmt/format.h>
#include <sodium.h>
#include <xxhash.h>

#include "base/hex.h"
#include "wm/key.h"

namespace wm {
namespace {

constexpr std::string_view kMagic = "wm-key ";
constexpr std::string_view kFirstLine = "wm-key 1\n";
constexpr std::string_view kChecksumLabel = "checksum ";
constexpr std::size_t kChecksumLineSize = kChecksumLabel.size() + 16 + 1;

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

tl::unexpected<Error> damaged(std::string_view how) {
    return fail(ErrorCode::kKey, fmt::format("is damaged: {}; restore it from a copy", how));
}

std::string checksum_of(std::string_view text) {
    return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

/// Takes "<label> <value>\n" lines off the front of a text.
class LineReader {
public:
    explicit LineReader(std::string_view text) : rest_(text) {}

    bool has(std::string_view label) const {
        return rest_.starts_with(label) && rest_.substr(label.size()).starts_with(' ');
    }

    /// The value of the next line; nothing when the line has another label.
    std::optional<std::string_view> take(std::string_view label) {
        const std::size_t end = rest_.find('\n');
        if (!has(label) || end == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view value = rest_.substr(label.size() + 1, end - label.size() - 1);
        rest_.remove_prefix(end + 1);
        return value;
    }

    bool take_hex(std::string_view label, std::span<std::uint8_t> bytes) {
        const std::optional<std::string_view> digits = take(label);
        return digits && from_hex(*digits, bytes);
    }

    bool take_number(std::string_view label, std::uint32_t& number) {
        const std::optional<std::string_view> digits = take(label);
        if (!digits) {
            return false;
        }
        const char* end = digits->data() + digits->size();
        const auto [stop, error] = std::from_chars(digits->data(), end, number);
        return error == std::errc() && stop == end;
    }

private:
    std::string_view rest_;
};

/// Checks the first line and the checksum, and returns the lines between them.
Result<std::string_view> checked_body(std::string_view text) {
    if (!text.starts_with(kMagic)) {
        return fail(ErrorCode::kKey, "is not a wm key file, or its first bytes are damaged");
    }
    if (!text.starts_with(kFirstLine)) {
        const std::string_view first_line = text.substr(0, text.find('\n'));
        const std::string_view version = first_line.substr(kMagic.size());
        if (!version.empty() && version.find_first_not_of("0123456789") == std::string_view::npos && version != "1") {
            return fail(ErrorCode::kKey,
                        fmt::format("has version {}, which this program is too old for: it reads version 1",
                                    version.substr(0, 10)));
        }
        return damaged("its first line is not whole");
    }
    if (text.size() < kFirstLine.size() + kChecksumLineSize || !text.ends_with('\n')) {
        return damaged("its end is missing");
    }
    const std::string_view covered = text.substr(0, text.size() - kChecksumLineSize);
    const std::string_view last_line = text.substr(covered.size());
    if (!covered.ends_with('\n') || !last_line.starts_with(kChecksumLabel) ||
        last_line.substr(kChecksumLabel.size(), 16) != checksum_of(covered)) {
        return damaged("it does not match its checksum, so bytes are missing, added or altered");
    }
    return covered.substr(kFirstLine.size());
}

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
    const Result<std::string_view> body = checked_body(text);
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
    text.append(fmt::format("{}{}\n", kChecksumLabel, checksum_of(text.view())));
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
