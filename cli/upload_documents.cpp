#include "upload_documents.h"

#include <fmt/format.h>

#include "line_log.h"

namespace wm::cli {

Document finding_document(const Upload& upload) {
    Document document = {{"sound", upload.sound}};
    if (upload.likeness) {
        document["likeness"] = {
            {"key", upload.likeness->key}, {"start_s", upload.likeness->start_s}, {"end_s", upload.likeness->end_s}};
    }
    return document;
}

Upload with_finding(Upload upload, const Document& finding) {
    upload.sound = text_at(finding, "sound");
    if (const auto like = finding.find("likeness"); like != finding.end()) {
        upload.likeness = Likeness{text_at(*like, "key"), like->value("start_s", 0.0), like->value("end_s", 0.0)};
    }
    return upload;
}

std::string describe_signals(const std::vector<Signal>& signals) {
    std::string text;
    for (const Signal& signal : signals) {
        if (is_about_upload(signal)) {
            text += fmt::format("  signal  {}: {}\n", signal.code, signal.detail);
        }
    }
    return text;
}

void append_signals(const std::vector<Signal>& signals, Document& verdict) {
    for (const Signal& signal : signals) {
        verdict["signals"].push_back({{"code", signal.code}, {"detail", signal.detail}});
    }
}

} // namespace wm::cli
