#pragma once

#include <vector>

#include "wm/attack.h"

namespace wm {

/// The published lists, and our own; attack_presets() joins them.
std::vector<AttackPreset> published_presets();
std::vector<AttackPreset> own_presets();

} // namespace wm
