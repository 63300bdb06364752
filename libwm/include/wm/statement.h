#pragma once

/// Signed documents besides records and receipts: what an audit or a report of use came to, as JSON objects that name their schema
/// and, with their SHA-256, the files that say it in full.

#include <string>
#include <string_view>

#include "wm/party.h"
#include "wm/result.h"

namespace wm {

/// The document as canonical JSON (RFC 8785) with a `sig`. errors: kFormat (no JSON object, or one that is signed already)
Result<std::string> sign_statement(std::string_view json, const Identity& signer);

/// Checks that `party` signed the document, and nobody changed it. Needs no registry.
/// errors   kFormat: changed, or no signed document; kNotPermitted: signed by somebody else
Result<void> verify_statement(std::string_view text, const Party& party);

} // namespace wm
