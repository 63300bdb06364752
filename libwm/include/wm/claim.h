#pragma once

/// What rightsholders say about a recording, and how they sign it (docs/provenance.md, docs/schemas/wm-claim-1.json).
///
/// The fields bear the names that the JSON and TOML forms have, in snake case.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wm/moment.h"
#include "wm/party.h"
#include "wm/result.h"

namespace wm {

/// What somebody may want to do with a recording.
enum class Use {
    kDistribute,
    kStream,
    kMonetise,
    kDerive, ///< remix, mash-up, cover
    kSync,
    kDataMining,           ///< this and the rest: CAWG training-and-data-mining 1.1
    kAiInference,
    kAiTraining,
    kAiGenerativeTraining,
};

/// "stream", "cawg.ai_training", ...
const char* name_of(Use use);

/// Reads such a name; `cawg.` may be left out, and the older `c2pa.` stands for it. errors: kUsage, with the known names
Result<Use> parse_use(std::string_view name);

/// Whether the use is one of the four that consent speaks of.
bool is_ai_use(Use use);

/// ISO 3166-1 alpha-2 codes; "Worldwide" is all of them.
struct Territories {
    std::vector<std::string> included;
    std::vector<std::string> excluded;

    /// Whether the territory is in it; "Worldwide" is only when nothing is left out.
    bool cover(std::string_view territory) const;
    bool operator==(const Territories&) const = default;
};

inline constexpr std::string_view kWorldwide = "Worldwide";

/// errors   kFormat
Result<void> check_territory(std::string_view code);

/// What somebody in charge thinks of a use; from free to strict.
enum class Decision { kAllow, kAllowWithTerms, kUnknown, kReview, kBlock };

/// "allow", "allow_with_terms", "unknown", "review", "block".
const char* name_of(Decision decision);

enum class Choice { kAllowed, kConstrained, kNotAllowed };

struct Consent {
    Choice use = Choice::kNotAllowed;
    std::string constraint_info;
    bool operator==(const Consent&) const = default;
};

/// For each use that the rightsholder chose about; the others are undeclared.
using Consents = std::map<Use, Consent>;

enum class AiShare { kNone, kPartly, kAll };

struct AiDisclosure {
    std::optional<AiShare> contains_ai;      ///< absent: undeclared, which is not "None"
    std::map<std::string, AiShare> facets;   ///< vocals, instrumentation, lyrics, composition, production
    std::string digital_source_type;         ///< IPTC's word for it
    std::string declared_by;
    std::optional<Moment> declared_at;
    std::vector<std::string> tools;
    bool operator==(const AiDisclosure&) const = default;
};

struct Recording {
    std::string isrc;
    std::string title;
    std::optional<std::int64_t> duration_ms;
    std::string p_line;
    bool operator==(const Recording&) const = default;
};

struct Work {
    std::string iswc;
    std::string title;
    bool operator==(const Work&) const = default;
};

struct Release {
    std::string icpn; ///< UPC or EAN
    std::string grid;
    bool operator==(const Release&) const = default;
};

/// A person or firm that the claim names.
struct Contributor {
    std::string ref; ///< what `rights` calls it
    std::string name;
    std::string isni;
    std::string ipi;
    std::string kid; ///< its public key, when it may set consent by itself
    std::vector<std::string> roles;
    std::optional<AiShare> ai_contribution;
    bool operator==(const Contributor&) const = default;
};

struct Right {
    std::string party; ///< a Contributor's ref
    std::string rights_type;
    double share_percent = 100;
    Territories territories;
    Period validity;
    bool operator==(const Right&) const = default;
};

/// A recording that this one was made from: a remix's original, a mash-up's parts, what a generated track builds on.
struct Derivation {
    std::string claim_id;                ///< either this, of any of the parent's records,
    std::string isrc;                    ///< or this
    std::optional<double> share_percent; ///< of what the derived recording earns; absent: not agreed, which is not 0
    std::string licence;                 ///< the parent's licence to derive, granted to the derived claim's owner by its kid
    bool operator==(const Derivation&) const = default;
};

struct Licence {
    std::string id;       ///< UUIDv7
    std::string licensee; ///< e.g. "dpid:PADPIDA2014"
    std::vector<Use> uses;
    Territories territories;
    Period validity;
    std::string terms;
    std::string compensation;
    bool operator==(const Licence&) const = default;
};

/// What happens to a use that has no licence, where the rightsholder says so beforehand.
struct MatchRule {
    std::vector<Use> uses; ///< none of the AI uses
    Territories territories;
    Decision decision = Decision::kBlock; ///< any but kUnknown
    std::string terms;
    bool operator==(const MatchRule&) const = default;
};

/// How the claim is tied to sound.
struct Binding {
    std::string alg;   ///< "wm.watermark/1", "wm.fingerprint/1", ...
    std::string type;  ///< "watermark" or "fingerprint"
    std::string value; ///< the mark's id; the fingerprint's track in the registry's index
    bool operator==(const Binding&) const = default;
};

enum class ClaimStatus { kActive, kSuspended, kDisputed, kRevoked };

/// "active", "suspended", "disputed", "revoked".
const char* name_of(ClaimStatus status);

struct Claim {
    std::string claim_id;                ///< UUIDv7, of this record
    std::optional<std::uint64_t> wm_id;  ///< the id of the marked recording
    std::int64_t serial = 1;             ///< 1 more than that of what it supersedes
    std::string supersedes;              ///< the claim_id of an earlier record
    ClaimStatus status = ClaimStatus::kActive;
    Recording recording;
    std::vector<Work> works;
    Release release;
    std::vector<Contributor> parties;
    std::vector<Right> rights;
    std::vector<Derivation> derived_from;
    AiDisclosure ai;
    Consents training_mining;
    std::vector<Licence> licences;
    std::vector<MatchRule> match_policy;
    std::vector<Binding> bindings;
    std::string contact;
    std::optional<Moment> issued_at;
    bool operator==(const Claim&) const = default;
};

/// Suspends, disputes, revokes, or makes active again.
struct StatusChange {
    std::string claim_id;
    ClaimStatus status = ClaimStatus::kActive;
    std::string reason;
    std::optional<Moment> issued_at;
    bool operator==(const StatusChange&) const = default;
};

/// A later choice about AI uses; those that it does not name stay as they were.
struct ConsentChange {
    std::string claim_id;
    Consents training_mining;
    std::optional<Moment> issued_at;
    bool operator==(const ConsentChange&) const = default;
};

struct LicenceGrant {
    std::string claim_id;
    Licence licence;
    std::optional<Moment> issued_at;
    bool operator==(const LicenceGrant&) const = default;
};

struct LicenceRevocation {
    std::string claim_id;
    std::string licence_id;
    std::string reason;
    std::optional<Moment> issued_at;
    bool operator==(const LicenceRevocation&) const = default;
};

/// Another marked copy of a claim's recording: its id leads to the claim, and to who received it.
struct CopyIssue {
    std::string claim_id;
    std::uint64_t wm_id = 0;
    std::string recipient;
    std::optional<Moment> issued_at;
    bool operator==(const CopyIssue&) const = default;
};

/// Everything that a registry's log holds.
using Record = std::variant<Claim, StatusChange, ConsentChange, LicenceGrant, LicenceRevocation, CopyIssue>;

/// A record whose signature holds.
struct SignedRecord {
    Record record;
    std::string kid;  ///< the signer (Party::kid)
    std::string text; ///< canonical JSON (RFC 8785)
};

/// Reads a claim as a label writes it: TOML with the record's own names, of which only `schema` and `recording.title` are
/// needed. What registration fills in (claimId, serial, licence ids, sig, ...) may be absent.
/// errors   kFormat: says which field, what is wrong, and for an unknown one which is meant
Result<Claim> parse_claim_toml(std::string_view text);

/// The same from JSON.
Result<Claim> parse_claim_json(std::string_view text);

/// Checks identifiers, shares (at most 100 % for a rights type in any territory at any time), dates, territories and
/// references of a claim. errors: kFormat
Result<void> check_claim(const Claim& claim);

/// The record as canonical JSON, signed. errors: kFormat (check_claim)
Result<SignedRecord> sign_record(const Record& record, const Identity& signer);

/// Reads a signed record and checks its form and its signature. errors: kFormat
Result<SignedRecord> read_signed_record(std::string_view text);

/// The claim as indented JSON, for people.
std::string describe_claim_json(const Claim& claim);

/// A new UUIDv7 (RFC 9562, section 5.7): 48 bits of the clock in milliseconds, 74 random ones.
std::string new_uuid();

/// Identifier checks. Each error (kFormat) says which character or digit is wrong, or what the check digit should be.
Result<void> check_isrc(std::string_view text); ///< ISO 3901: USRC17607839
Result<void> check_iswc(std::string_view text); ///< ISO 15707: T-034.524.680-1
Result<void> check_isni(std::string_view text); ///< ISO 27729: 0000000081266409
Result<void> check_icpn(std::string_view text); ///< GTIN-12 (UPC-A) or GTIN-13 (EAN): 075596130967
Result<void> check_grid(std::string_view text); ///< Global Release Identifier: A12425GABC1234002M
Result<void> check_ipi(std::string_view text);  ///< IPI name number, 11 digits: 00014107338

} // namespace wm
