#include "wm/party.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/checked_lines.h"
#include "base/hex.h"
#include "base/new_file.h"
#include "watermark/secret_memory.h"
#include "wm/key.h"

namespace wm {
namespace {

constexpr LineFileKind kIdentityKind = {"wm-identity", "a wm identity (.id)"};
constexpr LineFileKind kPartyKind = {"wm-party", "a party's public file (.pub)"};
constexpr std::size_t kMaxFileSize = 1024;
constexpr std::size_t kSeedSize = crypto_sign_SEEDBYTES;

tl::unexpected<Error> fail_at(const std::string& path, const Error& error) {
    return fail(error.code, fmt::format("the file {} {}", path, error.message));
}

std::string head_of(const LineFileKind& kind, const Party& party) {
    return fmt::format("{} 1\nname {}\nkid {}\n", kind.magic, party.name, party.kid());
}

std::string party_text(const Party& party) {
    const std::string head = head_of(kPartyKind, party);
    return head + checksum_line(head);
}

SecretText identity_text(const Party& party, std::span<const std::uint8_t> seed) {
    SecretText text(kMaxFileSize);
    text.append(head_of(kIdentityKind, party));
    text.append("seed ");
    text.append_hex(seed);
    text.append("\n");
    text.append(checksum_line(text.view()));
    return text;
}

/// One party, one text: nothing may hide in odd spellings or between the lines.
tl::unexpected<Error> odd_spelling() {
    return damaged("it is not written as version 1 says");
}

/// Reads the lines that both kinds of file begin with.
Result<Party> take_party(LineReader& lines) {
    Party party;
    const std::optional<std::string_view> name = lines.take("name");
    if (!name || !check_key_name(*name) || !lines.take_hex("kid", party.public_key)) {
        return damaged("its name or kid is missing");
    }
    party.name = *name;
    return party;
}

} // namespace

std::string Party::kid() const {
    return to_hex(public_key);
}

Result<Party> Party::load(const std::string& path) {
    const Result<SecretText> text = read_secret_file(path, kMaxFileSize, "the file");
    if (!text) {
        return tl::unexpected(text.error());
    }
    Result<Party> party = checked_body(text->view(), kPartyKind).and_then([](std::string_view body) {
        LineReader lines(body);
        return take_party(lines);
    });
    if (party && party_text(*party) != text->view()) {
        party = odd_spelling();
    }
    return party ? party : fail_at(path, party.error());
}

Result<void> Party::save(const std::string& path) const {
    constexpr unsigned kForEverybody = 0644;
    return write_new_file(path, party_text(*this), kForEverybody);
}

class Identity::Secret {
public:
    explicit Secret(std::span<const std::uint8_t> seed, std::span<std::uint8_t> public_key)
        : bytes_(crypto_sign_SECRETKEYBYTES) {
        crypto_sign_seed_keypair(public_key.data(), bytes_.span().data(), seed.data());
    }

    /// Seed and public key, as libsodium wants them together.
    std::span<const std::uint8_t> bytes() const { return bytes_.span(); }

private:
    SecretBytes bytes_;
};

Identity::Identity(std::shared_ptr<const Secret> secret, Party party)
    : secret_(std::move(secret)), party_(std::move(party)) {}

Result<Identity> Identity::generate(std::string name) {
    if (Result<void> valid = check_key_name(name); !valid) {
        return tl::unexpected(valid.error());
    }
    SecretBytes seed(kSeedSize);
    randombytes_buf(seed.span().data(), seed.span().size());
    Party party{std::move(name), {}};
    auto secret = std::make_shared<const Secret>(seed.span(), party.public_key);
    return Identity(std::move(secret), std::move(party));
}

Result<Identity> Identity::load(const std::string& path) {
    const Result<SecretText> text = read_secret_file(path, kMaxFileSize, "the identity");
    if (!text) {
        return tl::unexpected(text.error());
    }
    const Result<std::string_view> body = checked_body(text->view(), kIdentityKind);
    if (!body) {
        return fail_at(path, body.error());
    }
    LineReader lines(*body);
    Result<Party> party = take_party(lines);
    SecretBytes seed(kSeedSize);
    if (party && !lines.take_hex("seed", seed.span())) {
        party = damaged("its seed is missing");
    }
    if (party && identity_text(*party, seed.span()).view() != text->view()) {
        party = odd_spelling();
    }
    if (!party) {
        return fail_at(path, party.error());
    }
    const std::string written_kid = party->kid();
    auto secret = std::make_shared<const Secret>(seed.span(), party->public_key);
    if (party->kid() != written_kid) {
        return fail(ErrorCode::kKey, fmt::format("the file {} says kid {}, but its seed gives {}: somebody changed it",
                                                 path, written_kid, party->kid()));
    }
    return Identity(std::move(secret), *std::move(party));
}

Result<void> Identity::save(const std::string& path) const {
    return write_new_file(path, identity_text(party_, secret_->bytes().first(kSeedSize)).view());
}

std::array<std::uint8_t, 64> Identity::sign(std::string_view message) const {
    std::array<std::uint8_t, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                         message.size(), secret_->bytes().data());
    return signature;
}

} // namespace wm
