#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/hex.h"
#include "wm/claim.h"

namespace wm {
namespace {

/// More rows than any split has; checking them against each other takes their square.
constexpr std::size_t kMaxRights = 256;

constexpr std::size_t kMaxParents = 256;

/// What sums of percentages may be off by: they are doubles.
constexpr double kRounding = 1e-6;

/// Stands for every territory that no row names.
constexpr std::string_view kElsewhere = "--";

/// Runs checks until one fails, and puts the place before its message.
class Checks {
public:
    void add(const std::string& place, const Result<void>& check) {
        if (result_ && !check) {
            result_ = fail(check.error().code, fmt::format("{}: {}", place, check.error().message));
        }
    }

    void add_if_given(const std::string& place, const std::string& value, Result<void> (*check)(std::string_view)) {
        if (!value.empty()) {
            add(place, check(value));
        }
    }

    void expect(bool holds, const std::string& place, const std::string& message) {
        add(place, holds ? Result<void>() : fail(ErrorCode::kFormat, message));
    }

    const Result<void>& result() const { return result_; }

private:
    Result<void> result_;
};

void check_territories(Checks& checks, const std::string& place, const Territories& territories) {
    checks.expect(!territories.included.empty(), place + ".territories", "at least one is needed, or Worldwide");
    for (const std::string& code : territories.included) {
        checks.add(place + ".territories", check_territory(code));
    }
    for (const std::string& code : territories.excluded) {
        checks.add(place + ".excludedTerritories", check_territory(code));
        checks.expect(code != kWorldwide, place + ".excludedTerritories", "Worldwide leaves nothing over");
    }
}

void check_parties(Checks& checks, const Claim& claim) {
    std::set<std::string> refs;
    for (std::size_t k = 0; k < claim.parties.size(); ++k) {
        const Contributor& party = claim.parties[k];
        const std::string place = fmt::format("parties[{}]", k);
        checks.expect(refs.insert(party.ref).second, place + ".ref", fmt::format("\"{}\" is there twice", party.ref));
        checks.add_if_given(place + ".isni", party.isni, check_isni);
        checks.add_if_given(place + ".ipi", party.ipi, check_ipi);
        std::array<std::uint8_t, 32> key{};
        checks.expect(party.kid.empty() || from_hex(party.kid, key), place + ".kid",
                      "64 hex digits are wanted: what `wm party show` prints");
    }
    for (std::size_t k = 0; k < claim.rights.size(); ++k) {
        checks.expect(refs.contains(claim.rights[k].party), fmt::format("rights[{}].party", k),
                      fmt::format("no party has the ref \"{}\"", claim.rights[k].party));
    }
}

/// Every territory that a row names, and kElsewhere: between them they show every difference.
std::set<std::string_view> telling_territories(const std::vector<Right>& rights) {
    std::set<std::string_view> codes = {kElsewhere};
    for (const Right& right : rights) {
        codes.insert(right.territories.included.begin(), right.territories.included.end());
        codes.insert(right.territories.excluded.begin(), right.territories.excluded.end());
    }
    codes.erase(kWorldwide);
    return codes;
}

bool share_a_territory(const Right& a, const Right& b, const std::set<std::string_view>& codes) {
    return std::any_of(codes.begin(), codes.end(),
                       [&](std::string_view code) { return a.territories.cover(code) && b.territories.cover(code); });
}

/// The rows of one party for one right must not overlap.
void check_overlaps(Checks& checks, const std::vector<Right>& rights, const std::set<std::string_view>& codes) {
    for (std::size_t j = 0; j < rights.size(); ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            const Right& a = rights[i];
            const Right& b = rights[j];
            const bool is_double = a.party == b.party && a.rights_type == b.rights_type &&
                                   overlap(a.validity, b.validity) && share_a_territory(a, b, codes);
            checks.expect(!is_double, fmt::format("rights[{}]", j),
                          fmt::format("its dates and territories overlap those of rights[{}], for the same party", i));
        }
    }
}

/// The sum only rises where a row begins, so that looking there finds every excess.
void check_sums(Checks& checks, const std::vector<Right>& rights, const std::set<std::string_view>& codes) {
    for (std::size_t k = 0; k < rights.size(); ++k) {
        const Right& beginning = rights[k];
        const std::int64_t time = beginning.validity.from ? beginning.validity.from->unix_s : 0;
        for (const std::string_view code : codes) {
            double sum = 0;
            for (const Right& right : rights) {
                const bool counts = right.rights_type == beginning.rights_type && right.validity.contains(time) &&
                                    right.territories.cover(code);
                sum += counts ? right.share_percent : 0;
            }
            checks.expect(sum <= 100 + kRounding, fmt::format("rights[{}]", k),
                          fmt::format("the shares add up to {:.6g} % {}", sum,
                                      code == kElsewhere ? "worldwide" : fmt::format("in {}", code)));
        }
    }
}

void check_rights(Checks& checks, const std::vector<Right>& rights) {
    checks.expect(rights.size() <= kMaxRights, "rights", fmt::format("more than {} rows", kMaxRights));
    for (std::size_t k = 0; k < rights.size(); ++k) {
        const std::string place = fmt::format("rights[{}]", k);
        checks.add(place, check_period(rights[k].validity));
        check_territories(checks, place, rights[k].territories);
        checks.expect(rights[k].share_percent > 0 && rights[k].share_percent <= 100, place + ".sharePercent",
                      fmt::format("{} is not above 0 and at most 100", rights[k].share_percent));
    }
    if (checks.result()) {
        const std::set<std::string_view> codes = telling_territories(rights);
        check_overlaps(checks, rights, codes);
        check_sums(checks, rights, codes);
    }
}

void check_match_policy(Checks& checks, const std::vector<MatchRule>& rules) {
    for (std::size_t k = 0; k < rules.size(); ++k) {
        const std::string place = fmt::format("matchPolicy[{}]", k);
        check_territories(checks, place, rules[k].territories);
        checks.expect(!rules[k].uses.empty(), place + ".uses", "at least one is needed");
        checks.expect(rules[k].decision != Decision::kUnknown, place + ".decision",
                      "block, review, allow or allow_with_terms is wanted");
        checks.expect(std::none_of(rules[k].uses.begin(), rules[k].uses.end(), is_ai_use), place + ".uses",
                      "AI uses are decided by trainingMining and licences, not here");
    }
}

/// Parents are other recordings, each named once, and together earn no more than there is.
void check_lineage(Checks& checks, const Claim& claim) {
    std::set<std::string> names;
    double sum = 0;
    for (std::size_t k = 0; k < claim.derived_from.size(); ++k) {
        const Derivation& parent = claim.derived_from[k];
        const std::string place = fmt::format("derivedFrom[{}]", k);
        const std::string& name = parent.isrc.empty() ? parent.claim_id : parent.isrc;
        checks.expect(parent.isrc.empty() != parent.claim_id.empty(), place, "either isrc or claimId is wanted");
        checks.add_if_given(place + ".isrc", parent.isrc, check_isrc);
        checks.expect(names.insert(name).second, place, fmt::format("{} is there twice", name));
        checks.expect(name != claim.claim_id && name != claim.supersedes &&
                          (parent.isrc.empty() || name != claim.recording.isrc),
                      place, "a recording cannot be made from itself");
        const double share = parent.share_percent.value_or(0);
        checks.expect(share >= 0 && share <= 100, place + ".sharePercent",
                      fmt::format("{} is not from 0 to 100", share));
        sum += share;
    }
    checks.expect(claim.derived_from.size() <= kMaxParents, "derivedFrom", fmt::format("more than {}", kMaxParents));
    checks.expect(sum <= 100 + kRounding, "derivedFrom", fmt::format("the parents' shares add up to {:.6g} %", sum));
}

void check_ai(Checks& checks, const Claim& claim) {
    constexpr std::array<std::string_view, 5> kFacets = {"vocals", "instrumentation", "lyrics", "composition",
                                                         "production"};
    for (const auto& [facet, share] : claim.ai.facets) {
        checks.expect(std::find(kFacets.begin(), kFacets.end(), facet) != kFacets.end(), "ai.facets." + facet,
                      fmt::format("there is no such facet: known are {}", fmt::join(kFacets, ", ")));
    }
    for (const auto& [use, consent] : claim.training_mining) {
        checks.expect(is_ai_use(use), fmt::format("trainingMining.{}", name_of(use)),
                      "only the four cawg uses have consent; say what holds for this one in matchPolicy");
    }
}

} // namespace

