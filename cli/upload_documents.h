#pragma once

/// Uploads and their signals in journals and documents.

#include <vector>

#include "documents.h"
#include "wm/upload_signals.h"

namespace wm::cli {

/// What was found in an upload: its samples and its likeness.
Document finding_document(const Upload& upload);

/// The upload, with what such a document says.
Upload with_finding(Upload upload, const Document& finding);

/// A line for people for each: code and detail. Empty when none is about uploads.
std::string describe_signals(const std::vector<Signal>& signals);

/// Adds signals to those of a verdict's document.
void append_signals(const std::vector<Signal>& signals, Document& verdict);

} // namespace wm::cli
