#pragma once

/// The JSON documents that --json and --ndjson print; their schemas are in docs/schemas/.

#include <string>

#include <nlohmann/json.hpp>

#include "wm/attack.h"
#include "wm/index.h"
#include "wm/notice.h"
#include "wm/quality.h"
#include "wm/watermark.h"

namespace wm::cli {

using Document = nlohmann::ordered_json;

Document keygen_document(const std::string& file, const Key& key, bool is_protected);

/// What embedding `input` into `output` came to, a failure included.
Document embed_document(const std::string& input, const std::string& output, const Key& key,
                        const Result<EmbedReport>& result);

/// Whether it is the well-known key of public notices, or was made with it.
bool is_public(const Key& key);
bool is_public(const Mark& mark);

/// What detection in `file` came to, a failure included.
Document detect_document(const std::string& file, const Result<DetectReport>& result);

/// How `marked` compares with `reference`, a failure included.
Document quality_document(const std::string& reference, const std::string& marked, const Result<QualityReport>& result);
/// What `wm attack` did.
struct AttackReport {
    std::string input;
    std::string output;
    std::uint64_t seed = 0;
    std::string asked; ///< the chain before values were drawn
    double duration_before_s = 0;
    double duration_after_s = 0;
    int sample_rate_hz = 0;
    std::size_t num_channels = 0;
    double scaled_db = 0; ///< what brought the output below full scale; 0: nothing had to
};
Document attack_document(const AttackReport& report, const AttackChain& drawn);

/// The attacks and presets that there are.
Document attacks_document(const std::vector<AttackDescription>& attacks, const std::vector<AttackPreset>& presets);

/// What identification of `file` came to, a failure included.
Document identify_document(const std::string& file, const Result<IdentifyReport>& result);

/// What comparing `query` with `recording` came to, a failure included.
Document compare_document(const std::string& recording, const std::string& query, const Result<IdentifyReport>& result);

/// A fingerprint, its bytes in hexadecimal.
Document fingerprint_document(const std::string& file, const Fingerprint& fingerprint);

/// What became of a file that was to be added: "added", "there", "replaced", "conflict", "skipped".
Document index_add_document(const std::string& file, const std::string& id, const char* outcome);
Document index_add_document(const std::string& file, const std::string& id, const Error& error);

Document index_stat_document(const std::string& index, const IndexStat& stat);
Document index_verify_document(const std::string& index, const IndexCheck& check);

/// One line, ended. Bytes that are not UTF-8 (file names may hold any) become U+FFFD.
std::string to_line(const Document& document);

/// Indented, on standard output.
void print_document(const Document& document);

/// "found", "not_found" or "inconclusive".
const char* name_of(DetectOutcome outcome);
const char* name_of(IdentifyOutcome outcome);

} // namespace wm::cli
