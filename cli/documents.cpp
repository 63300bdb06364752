#include "documents.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "exit_code.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

Document error_document(const Error& error) {
    return {{"code", name_of(error.code)}, {"message", error.message}};
}

/// What a public notice says, or why it cannot be told.
Document notice_document(std::uint64_t payload) {
    const Result<PublicNotice> notice = unpack_notice(payload);
    if (!notice) {
        return {{"error", error_document(notice.error())}};
    }
    Document consents = Document::object();
    for (const auto& [use, consent] : notice->training_mining) {
        consents[name_of(use)] = name_of(consent.use);
    }
    Document document = {{"authenticated", false}, {"training_mining", consents}};
    if (notice->contains_ai) {
        document["contains_ai"] = name_of(*notice->contains_ai);
    }
    if (notice->issuer != 0) {
        document["issuer"] = format_issuer(notice->issuer);
    }
    return document;
}

/// The result of looking at an embedded mark again.
void add_reading(Document& document, const EmbeddedMark& mark) {
    document["verified"] = mark.verified;
    if (mark.verified) {
        document["margin_db"] = mark.margin_db;
        document["p_value"] = mark.p_value;
    }
}

Document mark_document(const Mark& mark) {
    Document document = {
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
    if (is_public(mark)) {
        document["notice"] = notice_document(mark.id);
    }
    return document;
}

/// JSON has no infinity: null stands for it.
Document finite(double value) {
    return std::isfinite(value) ? Document(value) : Document(nullptr);
}

Document variables_document(const PeaqVariables& variables) {
    return {
        {"bandwidth_ref", variables.bandwidth_ref},
        {"bandwidth_test", variables.bandwidth_test},
        {"total_nmr_db", variables.total_nmr_db},
        {"win_mod_diff_1", variables.win_mod_diff_1},
        {"adb", variables.adb},
        {"ehs", variables.ehs},
        {"avg_mod_diff_1", variables.avg_mod_diff_1},
        {"avg_mod_diff_2", variables.avg_mod_diff_2},
        {"rms_noise_loud", variables.rms_noise_loud},
        {"mfpd", variables.mfpd},
        {"rel_dist_frames", variables.rel_dist_frames},
    };
}

Document loudness_document(const LoudnessChange& loudness) {
    return {
        {"reference_lufs", finite(loudness.reference_lufs)},
        {"marked_lufs", finite(loudness.marked_lufs)},
        {"change_lu", finite(loudness.marked_lufs - loudness.reference_lufs)},
        {"reference_peak_dbtp", finite(loudness.reference_peak_dbtp)},
        {"marked_peak_dbtp", finite(loudness.marked_peak_dbtp)},
        {"peak_change_db", finite(loudness.marked_peak_dbtp - loudness.reference_peak_dbtp)},
    };
}

const AttackDescription& description_of(const AttackStep& step) {
    const std::vector<AttackDescription>& all = attack_descriptions();
    return *std::find_if(all.begin(), all.end(), [&](const AttackDescription& one) { return one.name == step.name; });
}

/// All values of a step are fixed: numbers in the unit of their parameter.
Document step_document(const AttackStep& step) {
    const std::vector<AttackParameter>& parameters = description_of(step).parameters;
    Document values = Document::object();
    for (std::size_t k = 0; k < parameters.size(); ++k) {
        const AttackValue& value = step.values[k];
        value.numbers.empty() ? values[parameters[k].name] = value.words[0]
                              : values[parameters[k].name] = value.numbers[0].low;
    }
    return {{"name", step.name}, {"parameters", values}};
}

Document parameter_document(const AttackParameter& parameter) {
    Document document = {{"name", parameter.name}, {"description", parameter.description}};
    switch (parameter.kind) {
    case ParameterKind::kNumber:
        document["unit"] = parameter.unit;
        document["default"] = parameter.default_number;
        document["least"] = parameter.least;
        document["most"] = parameter.most;
        break;
    case ParameterKind::kChoice:
        document["choices"] = parameter.choices;
        break;
    case ParameterKind::kText:
        document["optional"] = parameter.is_optional;
        break;
    }
    return document;
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
    document["id"] = format_id(result->mark.id);
    document["key_name"] = key.name();
    document["key_id"] = key.id();
    document["duration_s"] = result->duration_s;
    document["snr_db"] = result->snr_db;
    document["nmr_db"] = result->nmr_db;
    document["carrying_share"] = result->carrying_share;
    add_reading(document, result->mark);
    if (result->notice) {
        document["notice"] = notice_document(result->notice->id);
        document["notice"]["id"] = format_id(result->notice->id);
        add_reading(document["notice"], *result->notice);
    } else if (is_public(key)) {
        document["notice"] = notice_document(result->mark.id);
    }
    document["warnings"] = result->warnings;
    if (!result->audio_hash.empty()) {
        document["audio_hash"] = result->audio_hash;
    }
    return document;
}

bool is_public(const Key& key) {
    return key.id() == Key::of_public_notices().id();
}

bool is_public(const Mark& mark) {
    return mark.key_id == Key::of_public_notices().id();
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

Document quality_document(const std::string& reference, const std::string& marked,
                          const Result<QualityReport>& result) {
    Document document = {{"schema", "wm.quality/1"}, {"reference", reference}, {"marked", marked}};
    if (!result) {
        document["outcome"] = "error";
        document["error"] = error_document(result.error());
        return document;
    }
    document["outcome"] = result->peaq ? "graded" : "not_graded";
    document["odg"] = result->peaq ? Document(result->peaq->odg) : Document(nullptr);
    document["distortion_index"] = result->peaq ? Document(result->peaq->distortion_index) : Document(nullptr);
    if (!result->peaq) {
        document["reason"] = result->no_peaq_reason;
    }
    document["is_identical"] = result->is_identical;
    document["snr_db"] = finite(result->snr_db);
    document["si_snr_db"] = finite(result->si_snr_db);
    document["segmental_snr_db"] = result->segmental_snr_db;
    document["log_spectral_distance_db"] = result->log_spectral_distance_db;
    if (result->peaq) {
        document["nmr_db"] = result->peaq->variables.total_nmr_db;
        document["model_output_variables"] = variables_document(result->peaq->variables);
    }
    if (result->loudness) {
        document["loudness"] = loudness_document(*result->loudness);
    }
    document["duration_s"] = result->duration_s;
    document["sample_rate_hz"] = result->sample_rate_hz;
    document["num_channels"] = result->num_channels;
    document["delay_samples"] = result->delay_samples;
    document["warnings"] = result->warnings;
    return document;
}

Document attack_document(const AttackReport& report, const AttackChain& drawn) {
    Document steps = Document::array();
    for (const AttackStep& step : drawn) {
        steps.push_back(step_document(step));
    }
    return {
        {"schema", "wm.attack/1"},
        {"input", report.input},
        {"output", report.output},
        {"seed", report.seed},
        {"asked", report.asked},
        {"applied", format_attack_chain(drawn)},
        {"steps", steps},
        {"sample_rate_hz", report.sample_rate_hz},
        {"num_channels", report.num_channels},
        {"duration_before_s", report.duration_before_s},
        {"duration_after_s", report.duration_after_s},
        {"scaled_db", report.scaled_db},
    };
}

Document attacks_document(const std::vector<AttackDescription>& attacks, const std::vector<AttackPreset>& presets) {
    Document document = {{"schema", "wm.attacks/1"}, {"attacks", Document::array()}, {"presets", Document::array()}};
    for (const AttackDescription& attack : attacks) {
        Document parameters = Document::array();
        for (const AttackParameter& parameter : attack.parameters) {
            parameters.push_back(parameter_document(parameter));
        }
        document["attacks"].push_back({{"name", attack.name},
                                       {"description", attack.description},
                                       {"source", attack.source},
                                       {"random", attack.is_random},
                                       {"parameters", parameters}});
    }
    for (const AttackPreset& preset : presets) {
        Document rows = Document::array();
        for (const AttackPreset::Row& row : preset.rows) {
            rows.push_back({{"name", row.name}, {"chain", row.chain}, {"note", row.note}});
        }
        document["presets"].push_back({{"name", preset.name},
                                       {"description", preset.description},
                                       {"source", preset.source},
                                       {"left_out", preset.left_out},
                                       {"rows", rows}});
    }
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
