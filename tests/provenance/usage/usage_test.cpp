#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../lineage/lineages.h"
#include "provenance/lineage/rule_parents.h"
#include "provenance/usage/apportion.h"
#include "wm/usage.h"

namespace wm {
namespace {

using namespace test;

constexpr std::int64_t kDay_s = 86'400;

/// A line of a log: one use in France, allowed.
std::string usage_line(const std::string& id, const std::string& subject, const std::string& more = "") {
    return fmt::format(
               R"({{"schema":"wm.usage/1","id":"{}","time":"2026-10-01T00:00:00Z","file":"a.wav","licensee":"{}",)"
               R"("decision":"allow","claims":[{{"claim":"{}","subject":"{}","isrc":""}}],)"
               R"("answers":[{{"use":"stream","territory":"FR","decision":"allow","licence":"L"}}]{}}})",
               id, kLicensee, subject, subject, more) +
           "\n";
}

Contributor party(const std::string& ref, const std::string& name = "Somebody") {
    return {ref, name, "", "", "", {"Composer"}, {}};
}

/// A claim whose split gives `shares` to as many parties.
ClaimHistory split_claim(std::size_t number, const std::vector<double>& shares) {
    ClaimHistory claim = numbered_history(number);
    Claim& record = claim.claims.back().record;
    for (std::size_t k = 0; k < shares.size(); ++k) {
        record.parties.push_back(party("P" + std::to_string(k)));
        record.rights.push_back({record.parties.back().ref, "", shares[k], {{"Worldwide"}, {}}, {}});
    }
    return claim;
}

Amounts sum_of(const UsageReport& report) {
    Amounts sum;
    const auto add = [&](const Amounts& amounts) {
        for (const auto& [unit, amount] : amounts) {
            sum[unit] += amount;
        }
    };
    for (const UsageShare& share : report.shares) {
        add(share.amounts);
    }
    for (const HeldAmount& held : report.held) {
        add(held.amounts);
    }
    return sum;
}

/// Everything that a report says, to compare.
std::string text_of(const UsageReport& report) {
    std::string text;
    const auto add = [&](const std::string& what, const UsedAs& used, const Amounts& amounts) {
        for (const auto& [unit, amount] : amounts) {
            text += fmt::format("{} {} {} {} {} {} {}\n", what, used.subject, name_of(used.use), used.territory,
                                used.licence_id, unit, amount);
        }
    };
    for (const UsageShare& share : report.shares) {
        add(share.rightsholder + " " + share.name + " " + share.subject, share.used, share.amounts);
    }
    for (const HeldAmount& held : report.held) {
        add(held.code + " " + held.subject, held.used, held.amounts);
    }
    return text;
}

UsageReport report_on(const std::string& text, const std::vector<ClaimHistory>& claims,
                      const UsageReportOptions& options = {}) {
    return report_usage(read_usage_log(text, "log"), claims, options);
}

std::int64_t held_as(const UsageReport& report, const std::string& code, const std::string& unit = "EUR") {
    std::int64_t sum = 0;
    for (const HeldAmount& held : report.held) {
        const auto found = held.amounts.find(unit);
        sum += held.code == code && found != held.amounts.end() ? found->second : 0;
    }
    return sum;
}

std::int64_t paid_to(const UsageReport& report, const std::string& rightsholder, const std::string& unit = "EUR") {
    std::int64_t sum = 0;
    for (const UsageShare& share : report.shares) {
        const auto found = share.amounts.find(unit);
        sum += share.rightsholder == rightsholder && found != share.amounts.end() ? found->second : 0;
    }
    return sum;
}

const std::string kEuros = R"(,"amount":1000,"currency":"EUR")";

TEST(Apportion, GivesWhatIsLeftToTheLargestRemainders) {
    using Parts = std::vector<std::int64_t>;
    EXPECT_EQ(apportion(100, Parts{1, 1, 1}), (Parts{34, 33, 33}));
    EXPECT_EQ(apportion(10, Parts{16, 17, 67}), (Parts{1, 2, 7}));
    EXPECT_EQ(apportion(0, Parts{1, 2}), (Parts{0, 0}));
    EXPECT_EQ(apportion(7, Parts{0, 5}), (Parts{0, 7}));
    EXPECT_EQ(apportion(9'000'000'000'000'000'000, Parts{99'999'999, 1}),
              (Parts{8'999'999'910'000'000'000, 90'000'000'000}));
}

TEST(UsageReport, DividesByTheSplit) {
    const UsageReport report =
        report_on(usage_line("1", "claim-0", kEuros), {split_claim(0, {50, 33.333333, 16.666667})});
    EXPECT_EQ(paid_to(report, "party:claim-0#P0"), 500);
    EXPECT_EQ(paid_to(report, "party:claim-0#P1"), 333);
    EXPECT_EQ(paid_to(report, "party:claim-0#P2"), 167);
    EXPECT_EQ(paid_to(report, "party:claim-0#P0", kUseUnit), kUnitsPerUse / 2);
    EXPECT_TRUE(report.held.empty());
}

TEST(UsageReport, ParentsAreGivenTheirShareAndCredit) {
    std::vector<ClaimHistory> claims = {split_claim(0, {100}), split_claim(1, {100}), split_claim(2, {100})};
    derive(claims[0], claims[1], 30);
    derive(claims[1], claims[2], 50);
    const UsageReport report = report_on(usage_line("1", "claim-0", kEuros), claims);
    EXPECT_EQ(paid_to(report, "party:claim-0#P0"), 700);
    EXPECT_EQ(paid_to(report, "party:claim-1#P0"), 150);
    EXPECT_EQ(paid_to(report, "party:claim-2#P0"), 150);
    EXPECT_EQ(report.credits.size(), 3U);
}

TEST(UsageReport, NothingIsGuessed) {
    const auto code_held = [](std::vector<ClaimHistory> claims, const std::string& code) {
        return held_as(report_on(usage_line("1", "claim-0", kEuros), claims), code);
    };
    EXPECT_EQ(code_held({split_claim(0, {60, 20})}, "SPLIT_INCOMPLETE"), 200);
    EXPECT_EQ(code_held({split_claim(0, {})}, "NO_SPLIT"), 1000);
    EXPECT_EQ(code_held({}, "CLAIM_UNKNOWN"), 1000);
    std::vector<ClaimHistory> claims = {split_claim(0, {100})};
    claims[0].claims.back().record.rights[0].territories = {{"DE"}, {}};
    EXPECT_EQ(code_held(claims, "NO_SPLIT_HERE"), 1000);
    claims = {split_claim(0, {100}), split_claim(1, {100})};
    derive(claims[0], claims[1], std::nullopt);
    EXPECT_EQ(code_held(claims, "SHARE_NOT_AGREED"), 1000);
    claims = {split_claim(0, {100})};
    derive(claims[0], split_claim(7, {}), 40);
    EXPECT_EQ(code_held(claims, "PARENT_MISSING"), 400);
    claims = {split_claim(0, {50, 50})};
    claims[0].claims.back().record.rights[1].rights_type = "publishing";
    EXPECT_EQ(code_held(claims, "SEVERAL_RIGHTS_TYPES"), 1000);
    claims = {split_claim(0, {100}), split_claim(1, {100})};
    derive(claims[0], claims[1]);
    derive(claims[1], claims[0]);
    EXPECT_EQ(code_held(claims, "LINEAGE_CYCLE"), 1000);
}

TEST(UsageReport, ARightsTypeChoosesItsRows) {
    std::vector<ClaimHistory> claims = {split_claim(0, {100, 100})};
    claims[0].claims.back().record.rights[1].rights_type = "publishing";
    UsageReportOptions options;
    options.rights_type = "publishing";
    EXPECT_EQ(paid_to(report_on(usage_line("1", "claim-0", kEuros), claims, options), "party:claim-0#P1"), 1000);
}

TEST(UsageReport, AnAmountForSeveralThingsIsHeld) {
    std::string line = usage_line("1", "claim-0", kEuros);
    line.replace(line.find("]"), 1, R"(,{"claim":"claim-1","subject":"claim-1","isrc":""}])");
    const UsageReport report = report_on(line, {split_claim(0, {100}), split_claim(1, {100})});
    EXPECT_EQ(held_as(report, "SEVERAL_RECORDINGS_EARN"), 1000);
    EXPECT_EQ(paid_to(report, "party:claim-1#P0", kUseUnit), kUnitsPerUse) << "each was used";
}

TEST(UsageReport, TwoClaimsOnOneRecordingConflict) {
    std::vector<ClaimHistory> claims = {split_claim(0, {100}), split_claim(1, {100})};
    claims[1].claims.back().record.recording.isrc = claims[0].claims.back().record.recording.isrc;
    std::string line = usage_line("1", "claim-0", kEuros);
    line.replace(line.find("]"), 1, R"(,{"claim":"claim-1","subject":"claim-1","isrc":""}])");
    EXPECT_EQ(held_as(report_on(line, claims), "CONFLICTING_CLAIMS"), 1000);
}

TEST(UsageReport, CountsAnEventOnceInHoweverManyLogs) {
    const std::vector<ClaimHistory> claims = {split_claim(0, {100})};
    const std::string one = usage_line("1", "claim-0", kEuros);
    const std::string two = usage_line("2", "claim-0", kEuros);
    const UsageReport report = report_on(one + two + one, claims);
    EXPECT_EQ(report.in.at("EUR"), 2000);
    ASSERT_EQ(report.exceptions.size(), 1U);
    EXPECT_EQ(report.exceptions.front().code, "USAGE_REPEATED");
    const UsageReport contradicting =
        report_on(one + usage_line("1", "claim-0", R"(,"amount":7,"currency":"EUR")"), claims);
    EXPECT_TRUE(contradicting.in.empty()) << "neither can be believed";
    EXPECT_EQ(contradicting.exceptions.size(), 2U);
}

TEST(UsageReport, ListsALineThatWasCut) {
    const std::string log = usage_line("1", "claim-0", kEuros) + usage_line("2", "claim-0", kEuros);
    for (std::size_t length = 0; length < log.size(); ++length) {
        const UsageReport report = report_on(log.substr(0, length), {split_claim(0, {100})});
        const std::size_t num_whole = length + 1 >= log.size() ? 2 : length + 1 >= log.size() / 2 ? 1 : 0;
        EXPECT_EQ(report.num_events, num_whole) << length;
        const bool is_cut =
            length != 0 && length + 1 != log.size() && length + 1 != log.size() / 2 && length != log.size() / 2;
        EXPECT_EQ(report.exceptions.size(), is_cut ? 1U : 0U) << length;
    }
}

TEST(UsageReport, RefusesLinesThatSayTooMuch) {
    for (const std::string more :
         {R"(,"amount":-1,"currency":"EUR")", R"(,"amount":1)", R"(,"count":0)", R"(,"amount":1.5,"currency":"EUR")",
          R"(,"amount":1e300,"currency":"EUR")", R"(,"unknown":1)", R"(,"currency":"eur")",
          R"(,"amount":1,"currency":"EURO")"}) {
        const UsageLog log = read_usage_log(usage_line("1", "claim-0", more), "log");
        EXPECT_TRUE(log.events.empty()) << more;
        ASSERT_EQ(log.exceptions.size(), 1U) << more;
        EXPECT_EQ(log.exceptions.front().place, "log:1");
    }
}

TEST(UsageReport, AnAmountOfNothingMayNameItsCurrency) {
    for (const std::string more : {R"(,"amount":0,"currency":"EUR")", R"(,"currency":"EUR")", R"(,"amount":0)"}) {
        const UsageReport report = report_on(usage_line("1", "claim-0", more), {split_claim(0, {100})});
        EXPECT_EQ(report.num_events, 1U) << more;
        EXPECT_TRUE(report.exceptions.empty()) << more;
        EXPECT_EQ(report.in.count("EUR"), 0U) << more;
    }
}

TEST(UsageReport, CountsOnlyItsPeriod) {
    UsageReportOptions options;
    options.period = {Moment{kTime_s, true}, Moment{kTime_s, true}};
    const std::vector<ClaimHistory> claims = {split_claim(0, {100})};
    EXPECT_EQ(report_on(usage_line("1", "claim-0"), claims, options).num_events, 1U);
    options.period = {Moment{kTime_s + kDay_s, true}, std::nullopt};
    EXPECT_EQ(report_on(usage_line("1", "claim-0"), claims, options).num_outside, 1U);
}

TEST(UsageReport, UsesTheSplitOfTheTime) {
    std::vector<ClaimHistory> claims = {split_claim(0, {100, 100})};
    std::vector<Right>& rights = claims[0].claims.back().record.rights;
    rights[0].validity.to = Moment{kTime_s - kDay_s, true};
    rights[1].validity.from = Moment{kTime_s, true};
    EXPECT_EQ(paid_to(report_on(usage_line("1", "claim-0", kEuros), claims), "party:claim-0#P1"), 1000);
}

TEST(UsageReport, DividesAPoolByUses) {
    UsageReportOptions options;
    options.pool = 100;
    options.currency = "EUR";
    const std::vector<ClaimHistory> claims = {split_claim(0, {100}), split_claim(1, {100})};
    const UsageReport report =
        report_on(usage_line("1", "claim-0", R"(,"count":2)") + usage_line("2", "claim-1"), claims, options);
    EXPECT_EQ(paid_to(report, "party:claim-0#P0"), 67);
    EXPECT_EQ(paid_to(report, "party:claim-1#P0"), 33);
    EXPECT_EQ(held_as(report_on("", claims, options), "NO_USES"), 100);
}

/// A catalogue of a few claims and a log of a few events, from a seed.
struct RandomCatalogue {
    explicit RandomCatalogue(std::uint64_t seed) : random(seed) {
        const std::size_t num_claims = 1 + below(4);
        for (std::size_t k = 0; k < num_claims; ++k) {
            add_claim(k);
        }
        for (std::size_t child = 0; child < num_claims; ++child) {
            for (std::size_t parent = child + 1; parent < num_claims; ++parent) {
                if (below(3) == 0) {
                    derive(claims[child], claims[parent],
                           below(8) == 0 ? std::nullopt : std::optional(0.1 * static_cast<double>(below(300))));
                }
            }
        }
        for (std::size_t k = 1 + below(4); k > 0; --k) {
            add_event(k);
        }
        options.pool = below(2) == 0 ? 0 : static_cast<std::int64_t>(below(1000));
        options.currency = options.pool > 0 ? "EUR" : "";
    }

    std::uint64_t below(std::uint64_t count) { return random() % count; }

    void add_claim(std::size_t number) {
        std::vector<double> shares;
        double left = 100;
        for (std::size_t k = below(3); k > 0; --k) {
            shares.push_back(std::max(0.5, left * 0.01 * static_cast<double>(below(100))));
            left -= shares.back();
        }
        if (left > 1 && below(4) != 0) {
            shares.push_back(left);
        }
        claims.push_back(split_claim(number, shares));
        if (below(5) == 0) {
            claims[number].statuses = {
                {status_change(claims[number].head().record, ClaimStatus::kRevoked), claims[number].owner_kid(), 9, 0}};
        }
        for (const Use use : {Use::kStream, Use::kDerive}) {
            if (below(2) == 0) {
                const std::string licensee = below(2) == 0 ? kLicensee : "owner-" + std::to_string(below(number + 1));
                license(claims[number], licensee, {use});
            }
        }
    }

    void add_event(std::size_t number) {
        UsageEvent event;
        event.id = std::to_string(number);
        event.text = event.id;
        event.time_s = kTime_s;
        event.subjects = {claims[below(claims.size())].id};
        event.answers = {{Use::kStream, "FR", below(8) == 0 ? Decision::kBlock : Decision::kAllow, ""}};
        event.num_uses = static_cast<std::int64_t>(1 + below(9));
        event.amount = below(3) == 0 ? 0 : static_cast<std::int64_t>(below(1'000'000));
        event.currency = event.amount > 0 ? "EUR" : "";
        log.events.push_back(std::move(event));
    }

    std::mt19937_64 random;
    std::vector<ClaimHistory> claims;
    UsageLog log;
    UsageReportOptions options;
};

bool is_no_freer_than_parents(const ClaimHistory& claim, const std::vector<ClaimHistory>& claims) {
    const Evidence evidence = evidence_of({}, {whole_match(claim.id)});
    const Verdict verdict = decide(evidence, claims, ask({Use::kStream}));
    const Lineage lineage = trace_lineage(claim, claims);
    return std::all_of(lineage.steps.begin(), lineage.steps.end(), [&](const LineageStep& step) {
        const std::vector<ClaimHistory> parent = {*step.parent};
        const bool asker_may =
            decide(evidence_of({}, {whole_match(parent[0].id)}), parent, ask({Use::kStream})).decision <=
            Decision::kAllowWithTerms;
        Question owner_asks = ask({Use::kStream, Use::kDerive});
        owner_asks.licensee = step.child->owner_kid();
        const Verdict owner_may = decide(evidence_of({}, {whole_match(parent[0].id)}), parent, owner_asks);
        const bool may_derive = owner_may.answers[1].decision <= Decision::kAllowWithTerms;
        const bool may_stream = asker_may || owner_may.answers[0].decision <= Decision::kAllowWithTerms;
        return (may_derive && may_stream) || verdict.decision > Decision::kAllowWithTerms;
    });
}

TEST(UsageReport, HoldsForAHundredThousandCatalogues) {
    for (std::uint64_t seed = 0; seed < 100'000; ++seed) {
        RandomCatalogue catalogue(seed);
        const UsageReport report = report_usage(catalogue.log, catalogue.claims, catalogue.options);
        Amounts in;
        for (const UsageEvent& event : catalogue.log.events) {
            in["EUR"] += event.amount;
        }
        in["EUR"] += catalogue.options.pool;
        ASSERT_EQ(in["EUR"], report.in.contains("EUR") ? report.in.at("EUR") : 0) << seed;
        ASSERT_EQ(sum_of(report), report.in) << "what comes in goes out; seed " << seed;
        for (const UsageShare& share : report.shares) {
            const auto named = std::find_if(catalogue.claims.begin(), catalogue.claims.end(),
                                            [&](const ClaimHistory& claim) { return claim.id == share.subject; });
            ASSERT_NE(named->status(), ClaimStatus::kRevoked) << seed;
        }
        std::shuffle(catalogue.log.events.begin(), catalogue.log.events.end(), catalogue.random);
        std::shuffle(catalogue.claims.begin(), catalogue.claims.end(), catalogue.random);
        ASSERT_EQ(text_of(report_usage(catalogue.log, catalogue.claims, catalogue.options)), text_of(report)) << seed;
        ASSERT_TRUE(is_no_freer_than_parents(catalogue.claims.front(), catalogue.claims)) << seed;
    }
}

} // namespace
} // namespace wm
