#pragma once

/// Claims as labels write them, made ready to be signed.

#include <string>

#include "wm/claim.h"

namespace wm::cli {

/// Reads a claim file: JSON by its ending .json, else TOML. errors: kIo; kFormat, naming file and field
Result<Claim> read_claim_file(const std::string& path);

/// The claim with what registration gives it: an id, the time, ids for its licences.
Claim complete_claim(Claim claim);

/// "allowed", "notAllowed" or "constrained". errors: kUsage
Result<Choice> parse_choice(const std::string& name);

/// Sets the disclosure from "None", "Partly" or "All"; an empty text leaves it. errors: kUsage
Result<void> set_contains_ai(Claim& claim, const std::string& text);

} // namespace wm::cli
