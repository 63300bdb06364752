#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "provenance/usage/apportion.h"
#include "provenance/usage/division.h"

namespace wm {
namespace {

/// Uses that are divided alike: the same use of the same recording while the same split held.
struct UseGroup {
    UsedAs used;
    std::size_t split = 0; ///< how many changes of splits were before it
    auto operator<=>(const UseGroup&) const = default;
};

struct GroupedUses {
    Amounts amounts;
    std::int64_t num_uses = 0;
    std::int64_t time_s = 0; ///< of one of them
};

std::string rightsholder_of(const ClaimHistory& claim, const Contributor& party) {
    if (!party.isni.empty()) {
        return "isni:" + party.isni;
    }
    if (!party.ipi.empty()) {
        return "ipi:" + party.ipi;
    }
    return party.kid.empty() ? fmt::format("party:{}#{}", claim.id, party.ref) : "kid:" + party.kid;
}

bool is_allowed(const Answer& answer) {
    return answer.decision <= Decision::kAllowWithTerms;
}

/// One run of report_usage().
class UsageCount {
public:
    UsageCount(std::span<const ClaimHistory> claims, const UsageReportOptions& options)
        : claims_(claims), options_(options) {
        for (const ClaimHistory& claim : claims) {
            by_id_[claim.id] = &claim;
        }
    }

    UsageReport run(UsageLog log) {
        report_.exceptions = std::move(log.exceptions);
        for (const UsageEvent* event : distinct_events(log.events)) {
            if (options_.period.contains(event->time_s)) {
                count(*event);
            } else {
                ++report_.num_outside;
            }
        }
        divide_pool();
        for (const auto& [group, uses] : groups_) {
            divide(group, uses);
        }
        add_credits();
        return finish();
    }

private:
    /// Each event once; those of one id that say different things not at all.
    std::vector<const UsageEvent*> distinct_events(std::vector<UsageEvent>& events) {
        std::sort(events.begin(), events.end(), [](const UsageEvent& a, const UsageEvent& b) {
            return std::tie(a.id, a.text, a.place) < std::tie(b.id, b.text, b.place);
        });
        std::vector<const UsageEvent*> distinct;
        for (auto begin = events.begin(); begin != events.end();) {
            const auto end = std::find_if(begin, events.end(), [&](const UsageEvent& e) { return e.id != begin->id; });
            const bool is_one = (end - 1)->text == begin->text; // they are sorted by text
            if (is_one) {
                distinct.push_back(&*begin);
            }
            for (auto event = is_one ? begin + 1 : begin; event != end; ++event) {
                report_.exceptions.push_back(
                    {is_one ? "USAGE_REPEATED" : "USAGE_CONTRADICTS", event->place,
                     fmt::format("event {} is at {} too", event->id, (event == begin ? end - 1 : begin)->place),
                     event->amount, event->currency});
            }
            begin = end;
        }
        return distinct;
    }

    void hold(const char* code, const std::string& subject, const UsedAs& used, const Amounts& amounts) {
        for (const auto& [unit, amount] : amounts) {
            if (amount > 0) {
                held_[{code, subject, used}][unit] += amount;
            }
        }
    }

    void note_in(const Amounts& amounts) {
        for (const auto& [unit, amount] : amounts) {
            report_.in[unit] += amount;
        }
    }

    void count(const UsageEvent& event) {
        std::vector<const Answer*> allowed;
        for (const Answer& answer : event.answers) {
            if (is_allowed(answer)) {
                allowed.push_back(&answer);
            }
        }
        const std::vector<std::vector<const ClaimHistory*>> recordings = recordings_of(event);
        const char* problem = nullptr; // why an amount has no one recording and use to go to
        if (allowed.empty()) {
            problem = "USE_NOT_ALLOWED";
            ++report_.num_not_allowed;
        } else if (event.subjects.empty()) {
            problem = "NO_CLAIM";
            ++report_.num_unclaimed;
        } else {
            problem = recordings.size() > 1 ? "SEVERAL_RECORDINGS_EARN" : allowed.size() > 1 ? "SEVERAL_USES" : nullptr;
            ++report_.num_events;
            for (const auto& claims : recordings) {
                for (const Answer* answer : allowed) {
                    add_uses(event, claims, *answer, problem == nullptr);
                }
            }
        }
        if (problem != nullptr && event.amount > 0) {
            note_in({{event.currency, event.amount}});
            hold(problem, "", {"", Use::kStream, "", "", event.licensee}, {{event.currency, event.amount}});
        }
    }

    /// The claims that the event names, those on one recording together.
    std::vector<std::vector<const ClaimHistory*>> recordings_of(const UsageEvent& event) {
        static const ClaimHistory kUnknownClaim;
        std::map<std::string, std::vector<const ClaimHistory*>> by_recording;
        for (const std::string& subject : std::set<std::string>(event.subjects.begin(), event.subjects.end())) {
            const auto found = by_id_.find(subject);
            const ClaimHistory* claim = found == by_id_.end() ? &kUnknownClaim : found->second;
            const std::string isrc = claim->claims.empty() ? "" : claim->head().record.recording.isrc;
            by_recording[isrc.empty() ? subject : isrc].push_back(claim);
        }
        std::vector<std::vector<const ClaimHistory*>> recordings;
        for (auto& [name, claims] : by_recording) {
            if (claims.size() > 1) {
                std::erase_if(claims, [](const ClaimHistory* claim) {
                    return !claim->claims.empty() && claim->status() == ClaimStatus::kRevoked;
                });
            }
            recordings.push_back(std::move(claims));
        }
        return recordings;
    }

