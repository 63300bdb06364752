#pragma once

/// JSON objects signed over their canonical form: `sig` = {alg: "Ed25519", kid, value}, where `value` signs all the rest, `alg`
/// and `kid` included. Every document names its `schema`, which keeps a signature of one kind from standing for another.

#include <string>

#include "provenance/canonical_json.h"
#include "wm/party.h"

namespace wm {

/// `document`, an object without `sig`, signed.
Json sign_document(Json document, const Identity& signer);

/// Checks the signature of `document` and returns the signer's kid. errors: kFormat
Result<std::string> verify_document(const Json& document);

} // namespace wm
