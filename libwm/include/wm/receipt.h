#pragma once

/// Receipts: a verdict that its maker signed, and that anybody can check who has the maker's public key: no registry, no network.

#include <string>
#include <string_view>
#include <vector>

#include "wm/party.h"
#include "wm/registry.h"
#include "wm/verdict.h"

namespace wm {

struct Receipt {
    std::string file;                   ///< the recording's name, as it was given
    std::string file_hash;              ///< SHA-256 of its bytes, hex; empty when it was a stream
    Verdict verdict;
    std::vector<InclusionProof> proofs; ///< one for each claim of the verdict: its record was in the registry's log
    Moment issued_at;
};

/// The receipt as signed canonical JSON (docs/schemas/wm-receipt-1.json).
std::string sign_receipt(const Receipt& receipt, const Identity& signer);

/// Reads a receipt, and checks that `party` signed it and that its proofs hold for the registry head that it names.
/// errors   kFormat: not a receipt, changed, or a proof is missing or wrong; kNotPermitted: signed by somebody else
Result<Receipt> verify_receipt(std::string_view text, const Party& party);

} // namespace wm
