#include "evaluate/attack_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace wm {
namespace {

std::vector<AttackEntry> join_parts() {
    std::vector<AttackEntry> all;
    for (std::vector<AttackEntry>& part :
         std::vector<std::vector<AttackEntry>>{level_attacks(), spectrum_attacks(), time_attacks(), other_attacks()}) {
        std::move(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
}

} // namespace

const std::vector<AttackEntry>& attack_table() {
    static const std::vector<AttackEntry> table = join_parts();
    return table;
}

const AttackEntry* find_attack(std::string_view name) {
    const auto entry = std::find_if(attack_table().begin(), attack_table().end(),
                                    [&](const AttackEntry& candidate) { return candidate.description.name == name; });
    return entry == attack_table().end() ? nullptr : &*entry;
}

const std::vector<AttackDescription>& attack_descriptions() {
    static const std::vector<AttackDescription> descriptions = [] {
        std::vector<AttackDescription> result;
        for (const AttackEntry& entry : attack_table()) {
            result.push_back(entry.description);
        }
        return result;
    }();
    return descriptions;
}

const AttackValue& AttackCall::value(std::string_view parameter) const {
    std::size_t index = 0;
    while (index < description.parameters.size() && description.parameters[index].name != parameter) {
        ++index;
    }
    assert(index < step.values.size());
    return step.values[index];
}

double AttackCall::number(std::string_view parameter) const {
    return value(parameter).numbers[0].low;
}

const std::string& AttackCall::word(std::string_view parameter) const {
    return value(parameter).words[0];
}

Result<Audio> AttackCall::recording(std::string_view parameter) const {
    return recording_named(word(parameter));
}

Result<Audio> AttackCall::recording_named(const std::string& name) const {
    if (!name.starts_with('@')) {
        return read_audio(name);
    }
    const auto found = context.recordings.find(name.substr(1));
    if (found == context.recordings.end() || found->second == nullptr) {
        return fail(ErrorCode::kUsage, fmt::format("the recording {} is not there: hand it over as {}=FILE (--with)",
                                                   name, name.substr(1)));
    }
    return *found->second;
}

AttackParameter number_parameter(const char* name, const char* unit, NumberRange range, const char* description) {
    AttackParameter parameter;
    parameter.name = name;
    parameter.unit = unit;
    parameter.default_number = range.default_number;
    parameter.least = range.least;
    parameter.most = range.most;
    parameter.description = description;
    return parameter;
}

AttackParameter whole_parameter(const char* name, const char* unit, NumberRange range, const char* description) {
    AttackParameter parameter = number_parameter(name, unit, range, description);
    parameter.is_whole = true;
    return parameter;
}

AttackParameter choice_parameter(const char* name, std::vector<std::string> choices, const char* description) {
    AttackParameter parameter;
    parameter.name = name;
    parameter.kind = ParameterKind::kChoice;
    parameter.choices = std::move(choices);
    parameter.description = description;
    return parameter;
}

AttackParameter text_parameter(const char* name, const char* description) {
    AttackParameter parameter;
    parameter.name = name;
    parameter.kind = ParameterKind::kText;
    parameter.description = description;
    return parameter;
}

AttackParameter optional_text_parameter(const char* name, const char* description) {
    AttackParameter parameter = text_parameter(name, description);
    parameter.is_optional = true;
    return parameter;
}

} // namespace wm
