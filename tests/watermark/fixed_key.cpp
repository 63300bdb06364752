#include "fixed_key.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <span>

#include <fmt/format.h>
#include <sodium.h>
#include <xxhash.h>

#include "base/hex.h"
#include "temporary_folder.h"

namespace wm::test {
namespace {

using Secret = std::array<std::uint8_t, 32>;

/// What Key derives for its public id, from BLAKE2b's definition in docs/formats.md.
std::string id_of(const Secret& secret) {
    constexpr std::size_t kPersonalSize = crypto_generichash_blake2b_PERSONALBYTES;
    const std::array<std::uint8_t, crypto_generichash_blake2b_SALTBYTES> salt{};
    std::array<std::uint8_t, kPersonalSize> personal{};
    std::copy_n("wm/key-id/1", 11, personal.begin());
    std::array<std::uint8_t, 32> hash{};
    crypto_generichash_blake2b_salt_personal(hash.data(), hash.size(), nullptr, 0, secret.data(), secret.size(),
                                             salt.data(), personal.data());
    return to_hex(std::span(hash).first(8));
}

Key key_of(const Secret& secret, const std::string& name) {
    std::string text = fmt::format("wm-key 1\nname {}\nid {}\nsecret {}\n", name, id_of(secret), to_hex(secret));
    text += fmt::format("checksum {:016x}\n", XXH3_64bits(text.data(), text.size()));
    const TemporaryFolder folder;
    write_text(folder / "fixed.key", text);
    return Key::load(folder / "fixed.key").value();
}

} // namespace

Key fixed_key(std::uint64_t seed, const std::string& name) {
    std::mt19937_64 random(seed);
    Secret secret;
    std::generate(secret.begin(), secret.end(), [&random] { return static_cast<std::uint8_t>(random() >> 56); });
    return key_of(secret, name);
}

Key golden_key() {
    Secret secret;
    std::iota(secret.begin(), secret.end(), std::uint8_t{0});
    return key_of(secret, "golden");
}

} // namespace wm::test
