#pragma once

/// Who signs claims and receipts: an Ed25519 key pair with a display name.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// The public half of an identity: what others need to check its signatures.
struct Party {
    std::string name;                             ///< for people; not authenticated by anything but who gave you the file
    std::array<std::uint8_t, 32> public_key{};    ///< Ed25519 (RFC 8032)

    /// The public key as 64 lower-case hex digits: the `kid` of signatures, which therefore need no directory.
    std::string kid() const;

    /// Reads and writes a .pub file (docs/formats.md). errors: kIo, kKey (damaged); save: kUsage (`path` exists)
    static Result<Party> load(const std::string& path);
    Result<void> save(const std::string& path) const;
};

/// A party's secret half. Copies share one locked, zeroed-on-free secret.
///
/// threads  immutable after creation: any number of threads may use one
class Identity {
public:
    /// A new identity from the operating system's CSPRNG. errors: kUsage (a name that check_key_name() refuses)
    static Result<Identity> generate(std::string name);

    /// Reads an .id file (docs/formats.md). errors: kIo, kKey (damaged, or somebody changed it)
    static Result<Identity> load(const std::string& path);

    /// Writes the file with mode 0600, whole or not at all; never over another. errors: kIo, kUsage (`path` exists)
    Result<void> save(const std::string& path) const;

    const Party& party() const { return party_; }

    /// The Ed25519 signature of `message`.
    std::array<std::uint8_t, 64> sign(std::string_view message) const;

private:
    class Secret;
    Identity(std::shared_ptr<const Secret> secret, Party party);
    std::shared_ptr<const Secret> secret_;
    Party party_;
};

} // namespace wm
