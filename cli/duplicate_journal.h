#pragma once

/// The lines of the journal of a search for duplicates.

#include "documents.h"
#include "duplicate_groups.h"

namespace wm::cli {

/// What the examination of an upload left. stamp: the file's state (source_stamp())
Document line_of(const ExaminedUpload& examined, const std::string& stamp);

/// What the search for a recording found.
Document line_of(const DistinctSound& sound);

/// Reads such lines back into what they speak of.
void take_up(const Document& line, ExaminedUpload& examined);
void take_up(const Document& line, DistinctSound& sound);

} // namespace wm::cli
