#pragma once

/// The table of attacks: what each is called, what it takes, and what it runs.

#include <string_view>
#include <vector>

#include "wm/attack.h"

namespace wm {

/// One step at work: its recording, its values by name, its seed.
struct AttackCall {
    Audio& audio; ///< may be moved from
    const AttackDescription& description;
    const AttackStep& step; ///< all values fixed
    const AttackContext& context;
    std::uint64_t seed = 0;

    double number(std::string_view parameter) const;
    const std::string& word(std::string_view parameter) const;

    /// The recording that a text names: a file, or `@NAME` of the context.
    Result<Audio> recording(std::string_view parameter) const;
    Result<Audio> recording_named(const std::string& name) const;

private:
    const AttackValue& value(std::string_view parameter) const;
};

struct AttackEntry {
    AttackDescription description;
    std::string_view main_parameter; ///< the one whose number says how strong it is; empty for none
    Result<Audio> (*run)(const AttackCall& call);
};

/// All of them, in the order in which they are listed.
const std::vector<AttackEntry>& attack_table();

/// Null when there is none of this name.
const AttackEntry* find_attack(std::string_view name);

// The table's parts.
std::vector<AttackEntry> level_attacks();
std::vector<AttackEntry> spectrum_attacks();
std::vector<AttackEntry> time_attacks();
std::vector<AttackEntry> other_attacks();

/// What the rows are written with.
struct NumberRange {
    double default_number;
    double least;
    double most;
};
AttackParameter number_parameter(const char* name, const char* unit, NumberRange range, const char* description);
AttackParameter whole_parameter(const char* name, const char* unit, NumberRange range, const char* description);
AttackParameter choice_parameter(const char* name, std::vector<std::string> choices, const char* description);
AttackParameter text_parameter(const char* name, const char* description);
AttackParameter optional_text_parameter(const char* name, const char* description);

} // namespace wm
