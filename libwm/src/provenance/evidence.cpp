#include "wm/evidence.h"

#include <algorithm>
#include <map>

namespace wm {
namespace {

/// Whether a failure is about the recording, and no reason to give up.
bool is_unreadable(const Error& error) {
    return error.code == ErrorCode::kFormat || error.code == ErrorCode::kUnsupported;
}

Result<void> search_marks(const std::string& path, const std::vector<Key>& keys, const Progress& progress,
                          Evidence& evidence) {
    const Result<DetectReport> report = detect_file(path, keys, {}, progress);
    if (!report) {
        evidence.unreadable = is_unreadable(report.error()) ? report.error().message : "";
        return is_unreadable(report.error()) ? Result<void>() : tl::unexpected(report.error());
    }
    evidence.duration_s = report->duration_s;
    evidence.unreadable = report->reason;
    for (const Mark& mark : report->marks) {
        evidence.marks.push_back({mark.id, mark.key_id, mark.p_value, mark.start_s, mark.end_s});
    }
    return {};
}

/// Histories by id, each with all copies that any look-up found.
class Collection {
public:
    void add(std::vector<ClaimHistory> found) {
        for (ClaimHistory& history : found) {
            const auto [known, is_new] = by_id_.try_emplace(history.id, history);
            if (!is_new) {
                std::vector<Logged<CopyIssue>>& copies = known->second.copies;
                std::move(history.copies.begin(), history.copies.end(), std::back_inserter(copies));
            }
        }
    }

    std::vector<ClaimHistory> take() && {
        std::vector<ClaimHistory> histories;
        for (auto& [id, history] : by_id_) {
            histories.push_back(std::move(history));
        }
        return histories;
    }

    /// The ISRCs of all that is in it.
    std::vector<std::string> isrcs() const {
        std::vector<std::string> isrcs;
        for (const auto& [id, history] : by_id_) {
            if (!history.claims.empty() && !history.head().record.recording.isrc.empty()) {
                isrcs.push_back(history.head().record.recording.isrc);
            }
        }
        return isrcs;
    }

private:
    std::map<std::string, ClaimHistory> by_id_;
};

} // namespace

Result<Evidence> gather_evidence(const std::string& path, const EvidenceSources& sources, const Progress& progress) {
    Evidence evidence;
    return search_marks(path, sources.keys, progress, evidence).map([&] { return evidence; });
}

Result<std::vector<ClaimHistory>> find_claims(const Registry& registry, const Evidence& evidence, const TreeHead& head,
                                              const std::string& licensee) {
    Collection collection;
    Result<void> done;
    const auto look_up = [&](const ClaimQuery& query) {
        done = done.and_then([&] {
            return registry.find(query, head, licensee).map([&](std::vector<ClaimHistory> found) {
                collection.add(std::move(found));
            });
        });
    };
    for (const MarkEvidence& mark : evidence.marks) {
        look_up({.wm_id = mark.wm_id, .isrc = "", .claim_id = "", .track = ""});
    }
    for (const MatchEvidence& match : evidence.matches) {
        look_up({.wm_id = {}, .isrc = "", .claim_id = "", .track = match.track});
    }
    for (const std::string& isrc : collection.isrcs()) {
        look_up({.wm_id = {}, .isrc = isrc, .claim_id = "", .track = ""});
    }
    return done.map([&] { return std::move(collection).take(); });
}

} // namespace wm
