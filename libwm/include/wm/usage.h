#pragma once

/// From logs of what was used, and the registry's claims, to who is owed what (docs/provenance.md, "Reports of use").
///
/// All amounts are whole numbers of a smallest unit: cents of a currency, or millionths of a use. What comes in goes out, to the last
/// one: to rightsholders, or held back for a reason that is named. Nothing is guessed.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wm/lineage.h"
#include "wm/registry.h"
#include "wm/verdict.h"

namespace wm {

/// A line of a usage log (docs/schemas/wm.usage-1.json).
struct UsageEvent {
    std::string id; ///< the same id is the same event, in however many logs it stands
    std::int64_t time_s = 0;
    std::string file;
    std::string licensee;
    Decision decision = Decision::kReview;
    std::vector<std::string> subjects; ///< of the claims that were found in the recording
    std::vector<Answer> answers;
    std::int64_t num_uses = 1;
    std::int64_t amount = 0; ///< what was earned with it, in the currency's smallest unit
    std::string currency;    ///< ISO 4217; empty without an amount
    std::string text;        ///< canonical JSON
    std::string place;       ///< "usage.ndjson:12"
};

/// What could not be counted, or not as it stands.
struct UsageException {
    std::string code; ///< wm explain has it
    std::string place;
    std::string detail;
    std::int64_t amount = 0;
    std::string currency;
};

struct UsageLog {
    std::vector<UsageEvent> events;
    std::vector<UsageException> exceptions;
};

/// Reads a log. A line that cannot be read (cut, changed, without an id) is an exception.
///
/// name   what `place` begins with
UsageLog read_usage_log(std::string_view text, const std::string& name);

/// Amounts by unit: a currency, or kUseUnit.
using Amounts = std::map<std::string, std::int64_t>;

/// Millionths of a use.
inline constexpr const char* kUseUnit = "use";
inline constexpr std::int64_t kUnitsPerUse = 1'000'000;

/// What was done with a recording, and under which licence.
struct UsedAs {
    std::string subject; ///< of the claim on what was used
    Use use = Use::kStream;
    std::string territory; ///< empty: all of them
    std::string licence_id;
    std::string licensee;
    auto operator<=>(const UsedAs&) const = default;
};

/// What one rightsholder is owed for one kind of use.
struct UsageShare {
    std::string
        rightsholder;    ///< "isni:...", "ipi:...", "kid:...", or "party:CLAIM#REF" where the claim names none of them
    std::string name;    ///< as one of the claims has it
    std::string subject; ///< of the claim that names them: what was used, or what that was made from
    UsedAs used;
    Amounts amounts;
};

/// What is owed, and cannot be paid out for a reason.
struct HeldAmount {
    std::string code;
    std::string subject; ///< of the claim that is the reason; empty: there is none
    UsedAs used;         ///< its subject is empty where no single recording is known
    Amounts amounts;
};

/// Who is to be named with a recording.
struct UsageCredit {
    std::string used;    ///< the subject of what was used
    std::string subject; ///< of the claim that names them
    std::string name;
    std::vector<std::string> roles;
};

struct UsageReport {
    std::vector<UsageShare> shares; ///< each list in an order of its own, whatever the logs' was
    std::vector<HeldAmount> held;
    std::vector<UsageCredit> credits;
    std::vector<UsageException> exceptions;
    Amounts in;                        ///< the sums of `shares` and `held` are the same
    std::uint64_t num_events = 0;      ///< counted
    std::uint64_t num_outside = 0;     ///< of another time
    std::uint64_t num_not_allowed = 0; ///< checks that allowed nothing
    std::uint64_t num_unclaimed = 0;   ///< allowed, and nobody's that is registered
};

struct UsageReportOptions {
    Period period;
    std::string rights_type; ///< which rows of a split the money is for; empty: the only type there is
    std::int64_t pool = 0;   ///< to be divided among all uses alike, beside the amounts in the logs
    std::string currency;    ///< of the pool
};

/// Counts events, each once, and divides what they bring.
///
/// claims   the histories of all that is used, and of all that it was made from (find_used_claims)
/// cost     n log n in events
/// threads  reentrant
UsageReport report_usage(UsageLog log, std::span<const ClaimHistory> claims, const UsageReportOptions& options);

/// What report_usage() needs of a registry. errors: as Registry::find()
Result<std::vector<ClaimHistory>> find_used_claims(const Registry& registry, const UsageLog& log, const TreeHead& head);

} // namespace wm