Result<void> check_licence(const Licence& licence) {
    Checks checks;
    checks.expect(!licence.licensee.empty(), "licensee", "it is missing");
    checks.expect(!licence.uses.empty(), "uses", "at least one is needed");
    check_territories(checks, "licence", licence.territories);
    checks.add("licence", check_period(licence.validity));
    return checks.result();
}

Result<void> check_claim(const Claim& claim) {
    Checks checks;
    checks.expect(!claim.recording.title.empty(), "recording.title", "it is empty");
    checks.add_if_given("recording.isrc", claim.recording.isrc, check_isrc);
    checks.expect(claim.recording.duration_ms.value_or(0) >= 0, "recording.durationMs", "it is below 0");
    checks.expect(claim.serial >= 1, "serial", "it counts from 1");
    for (std::size_t k = 0; k < claim.works.size(); ++k) {
        checks.add_if_given(fmt::format("works[{}].iswc", k), claim.works[k].iswc, check_iswc);
    }
    checks.add_if_given("release.icpn", claim.release.icpn, check_icpn);
    checks.add_if_given("release.grid", claim.release.grid, check_grid);
    check_parties(checks, claim);
    check_rights(checks, claim.rights);
    check_lineage(checks, claim);
    check_ai(checks, claim);
    check_match_policy(checks, claim.match_policy);
    for (std::size_t k = 0; k < claim.licences.size(); ++k) {
        checks.add(fmt::format("licences[{}]", k), check_licence(claim.licences[k]));
    }
    return checks.result();
}

} // namespace wm
