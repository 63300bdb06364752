#include "wm/evidence.h"

#include <algorithm>
#include <map>
#include <memory>

#include <unistd.h>

#include <fmt/format.h>

#include "audio/byte_source.h"
#include "audio/c2pa.h"
#include "audio/isrc_tag.h"
#include "wm/index.h"

namespace wm {
namespace {

/// Whether a failure is about the recording, and no reason to give up.
bool is_unreadable(const Error& error) {
    return error.code == ErrorCode::kFormat || error.code == ErrorCode::kUnsupported;
}

/// What is said under the public key and is no notice that can be understood counts as not said.
void add_notice(std::uint64_t payload, Evidence& evidence) {
    if (const Result<PublicNotice> notice = unpack_notice(payload)) {
        evidence.notice = evidence.notice ? strictest(*evidence.notice, *notice) : *notice;
    }
}

/// Without keys only notices are looked for, as the recording is: a search through speeds would cost more than the rest of
/// the check.
Result<void> search_marks(const std::string& path, const std::vector<Key>& keys, const Progress& progress,
                          Evidence& evidence) {
    DetectOptions options;
    options.public_notices = true;
    options.desync = keys.empty() ? DesyncRange::kNone : options.desync;
    const Result<DetectReport> report = detect_file(path, keys, options, progress);
    if (!report) {
        evidence.unreadable = is_unreadable(report.error()) ? report.error().message : "";
        return is_unreadable(report.error()) ? Result<void>() : tl::unexpected(report.error());
    }
    evidence.duration_s = report->duration_s;
    evidence.unreadable = report->reason;
    const std::string notice_key_id = Key::of_public_notices().id();
    for (const Mark& mark : report->marks) {
        if (mark.key_id == notice_key_id) {
            add_notice(mark.id, evidence);
        } else {
            evidence.marks.push_back(
                {mark.id, mark.key_id, mark.p_value, mark.start_s, mark.end_s, mark.payload_to_pilot});
        }
    }
    return {};
}

void keep_shape(const SoundRecord& sound, Evidence& evidence) {
    evidence.sound = sound.audio_hash;
    evidence.shape = shape_of(sound.fingerprint);
}

Result<void> search_tracks(const std::string& path, const EvidenceSources& sources, const Progress& progress,
                           Evidence& evidence) {
    const std::string& index_path = sources.index_path;
    const Result<Index> index = Index::open(index_path, Index::Mode::kRead);
    IdentifyOptions options;
    options.want_query = sources.want_shape;
    const Result<IdentifyReport> report =
        index ? index->identify_file(path, options, progress) : tl::unexpected(index.error());
    if (!report) {
        return tl::unexpected(report.error());
    }
    if (sources.want_shape) {
        keep_shape(report->query, evidence);
    }
    if (report->rows_answered < report->rows_asked) {
        return fail(ErrorCode::kFormat,
                    fmt::format("the index {} is damaged: {} of {} rows are missing; `wm index verify` says which",
                                index_path, report->rows_asked - report->rows_answered, report->rows_asked));
    }
    evidence.unreadable = report->reason;
    for (const Match& match : report->matches) {
        evidence.matches.push_back({match.track.id, match.query_start_s, match.query_end_s, match.asset_start_s,
                                    match.asset_end_s, match.audio_speed, match.audio_pitch, match.confidence,
                                    match.p_value});
    }
    return {};
}

/// Tags and manifests decide nothing: those that cannot be read count as not there.
void notice_tags(const ByteSource& file, Evidence& evidence) {
    const ContainerLayout layout = scan_container(file).value_or(ContainerLayout());
    evidence.has_c2pa_manifest = has_c2pa_manifest(file, layout).value_or(false);
    const std::string isrc = read_isrc_tag(file, layout).value_or("");
    evidence.tag_isrc = check_isrc(isrc) ? isrc : "";
}

template <class T>
void move_to(std::vector<T>& to, std::vector<T>& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// Histories by id, each with all copies, marks and tracks that any look-up found.
class Collection {
public:
    void add(std::vector<ClaimHistory> found) {
        for (ClaimHistory& history : found) {
            const auto [known, is_new] = by_id_.try_emplace(history.id, history);
            if (!is_new) {
                merge(known->second.copies, std::move(history.copies));
                merge(known->second.licences, std::move(history.licences));
                merge(known->second.revocations, std::move(history.revocations));
                move_to(known->second.found_marks, history.found_marks);
                move_to(known->second.found_tracks, history.found_tracks);
            } else {
                order_.push_back(history.id);
            }
        }
    }

    /// The claim that was found as number `place`; null when there are fewer.
    const ClaimHistory* at(std::size_t place) const {
        return place < order_.size() ? &by_id_.at(order_[place]) : nullptr;
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
    /// Into the log's order, each once: look-ups for different licensees and marks share what they find.
    template <class T>
    static void merge(std::vector<Logged<T>>& known, std::vector<Logged<T>> found) {
        std::move(found.begin(), found.end(), std::back_inserter(known));
        std::sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
        const auto is_same = [](const auto& a, const auto& b) { return a.index == b.index; };
        known.erase(std::unique(known.begin(), known.end(), is_same), known.end());
    }

    std::map<std::string, ClaimHistory> by_id_;
    std::vector<std::string> order_;
};

ClaimQuery query_for(const Derivation& terms) {
    return {.wm_id = {}, .isrc = terms.isrc, .claim_id = terms.claim_id, .track = ""};
}

/// Before the first recording is registered there is no index, and nothing to be found.
bool has_index(const EvidenceSources& sources) {
    return !sources.index_path.empty() && access(sources.index_path.c_str(), F_OK) == 0;
}

} // namespace

Result<Evidence> gather_evidence(const std::string& path, const EvidenceSources& sources, const Progress& progress) {
    const Result<std::shared_ptr<InputFile>> input = InputFile::open(path); // standard input is read twice
    if (!input) {
        return tl::unexpected(input.error());
    }
    // Of the work, marks are the first half.
    const auto half = [&](double begin) -> Progress {
        return progress ? [&progress, begin](double share_done) { return progress(begin + 0.5 * share_done); }
                        : Progress();
    };
    Evidence evidence;
    Result<void> done = search_marks((*input)->path(), sources.keys, half(0), evidence);
    if (done && evidence.unreadable.empty() && has_index(sources)) {
        done = search_tracks((*input)->path(), sources, half(0.5), evidence);
    } else if (done && sources.want_shape && evidence.duration_s > 0) {
        done = record_sound((*input)->path(), half(0.5)).map([&](const SoundRecord& sound) {
            keep_shape(sound, evidence);
        });
    }
    notice_tags(**input, evidence);
    return done.map([&] { return std::move(evidence); });
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
    // What those were made from, with the licences of who asks and of who made the derived recording.
    for (std::size_t k = 0; done && collection.at(k) != nullptr; ++k) {
        const ClaimHistory child = *collection.at(k);
        for (const Derivation& terms :
             child.claims.empty() ? std::vector<Derivation>() : child.head().record.derived_from) {
            look_up(query_for(terms));
            const Result<std::vector<ClaimHistory>> licensed = registry.find(query_for(terms), head, child.owner_kid());
            done = done.and_then([&] { return licensed.map([&](const auto& found) { collection.add(found); }); });
        }
    }
    return done.map([&] { return std::move(collection).take(); });
}

} // namespace wm
