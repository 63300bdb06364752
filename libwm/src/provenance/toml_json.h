#pragma once

#include "provenance/canonical_json.h"

namespace wm {

/// A TOML text as JSON; dates and times become text as parse_moment() reads it. errors: kFormat, with the line
Result<Json> toml_to_json(std::string_view text);

} // namespace wm
