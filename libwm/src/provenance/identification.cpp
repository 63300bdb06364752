#include "provenance/identification.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "wm/id.h"

namespace wm {
namespace {

/// Whether a look-up led to a claim whose own records, being damaged, cannot say what they were about.
template <class T>
bool stands_in(const ClaimHistory& history, const std::vector<T>& found, const T& value) {
    return !history.defect.empty() && std::find(found.begin(), found.end(), value) != found.end();
}

bool has_track(const ClaimHistory& history, const std::string& track) {
    return stands_in(history, history.found_tracks, track) ||
           std::any_of(history.claims.begin(), history.claims.end(), [&](const Logged<Claim>& claim) {
               return std::any_of(
                   claim.record.bindings.begin(), claim.record.bindings.end(),
                   [&](const Binding& binding) { return binding.type == "fingerprint" && binding.value == track; });
           });
}

bool has_mark(const ClaimHistory& history, std::uint64_t wm_id) {
    return stands_in(history, history.found_marks, wm_id) ||
           std::any_of(history.claims.begin(), history.claims.end(),
                       [&](const Logged<Claim>& claim) { return claim.record.wm_id == wm_id; }) ||
           std::any_of(history.copies.begin(), history.copies.end(),
                       [&](const Logged<CopyIssue>& copy) { return copy.record.wm_id == wm_id; });
}

bool is_registered_as_marked(const ClaimHistory& history) {
    return !history.copies.empty() ||
           std::any_of(history.claims.begin(), history.claims.end(),
                       [](const Logged<Claim>& claim) { return claim.record.wm_id.has_value(); });
}

bool touch(const MarkEvidence& mark, const MatchEvidence& match) {
    return mark.start_s < match.query_end_s && match.query_start_s < mark.end_s;
}

class Identifier {
public:
    Identifier(const Evidence& evidence, const std::vector<ClaimHistory>& claims, const Profile& profile)
        : evidence_(evidence), profile_(profile) {
        for (const ClaimHistory& claim : claims) {
            by_id_[claim.id] = &claim;
        }
    }

    Identification run() {
        sort_matches();
        for (const MarkEvidence& mark : evidence_.marks) {
            look_at(mark);
        }
        for (const MatchEvidence& match : matches_) {
            look_at(match);
        }
        add_rivals();
        note_missing_marks();
        note_several_recordings();
        note_tags();
        for (const auto& [id, claim] : identified_) {
            result_.claims.push_back(claim);
        }
        result_.identified_share = identified_share();
        return std::move(result_);
    }

private:
    void find(Decision decision, const char* code, std::string detail, const ClaimHistory* claim = nullptr) {
        result_.findings.push_back(
            {decision, {code, std::move(detail), claim != nullptr ? claim->claim_id() : "", std::nullopt, ""}});
    }

    /// Matches that count; the others are signals.
    void sort_matches() {
        for (const MatchEvidence& match : evidence_.matches) {
            const double length_s = match.query_end_s - match.query_start_s;
            const char* code = counts(match) ? "MATCH_FOUND" : is_weak(match) ? "MATCH_WEAK" : "MATCH_TOO_SHORT";
            result_.signals.push_back({code,
                                       fmt::format("{:.1f} s sound like track {} at {:.1f} s of it", length_s,
                                                   match.track, match.asset_start_s),
                                       match.query_start_s, match.query_end_s, match.p_value});
            if (counts(match)) {
                matches_.push_back(match);
            }
        }
    }

    bool is_weak(const MatchEvidence& match) const { return !(match.p_value <= profile_.max_match_p_value); }

    /// Whether a match names a recording by itself.
    bool counts(const MatchEvidence& match) const {
        return !is_weak(match) && match.query_end_s - match.query_start_s >= profile_.min_match_s;
    }

    const ClaimHistory* claim_of(std::uint64_t wm_id) const {
        for (const auto& [id, claim] : by_id_) {
            if (has_mark(*claim, wm_id)) {
                return claim;
            }
        }
        return nullptr;
    }

    /// Step 3: a mark names a claim only where the sound is the claim's own.
    void look_at(const MarkEvidence& mark) {
        const bool is_faint = !(mark.p_value <= profile_.max_mark_p_value);
        result_.signals.push_back({is_faint ? "MARK_WEAK" : "MARK_FOUND", fmt::format("mark {}", format_id(mark.wm_id)),
                                   mark.start_s, mark.end_s, mark.p_value});
        if (is_faint) {
            return;
        }
        const ClaimHistory* const claim = claim_of(mark.wm_id);
        if (claim == nullptr) {
            result_.has_unconfirmed_mark = true;
            find(Decision::kReview, "MARK_UNREGISTERED",
                 fmt::format("no claim here has the mark {}", format_id(mark.wm_id)));
            return;
        }
        if (!confirm(mark, *claim)) {
            doubt(mark, *claim);
            return;
        }
        IdentifiedClaim& identified = identified_[claim->id];
        identified.history = claim;
        identified.by_mark = true;
        for (const Logged<CopyIssue>& copy : claim->copies) {
            if (copy.record.wm_id == mark.wm_id) {
                identified.recipient = copy.record.recipient;
            }
        }
    }

