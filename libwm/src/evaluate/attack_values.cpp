#include "evaluate/attack_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/nearest_word.h"

namespace wm {
namespace {

/// value in the parameter's unit = number * factor + offset.
struct Suffix {
    std::string_view unit;
    std::string_view suffix;
    double factor = 1;
    double offset = 0;
};
/// The first suffix of a unit is the one that is written.
constexpr std::array<Suffix, 26> kSuffixes{{
    {"dB", "dB"},      {"dB", "db"},         {"Hz", "Hz"},           {"Hz", "hz"},       {"Hz", "kHz", 1000},
    {"Hz", "k", 1000}, {"s", "s"},           {"s", "ms", 0.001},     {"s", "min", 60},   {"ms", "ms"},
    {"ms", "s", 1000}, {"%", "%"},           {"%", "x", 100, -100},  {"st", "st"},       {"st", "ct", 0.01},
    {"kbit/s", "k"},   {"kbit/s", "kbit/s"}, {"kbit/s", "kbps"},     {"LUFS", "LUFS"},   {"LUFS", "LU"},
    {"deg", "deg"},    {"deg", "turn", 360}, {"samples", "samples"}, {"samples", "smp"}, {"bits", "bits"},
    {"bits", "bit"},
}};

std::string_view written_suffix(std::string_view unit) {
    const auto row = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& s) { return s.unit == unit; });
    return row == kSuffixes.end() ? "" : row->suffix;
}

std::string format_number(double number) {
    return fmt::format("{}", number == 0 ? 0.0 : number); // no "-0"
}

tl::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::kUsage, std::move(message));
}

std::string suffixes_of(std::string_view unit) {
    std::string list;
    for (const Suffix& row : kSuffixes) {
        if (row.unit == unit) {
            list += fmt::format("{}{}", list.empty() ? "" : ", ", row.suffix);
        }
    }
    return list;
}

/// A number and whatever follows it.
struct Quantity {
    double number = 0;
    std::string_view suffix;
};

Result<Quantity> split_quantity(const AttackParameter& parameter, std::string_view text) {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    Quantity quantity;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), quantity.number);
    if (error != std::errc() || !std::isfinite(quantity.number)) {
        return refuse(fmt::format("{} \"{}\" is no number", parameter.name, text));
    }
    quantity.suffix = digits.substr(static_cast<std::size_t>(end - digits.data()));
    return quantity;
}

Result<double> to_unit(const AttackParameter& parameter, const Quantity& quantity) {
    if (quantity.suffix.empty()) {
        return quantity.number;
    }
    for (const Suffix& row : kSuffixes) {
        if (row.unit == parameter.unit && row.suffix == quantity.suffix) {
            return quantity.number * row.factor + row.offset;
        }
    }
    return refuse(fmt::format("{} has the unit \"{}\", and takes {}", parameter.name, quantity.suffix,
                              parameter.unit.empty() ? "none" : suffixes_of(parameter.unit)));
}

Result<double> check_range(const AttackParameter& parameter, double number) {
    if (number < parameter.least || number > parameter.most) {
        return refuse(fmt::format("{} {}{} is out of range: {}", parameter.name, format_number(number),
                                  written_suffix(parameter.unit), format_range(parameter)));
    }
    if (parameter.is_whole && number != std::nearbyint(number)) {
        return refuse(fmt::format("{} {} is not a whole number", parameter.name, format_number(number)));
    }
    return number;
}

Result<AttackValue::Range> parse_range(const AttackParameter& parameter, std::string_view text) {
    const std::size_t dots = text.find("..");
    const auto high = split_quantity(parameter, dots == std::string_view::npos ? text : text.substr(dots + 2));
    if (!high) {
        return tl::unexpected(high.error());
    }
    auto low = dots == std::string_view::npos ? high : split_quantity(parameter, text.substr(0, dots));
    if (!low) {
        return tl::unexpected(low.error());
    }
    if (low->suffix.empty()) {
        low->suffix = high->suffix; // 300..3400Hz
    }
    const auto checked = [&](const Quantity& quantity) {
        return to_unit(parameter, quantity).and_then([&](double number) { return check_range(parameter, number); });
    };
    const Result<double> first = checked(*low);
    const Result<double> last = checked(*high);
    if (!first || !last) {
        return tl::unexpected((first ? last : first).error());
    }
    if (*first > *last) {
        return refuse(fmt::format("{} {}: the range begins above its end", parameter.name, text));
    }
    return AttackValue::Range{*first, *last};
}

