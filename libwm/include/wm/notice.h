#pragma once

/// Public notices: what a rightsholder chose, written into the sound itself under a key that everybody has.
///
/// A notice is a mark of the well-known key Key::of_public_notices(), whose 64-bit payload is the notice itself (docs/formats.md,
/// "Public notice"). Reading one takes no registry and no secret. Writing one takes none either: a notice is not authenticated,
/// says what somebody wishes as robots.txt does, and may restrict and disclose, but never allow (docs/provenance.md).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wm/claim.h"
#include "wm/result.h"

namespace wm {

/// What a notice says.
struct PublicNotice {
    Consents training_mining;           ///< of the four AI uses only; a notice has no room for a constraint's words
    std::optional<AiShare> contains_ai; ///< what AI did; absent: undeclared
    std::uint32_t issuer = 0;           ///< issuer_code() of who wrote it; 0: undeclared
    bool operator==(const PublicNotice&) const = default;
};

/// The payload that says it. Uses that are not AI uses are left out.
std::uint64_t pack_notice(const PublicNotice& notice);

/// The notice that a payload says. errors: kFormat (its check fails: no notice, or a damaged one), kUnsupported (a version or a
/// field of a later libwm)
Result<PublicNotice> unpack_notice(std::uint64_t payload);

/// A 32-bit stand-in for an issuer's name, web address or kid: the first four bytes of its SHA-256, never 0 (1 stands for it);
/// 0 for an empty name. Confirms a name that is known; others may share it.
std::uint32_t issuer_code(std::string_view name);

/// Eight lower-case hex digits.
std::string format_issuer(std::uint32_t issuer);

/// Reads declarations such as `ai_training=notAllowed`, `cawg.data_mining=constrained`, `containsAI=None`.
/// errors   kUsage: an unknown name (says which is near), no `=`, the same thing declared twice, nothing declared
Result<PublicNotice> parse_notice(const std::vector<std::string>& declarations, std::string_view issuer = {});

/// The notice of several that a recording carries: of each use the strictest choice, the larger share of AI, and the issuer if
/// they agree on it.
PublicNotice strictest(const PublicNotice& a, const PublicNotice& b);

/// "cawg.ai_training notAllowed, containsAI None, issuer 5b1e0a22".
std::string describe_notice(const PublicNotice& notice);

/// "allowed", "constrained", "notAllowed".
const char* name_of(Choice choice);

/// "None", "Partly", "All".
const char* name_of(AiShare share);

} // namespace wm
