#include "evaluate/attack_presets.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest_word.h"

namespace wm {

const std::vector<AttackPreset>& attack_presets() {
    static const std::vector<AttackPreset> presets = [] {
        std::vector<AttackPreset> all = published_presets();
        for (AttackPreset& preset : own_presets()) {
            all.push_back(std::move(preset));
        }
        return all;
    }();
    return presets;
}

Result<AttackPreset> find_attack_preset(const std::string& name) {
    std::vector<std::string> names;
    for (const AttackPreset& preset : attack_presets()) {
        if (preset.name == name) {
            return preset;
        }
        names.push_back(preset.name);
    }
    return fail(ErrorCode::kUsage, fmt::format("there is no preset \"{}\"; did you mean \"{}\"? ({})", name,
                                               nearest_word(name, names), fmt::join(names, ", ")));
}

} // namespace wm