/// Calls use(piece) for each piece of `text` between commas, until one fails.
template <class Use>
Result<void> for_each_alternative(std::string_view text, Use use) {
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        if (Result<void> used = use(text.substr(start, end - start)); !used) {
            return used;
        }
        start = end + 1;
    }
    return {};
}

Result<void> add_choice(const AttackParameter& parameter, std::string_view text, AttackValue& value) {
    if (std::find(parameter.choices.begin(), parameter.choices.end(), text) == parameter.choices.end()) {
        return refuse(fmt::format("{} \"{}\" is unknown; did you mean \"{}\"? ({})", parameter.name, text,
                                  nearest_word(text, parameter.choices), fmt::join(parameter.choices, ", ")));
    }
    value.words.emplace_back(text);
    return {};
}

/// Rounded to six digits, so that its text is the number itself.
double with_six_digits(double number) {
    const std::string text = fmt::format("{:.6g}", number);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

bool AttackValue::is_fixed() const {
    return numbers.size() + words.size() == 1 && (numbers.empty() || numbers[0].low == numbers[0].high);
}

AttackValue default_value(const AttackParameter& parameter) {
    switch (parameter.kind) {
    case ParameterKind::kNumber:
        return {{{parameter.default_number, parameter.default_number}}, {}};
    case ParameterKind::kChoice:
        return {{}, {parameter.choices[0]}};
    case ParameterKind::kText:
        break;
    }
    return {{}, {parameter.default_text}};
}

bool has_default(const AttackParameter& parameter) {
    return parameter.kind != ParameterKind::kText || parameter.is_optional || !parameter.default_text.empty();
}

Result<AttackValue> parse_value(const AttackParameter& parameter, std::string_view text) {
    AttackValue value;
    Result<void> parsed;
    switch (parameter.kind) {
    case ParameterKind::kText:
        value.words.emplace_back(text);
        break;
    case ParameterKind::kChoice:
        parsed =
            for_each_alternative(text, [&](std::string_view piece) { return add_choice(parameter, piece, value); });
        break;
    case ParameterKind::kNumber:
        parsed = for_each_alternative(text, [&](std::string_view piece) {
            return parse_range(parameter, piece).map([&](const AttackValue::Range& range) {
                value.numbers.push_back(range);
            });
        });
        break;
    }
    return parsed.map([&] { return std::move(value); });
}

std::string format_value(const AttackParameter& parameter, const AttackValue& value) {
    if (parameter.kind != ParameterKind::kNumber) {
        return fmt::format("{}", fmt::join(value.words, ","));
    }
    std::string text;
    const std::string_view suffix = written_suffix(parameter.unit);
    for (const AttackValue::Range& range : value.numbers) {
        text += fmt::format("{}{}{}", text.empty() ? "" : ",", format_number(range.low), suffix);
        if (range.high != range.low) {
            text += fmt::format("..{}{}", format_number(range.high), suffix);
        }
    }
    return text;
}

AttackValue draw_value(const AttackParameter& parameter, const AttackValue& value, RandomStream& random) {
    if (value.is_fixed()) {
        return value;
    }
    if (parameter.kind != ParameterKind::kNumber) {
        return {{}, {value.words[random.below(value.words.size())]}};
    }
    const AttackValue::Range range = value.numbers[random.below(value.numbers.size())];
    double number = random.uniform(range.low, range.high);
    number = parameter.is_whole
                 ? range.low + static_cast<double>(random.below(static_cast<std::uint64_t>(range.high - range.low) + 1))
                 : std::clamp(with_six_digits(number), range.low, range.high);
    return {{{number, number}}, {}};
}

std::string format_range(const AttackParameter& parameter) {
    return fmt::format("{} to {}{}{}", format_number(parameter.least), format_number(parameter.most),
                       parameter.unit.empty() ? "" : " ", parameter.unit);
}

} // namespace wm
