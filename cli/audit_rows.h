#pragma once

/// What an audit says of one recording.

#include <string>

#include "checking.h"
#include "documents.h"

namespace wm::cli {

/// The line of an audit's journal about a recording that was examined: its decision and, unless it is allowed, for each span and
/// claim why not.
Document audit_line(const std::string& file, const Evidence& evidence, const Judgement& judgement);

/// The same about one that could not be read.
Document unread_audit_line(const std::string& file, const std::string& problem);

} // namespace wm::cli
