#pragma once

#include "wm/claim.h"

namespace wm {

/// errors   kFormat
Result<void> check_licence(const Licence& licence);

/// The claim that a record is about: for a claim, itself.
const std::string& claim_id_of(const Record& record);

/// "claim", "status", "consent", "licence", "revocation", "copy".
const char* kind_of(const Record& record);

/// No record is longer, as canonical JSON: reading is bounded by it.
inline constexpr std::size_t kMaxRecordSize = 1 << 20;

} // namespace wm
