#include "attack_list.h"

#include <fmt/format.h>

#include "documents.h"
#include "wm/attack.h"

namespace wm::cli {
namespace {

/// "=-6", "white, pink or brown", "must be given".
std::string values_of(const AttackParameter& parameter) {
    switch (parameter.kind) {
    case ParameterKind::kNumber:
        return fmt::format("{} to {}{}{}, default {}", parameter.least, parameter.most,
                           parameter.unit.empty() ? "" : " ", parameter.unit, parameter.default_number);
    case ParameterKind::kChoice:
        return fmt::format("{} (the first is the default)", fmt::join(parameter.choices, ", "));
    case ParameterKind::kText:
        break;
    }
    return parameter.is_optional ? "text, may be left out" : "text, needed";
}

std::string describe(const AttackDescription& attack) {
    std::string text = fmt::format("{:12}{}{}\n", attack.name, attack.description, attack.is_random ? " (random)" : "");
    for (const AttackParameter& parameter : attack.parameters) {
        text += fmt::format("    {:12}{}: {}\n", parameter.name, parameter.description, values_of(parameter));
    }
    if (!attack.source.empty()) {
        text += fmt::format("    after {}\n", attack.source);
    }
    return text;
}

std::string describe(const AttackPreset& preset) {
    std::string text = fmt::format("{}: {}\n  source    {}\n", preset.name, preset.description, preset.source);
    if (!preset.left_out.empty()) {
        text += fmt::format("  left out  {}\n", preset.left_out);
    }
    for (const AttackPreset::Row& row : preset.rows) {
        text +=
            row.name == row.chain ? fmt::format("  {}\n", row.chain) : fmt::format("  {:28}{}\n", row.name, row.chain);
        text += row.note.empty() ? "" : fmt::format("      {}\n", row.note);
    }
    return text;
}

std::string describe_all() {
    std::string text = "Attacks\n\n";
    for (const AttackDescription& attack : attack_descriptions()) {
        text += describe(attack);
    }
    text += "\nPresets (wm attack --list --preset NAME)\n\n";
    for (const AttackPreset& preset : attack_presets()) {
        text += fmt::format("{:18}{}\n", preset.name, preset.description);
    }
    return text;
}

} // namespace

ExitCode list_attacks(const std::string& preset, bool as_json, Console& console) {
    if (preset.empty()) {
        console.result(as_json ? to_line(attacks_document(attack_descriptions(), attack_presets())) : describe_all());
        return kDone;
    }
    const Result<AttackPreset> found = find_attack_preset(preset);
    if (!found) {
        console.error(found.error().message);
        return exit_code_of(found.error());
    }
    console.result(as_json ? to_line(attacks_document({}, {*found})) : describe(*found));
    return kDone;
}

} // namespace wm::cli
