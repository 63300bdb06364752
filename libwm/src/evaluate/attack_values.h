#pragma once

/// Values of attacks as text: numbers with units, ranges, alternatives, words.

#include <string>
#include <string_view>

#include "base/random_stream.h"
#include "wm/attack.h"

namespace wm {

AttackValue default_value(const AttackParameter& parameter);

/// Whether the parameter may be left out.
bool has_default(const AttackParameter& parameter);

/// errors   kUsage, in mid-sentence: put the step before it
Result<AttackValue> parse_value(const AttackParameter& parameter, std::string_view text);

std::string format_value(const AttackParameter& parameter, const AttackValue& value);

/// One of the values, each alternative as likely; a number within its range with six digits.
AttackValue draw_value(const AttackParameter& parameter, const AttackValue& value, RandomStream& random);

/// "10 to 96000 Hz"
std::string format_range(const AttackParameter& parameter);

} // namespace wm