    /// Whether some match says that the sound around the mark is the claim's. One track is asked about here, not the whole index:
    /// a match that would be too weak or short to name a recording by itself is enough, and then counts.
    bool confirm(const MarkEvidence& mark, const ClaimHistory& claim) {
        bool is_confirmed = false;
        for (const MatchEvidence& match : evidence_.matches) {
            if (touch(mark, match) && has_track(claim, match.track)) {
                is_confirmed = true;
                if (!counts(match)) {
                    matches_.push_back(match);
                }
            }
        }
        return is_confirmed;
    }

    void doubt(const MarkEvidence& mark, const ClaimHistory& claim) {
        result_.has_unconfirmed_mark = true;
        find(Decision::kReview, "WM_UNCONFIRMED",
             fmt::format("the mark {} belongs to a claim whose recording this does not sound like",
                         format_id(mark.wm_id)),
             &claim);
        const bool conflicts = std::any_of(matches_.begin(), matches_.end(),
                                           [&](const MatchEvidence& match) { return touch(mark, match); });
        if (conflicts) {
            find(Decision::kReview, "WM_FP_CONFLICT", "where the mark is, it sounds like another recording", &claim);
        }
    }

    void look_at(const MatchEvidence& match) {
        bool is_registered = false;
        for (const auto& [id, claim] : by_id_) {
            if (has_track(*claim, match.track)) {
                is_registered = true;
                identified_[id].history = claim;
                identified_[id].by_fingerprint = true;
            }
        }
        if (is_registered) {
            spans_.emplace_back(match.query_start_s, match.query_end_s);
        } else {
            result_.signals.push_back({"MATCH_UNREGISTERED", fmt::format("no claim here has the track {}", match.track),
                                       match.query_start_s, match.query_end_s, match.p_value});
        }
    }

    /// Others who claim the same recording have their say as well.
    void add_rivals() {
        std::set<std::string> isrcs;
        for (const auto& [id, claim] : identified_) {
            if (!claim.history->claims.empty()) {
                isrcs.insert(claim.history->head().record.recording.isrc);
            }
        }
        isrcs.erase("");
        for (const auto& [id, claim] : by_id_) {
            if (!claim->claims.empty() && isrcs.contains(claim->head().record.recording.isrc)) {
                identified_[id].history = claim;
            }
        }
    }

    /// Step 4.
    void note_missing_marks() {
        for (const auto& [id, claim] : identified_) {
            if (claim.by_fingerprint && !claim.by_mark && is_registered_as_marked(*claim.history)) {
                find(Decision::kAllow, "MARK_MISSING", "it was registered with a mark, and none is found",
                     claim.history);
            }
        }
    }

    void note_several_recordings() {
        std::set<std::string> recordings;
        for (const auto& [id, claim] : identified_) {
            const bool has_isrc =
                !claim.history->claims.empty() && !claim.history->head().record.recording.isrc.empty();
            recordings.insert(has_isrc ? claim.history->head().record.recording.isrc : id);
        }
        if (recordings.size() > 1) {
            find(Decision::kAllow, "SEVERAL_RECORDINGS", fmt::format("{} recordings are in it", recordings.size()));
        }
    }

    void note_tags() {
        if (!evidence_.tag_isrc.empty()) {
            const bool fits = std::any_of(identified_.begin(), identified_.end(), [&](const auto& entry) {
                const ClaimHistory& claim = *entry.second.history;
                return !claim.claims.empty() && claim.head().record.recording.isrc == evidence_.tag_isrc;
            });
            result_.signals.push_back({fits || identified_.empty() ? "TAG_ISRC" : "TAG_MISMATCH",
                                       fmt::format("the file's tags say ISRC {}", evidence_.tag_isrc), 0, 0, 1});
        }
        if (evidence_.has_c2pa_manifest) {
            result_.signals.push_back({"C2PA_MANIFEST", "the file has a C2PA manifest, which was not read", 0, 0, 1});
        }
    }

    /// How much of the recording lies under some match that leads to a claim.
    double identified_share() {
        std::sort(spans_.begin(), spans_.end());
        double covered_s = 0;
        double end_s = 0;
        for (const auto& [start, end] : spans_) {
            covered_s += std::max(0.0, end - std::max(start, end_s));
            end_s = std::max(end_s, end);
        }
        return evidence_.duration_s > 0 ? std::min(1.0, covered_s / evidence_.duration_s) : 0;
    }

    const Evidence& evidence_;
    const Profile& profile_;
    std::map<std::string, const ClaimHistory*> by_id_;
    std::vector<MatchEvidence> matches_;
    std::vector<std::pair<double, double>> spans_; // of the matches that lead to claims
    std::map<std::string, IdentifiedClaim> identified_;
    Identification result_;
};

} // namespace

Identification identify(const Evidence& evidence, const std::vector<ClaimHistory>& claims, const Profile& profile) {
    return Identifier(evidence, claims, profile).run();
}

} // namespace wm
