#pragma once

/// The JSON documents that --json and --ndjson print; their schemas are in docs/schemas/.

#include <string>

#include <nlohmann/json.hpp>

#include "wm/quality.h"
#include "wm/watermark.h"

namespace wm::cli {

using Document = nlohmann::ordered_json;

Document keygen_document(const std::string& file, const Key& key, bool is_protected);

/// What embedding `input` into `output` came to, a failure included.
Document embed_document(const std::string& input, const std::string& output, const Key& key,
                        const Result<EmbedReport>& result);

/// What detection in `file` came to, a failure included.
Document detect_document(const std::string& file, const Result<DetectReport>& result);

/// How `marked` compares with `reference`, a failure included.
Document quality_document(const std::string& reference, const std::string& marked, const Result<QualityReport>& result);

/// One line, ended. Bytes that are not UTF-8 (file names may hold any) become U+FFFD.
std::string to_line(const Document& document);

/// Indented, on standard output.
void print_document(const Document& document);

/// "found", "not_found" or "inconclusive".
const char* name_of(DetectOutcome outcome);

} // namespace wm::cli
