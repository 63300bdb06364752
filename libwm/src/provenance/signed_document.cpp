#include "provenance/signed_document.h"

#include <sodium.h>

#include "base/hex.h"
#include "watermark/secret_memory.h"

namespace wm {
namespace {

constexpr const char* kAlgorithm = "Ed25519";

/// The bytes of a text of exactly 2 * bytes.size() lower-case hex digits; false for anything else. Upper case would be a
/// second spelling of one signature.
bool read_hex(const Json& json, std::span<std::uint8_t> bytes) {
    return json.is_string() && from_hex(json.get_ref<const std::string&>(), bytes) && to_hex(bytes) == json;
}

} // namespace

Json sign_document(Json document, const Identity& signer) {
    document["sig"] = {{"alg", kAlgorithm}, {"kid", signer.party().kid()}};
    document["sig"]["value"] = to_hex(signer.sign(canonical_json(document)));
    return document;
}

Result<std::string> verify_document(const Json& document) {
    const Json signature = document.is_object() ? document.value("sig", Json()) : Json();
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> public_key{};
    std::array<std::uint8_t, crypto_sign_BYTES> value{};
    const bool is_complete =
        signature.is_object() && signature.size() == 3 && signature.value("alg", Json()) == kAlgorithm &&
        read_hex(signature.value("kid", Json()), public_key) && read_hex(signature.value("value", Json()), value);
    if (!is_complete) {
        return fail(ErrorCode::kFormat, "it is not signed: sig must hold alg (Ed25519), kid and value");
    }
    Json covered = document;
    covered["sig"].erase("value");
    const std::string message = canonical_json(covered);
    init_sodium();
    if (crypto_sign_verify_detached(value.data(), reinterpret_cast<const unsigned char*>(message.data()),
                                    message.size(), public_key.data()) != 0) {
        return fail(ErrorCode::kFormat, "its signature does not hold: somebody changed it after it was signed");
    }
    return signature["kid"].get<std::string>();
}

} // namespace wm
