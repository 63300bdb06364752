#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm {

/// The name that `wrong` was most likely meant to be: the one with the fewest letters to change, insert or delete; empty when
/// all are too far off to help.
std::string nearest_name(std::string_view wrong, const std::vector<std::string>& known);

/// "the known ones are a, b, c", or `did you mean "b"?` where one is near.
std::string suggest_name(std::string_view wrong, const std::vector<std::string>& known);

} // namespace wm
