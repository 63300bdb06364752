#include <fmt/format.h>

#include "documents.h"
#include "exit_code.h"

namespace wm::cli {
namespace {

Document match_document(const Match& match) {
    Document document = {{"track", match.track.id}};
    if (!match.track.isrc.empty()) {
        document["isrc"] = match.track.isrc;
    }
    if (!match.track.title.empty()) {
        document["title"] = match.track.title;
    }
    document["query_start"] = match.query_start_s;
    document["query_end"] = match.query_end_s;
    document["asset_start"] = match.asset_start_s;
    document["asset_end"] = match.asset_end_s;
    document["audio_speed"] = match.audio_speed;
    document["audio_pitch"] = match.audio_pitch;
    document["confidence"] = match.confidence;
    document["p_value"] = match.p_value;
    document["log10_p_value"] = match.log10_p_value;
    document["score"] = match.score;
    document["query_match_percentage"] = match.query_match_percentage;
    document["asset_match_percentage"] = match.asset_match_percentage;
    return document;
}

/// The fields that identification and comparison share.
void append_report(const Result<IdentifyReport>& result, Document& document) {
    if (!result) {
        document["outcome"] = "error";
        document["error"] = {{"code", name_of(result.error().code)}, {"message", result.error().message}};
        document["matches"] = Document::array();
        return;
    }
    document["outcome"] = name_of(result->outcome);
    if (!result->reason.empty()) {
        document["reason"] = result->reason;
    }
    document["matches"] = Document::array();
    for (const Match& match : result->matches) {
        document["matches"].push_back(match_document(match));
    }
    document["duration_s"] = result->duration_s;
    document["largest_p_value"] = result->threshold;
    document["tracks_searched"] = result->num_tracks;
    document["coverage"] = {{"rows_asked", result->rows_asked}, {"rows_answered", result->rows_answered}};
}

} // namespace

Document identify_document(const std::string& file, const Result<IdentifyReport>& result) {
    Document document = {{"schema", "wm.identify/1"}, {"file", file}};
    append_report(result, document);
    return document;
}

Document compare_document(const std::string& recording, const std::string& query,
                          const Result<IdentifyReport>& result) {
    Document document = {{"schema", "wm.compare/1"}, {"recording", recording}, {"query", query}};
    append_report(result, document);
    return document;
}

Document fingerprint_document(const std::string& file, const Fingerprint& fingerprint) {
    const std::vector<std::uint8_t> bytes = encode_fingerprint(fingerprint);
    return {{"schema", "wm.fingerprint/1"},           {"file", file},
            {"duration_s", fingerprint.duration_s()}, {"num_frames", fingerprint.num_frames},
            {"num_peaks", fingerprint.peaks.size()},  {"fingerprint", fmt::format("{:02x}", fmt::join(bytes, ""))}};
}

Document index_add_document(const std::string& file, const std::string& id, const char* outcome) {
    return {{"schema", "wm.index-add/1"}, {"file", file}, {"track", id}, {"outcome", outcome}};
}

Document index_add_document(const std::string& file, const std::string& id, const Error& error) {
    Document document = index_add_document(file, id, "error");
    document["error"] = {{"code", name_of(error.code)}, {"message", error.message}};
    return document;
}

Document index_stat_document(const std::string& index, const IndexStat& stat) {
    return {{"schema", "wm.index-stat/1"},         {"index", index},
            {"num_tracks", stat.num_tracks},       {"duration_s", stat.duration_s},
            {"num_segments", stat.num_segments},   {"num_postings", stat.num_postings},
            {"file_bytes", stat.file_bytes},       {"peak_bytes", stat.peak_bytes},
            {"posting_bytes", stat.posting_bytes}, {"longest_list", stat.longest_list}};
}

Document index_verify_document(const std::string& index, const IndexCheck& check) {
    return {{"schema", "wm.index-verify/1"},
            {"index", index},
            {"outcome", check.faults.empty() ? "intact" : "damaged"},
            {"num_rows", check.num_rows},
            {"num_chunks", check.num_chunks},
            {"faults", check.faults}};
}

const char* name_of(IdentifyOutcome outcome) {
    switch (outcome) {
    case IdentifyOutcome::kFound:
        return "found";
    case IdentifyOutcome::kNotFound:
        return "not_found";
    case IdentifyOutcome::kInconclusive:
        break;
    }
    return "inconclusive";
}

} // namespace wm::cli
