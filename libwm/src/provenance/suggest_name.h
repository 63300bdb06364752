#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm {

/// For a message about an unknown name: `did you mean "b"?` where one is near, else "known are a, b, c".
std::string suggest_name(std::string_view wrong, const std::vector<std::string>& known);

} // namespace wm
