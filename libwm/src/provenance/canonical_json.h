#pragma once

/// JSON that is signed: parsed strictly, and written in the one way that RFC 8785 allows.

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "wm/result.h"

namespace wm {

using Json = nlohmann::json;

/// Parses an I-JSON text (RFC 7493): one value, valid UTF-8, no name twice in an object, numbers that a double can hold.
/// errors   kFormat, saying where
Result<Json> parse_json(std::string_view text);

/// The JSON Canonicalization Scheme (RFC 8785): names sorted by their UTF-16 code units, numbers as ECMAScript writes them, no
/// white space. `json` holds valid UTF-8 and finite numbers.
std::string canonical_json(const Json& json);

} // namespace wm