    void add_uses(const UsageEvent& event, const std::vector<const ClaimHistory*>& claims, const Answer& answer,
                  bool has_amount) {
        Amounts amounts = {{kUseUnit, event.num_uses * kUnitsPerUse}};
        if (has_amount && event.amount > 0) {
            amounts[event.currency] += event.amount;
        }
        note_in(amounts);
        UsedAs used = {"", answer.use, answer.territory, answer.licence_id, event.licensee};
        if (claims.size() != 1 || claims.front()->id.empty()) {
            const bool is_conflict = claims.size() > 1;
            hold(is_conflict      ? "CONFLICTING_CLAIMS"
                 : claims.empty() ? "CLAIM_REVOKED"
                                  : "CLAIM_UNKNOWN",
                 is_conflict ? claims.front()->id : "", used, amounts);
            return;
        }
        used.subject = claims.front()->id;
        const std::vector<std::int64_t>& changes = division_of(used.subject).changes();
        const auto split = std::upper_bound(changes.begin(), changes.end(), event.time_s) - changes.begin();
        GroupedUses& group = groups_[{used, static_cast<std::size_t>(split)}];
        for (const auto& [unit, amount] : amounts) {
            group.amounts[unit] += amount;
        }
        group.num_uses += event.num_uses;
        group.time_s = event.time_s;
    }

    const Division& division_of(const std::string& subject) {
        const auto known = divisions_.find(subject);
        return known != divisions_.end()
                   ? known->second
                   : divisions_.emplace(subject, Division(*by_id_.at(subject), claims_)).first->second;
    }

    /// Every use that was counted brings the same part of the pool.
    void divide_pool() {
        if (options_.pool == 0) {
            return;
        }
        note_in({{options_.currency, options_.pool}});
        std::vector<std::int64_t> weights;
        for (const auto& [group, uses] : groups_) {
            weights.push_back(uses.num_uses);
        }
        if (weights.empty()) {
            hold("NO_USES", "", {}, {{options_.currency, options_.pool}});
            return;
        }
        const std::vector<std::int64_t> parts = apportion(options_.pool, weights);
        std::size_t k = 0;
        for (auto& [group, uses] : groups_) {
            uses.amounts[options_.currency] += parts[k++];
        }
    }

    void divide(const UseGroup& group, const GroupedUses& uses) {
        const SplitScope scope = {group.used.territory, uses.time_s, options_.rights_type};
        for (const DividedPart& part : division_of(group.used.subject).divide(uses.amounts, scope)) {
            if (part.party == nullptr) {
                hold(part.held_code.c_str(), part.claim->id, group.used, part.amounts);
                continue;
            }
            const std::string rightsholder = rightsholder_of(*part.claim, *part.party);
            UsageShare& share = shares_[{rightsholder, part.claim->id, group.used}];
            share.name = share.name.empty() ? part.party->name : std::min(share.name, part.party->name);
            for (const auto& [unit, amount] : part.amounts) {
                share.amounts[unit] += amount;
            }
        }
    }

    void add_credits() {
        for (const auto& [subject, division] : divisions_) {
            for (const ClaimHistory* recording : division.recordings()) {
                if (reason_to_hold(*recording)) {
                    continue;
                }
                for (const Contributor& party : recording->head().record.parties) {
                    report_.credits.push_back({subject, recording->id, party.name, party.roles});
                }
            }
        }
    }

    UsageReport finish() {
        for (auto& [key, share] : shares_) {
            std::tie(share.rightsholder, share.subject, share.used) = key;
            report_.shares.push_back(std::move(share));
        }
        for (const auto& [key, amounts] : held_) {
            report_.held.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), amounts});
        }
        std::sort(report_.exceptions.begin(), report_.exceptions.end(), [](const auto& a, const auto& b) {
            return std::tie(a.place, a.code, a.detail) < std::tie(b.place, b.code, b.detail);
        });
        return std::move(report_);
    }

    const std::span<const ClaimHistory> claims_;
    const UsageReportOptions& options_;
    std::map<std::string, const ClaimHistory*> by_id_;
    std::map<std::string, Division> divisions_; // by the used claim
    std::map<UseGroup, GroupedUses> groups_;
    std::map<std::tuple<std::string, std::string, UsedAs>, UsageShare> shares_;
    std::map<std::tuple<std::string, std::string, UsedAs>, Amounts> held_;
    UsageReport report_;
};

} // namespace

UsageReport report_usage(UsageLog log, std::span<const ClaimHistory> claims, const UsageReportOptions& options) {
    return UsageCount(claims, options).run(std::move(log));
}

} // namespace wm
