#include "documents.h"

#include <fmt/format.h>

#include "exit_code.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

Document error_document(const Error& error) {
    return {{"code", name_of(error.code)}, {"message", error.message}};
}

Document mark_document(const Mark& mark) {
    return {
        {"id", format_id(mark.id)},
        {"key_name", mark.key_name},
        {"key_id", mark.key_id},
        {"p_value", mark.p_value},
        {"log10_p_value", mark.log10_p_value},
        {"start_s", mark.start_s},
        {"end_s", mark.end_s},
        {"speed", mark.speed},
        {"tempo", mark.tempo},
        {"pitch_semitones", mark.pitch_semitones},
        {"score", mark.score},
    };
}

std::string dump(const Document& document, int indent) {
    return document.dump(indent, ' ', false, Document::error_handler_t::replace) + "\n";
}

} // namespace

Document keygen_document(const std::string& file, const Key& key, bool is_protected) {
    return {
        {"schema", "wm.keygen/1"},   {"file", file}, {"key_name", key.name()}, {"key_id", key.id()},
        {"protected", is_protected},
    };
}

Document embed_document(const std::string& input, const std::string& output, const Key& key,
                        const Result<EmbedReport>& result) {
    Document document = {{"schema", "wm.embed/1"}, {"input", input}, {"output", output}};
    if (!result) {
        document["outcome"] = exit_code_of(result.error()) == kRefused ? "refused" : "error";
        document["error"] = error_document(result.error());
        return document;
    }
    document["outcome"] = "marked";
    document["id"] = format_id(result->id);
    document["key_name"] = key.name();
    document["key_id"] = key.id();
    document["duration_s"] = result->duration_s;
    document["snr_db"] = result->snr_db;
    document["nmr_db"] = result->nmr_db;
    document["carrying_share"] = result->carrying_share;
    document["verified"] = result->verified;
    if (result->verified) {
        document["margin_db"] = result->margin_db;
        document["p_value"] = result->p_value;
    }
    document["warnings"] = result->warnings;
    if (!result->audio_hash.empty()) {
        document["audio_hash"] = result->audio_hash;
    }
    return document;
}

Document detect_document(const std::string& file, const Result<DetectReport>& result) {
    Document document = {{"schema", "wm.detect/1"}, {"file", file}};
    if (!result) {
        document["outcome"] = "error";
        document["error"] = error_document(result.error());
        document["marks"] = Document::array();
        return document;
    }
    document["outcome"] = name_of(result->outcome);
    if (!result->reason.empty()) {
        document["reason"] = result->reason;
    }
    document["marks"] = Document::array();
    for (const Mark& mark : result->marks) {
        document["marks"].push_back(mark_document(mark));
    }
    document["duration_s"] = result->duration_s;
    document["threshold"] = result->threshold;
    document["hypotheses"] = result->hypotheses;
    document["false_positive_bound"] = result->false_positive_bound;
    return document;
}

std::string to_line(const Document& document) {
    return dump(document, -1);
}

void print_document(const Document& document) {
    fmt::print("{}", dump(document, 2));
}

const char* name_of(DetectOutcome outcome) {
    switch (outcome) {
    case DetectOutcome::kFound:
        return "found";
    case DetectOutcome::kNotFound:
        return "not_found";
    case DetectOutcome::kInconclusive:
        break;
    }
    return "inconclusive";
}

} // namespace wm::cli
