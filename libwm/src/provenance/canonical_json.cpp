#include "provenance/canonical_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace wm {
namespace {

/// Sorts as UTF-16 code units would: characters above U+FFFF, which UTF-16 writes with surrogates, come before U+E000 to
/// U+FFFF.
bool is_before(const std::string& a, const std::string& b) {
    const auto rank = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        // In valid UTF-8, 0xee and 0xef lead U+E000 to U+FFFF; 0xf0 to 0xf4 lead what lies above.
        return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
    };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](char x, char y) { return rank(x) < rank(y); });
}

void write_text(const std::string& text, std::string& out) {
    out += '"';
    for (const char c : text) {
        constexpr std::string_view kNamed = "\b\t\n\f\r\"\\";
        constexpr std::string_view kEscapes = "btnfr\"\\";
        if (const std::size_t place = kNamed.find(c); place != std::string_view::npos) {
            out += '\\';
            out += kEscapes[place];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

/// ECMAScript's Number::toString: the fewest digits that give the same double, laid out by their exponent.
/// source   ECMA-262, 11th edition, section 6.1.6.1.20
void write_number(double number, std::string& out) {
    if (number == 0) {
        out += '0'; // -0 too
        return;
    }
    char buffer[32];
    const char* const end =
        std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number), std::chars_format::scientific).ptr;
    const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer)); // d[.ddd]e+-dd
    const std::size_t exponent_mark = scientific.find('e');
    std::string digits(scientific.substr(0, 1));
    if (exponent_mark > 2) {
        digits += scientific.substr(2, exponent_mark - 2);
    }
    int exponent = 0;
    const std::size_t skip = scientific[exponent_mark + 1] == '+' ? 2 : 1;
    std::from_chars(buffer + exponent_mark + skip, end, exponent);

    const int num_digits = static_cast<int>(digits.size());
    const int point = exponent + 1; // digits before the decimal point
    out += number < 0 ? "-" : "";
    if (num_digits <= point && point <= 21) {
        out += digits + std::string(static_cast<std::size_t>(point - num_digits), '0');
    } else if (0 < point && point <= 21) {
        out += digits.insert(static_cast<std::size_t>(point), ".");
    } else if (-6 < point && point <= 0) {
        out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    } else {
        out += num_digits == 1 ? digits : digits.insert(1, ".");
        out += fmt::format("e{}{}", exponent < 0 ? '-' : '+', std::abs(exponent));
    }
}

void write(const Json& json, std::string& out);

void write_object(const Json::object_t& object, std::string& out) {
    std::vector<const Json::object_t::value_type*> members;
    for (const auto& member : object) {
        members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return is_before(a->first, b->first); });
    out += '{';
    for (const auto* member : members) {
        out += member == members.front() ? "" : ",";
        write_text(member->first, out);
        out += ':';
        write(member->second, out);
    }
    out += '}';
}

void write(const Json& json, std::string& out) {
    switch (json.type()) {
    case Json::value_t::object:
        write_object(json.get_ref<const Json::object_t&>(), out);
        break;
    case Json::value_t::array:
        out += '[';
        for (std::size_t k = 0; k < json.size(); ++k) {
            out += k == 0 ? "" : ",";
            write(json[k], out);
        }
        out += ']';
        break;
    case Json::value_t::string:
        write_text(json.get_ref<const std::string&>(), out);
        break;
    case Json::value_t::boolean:
        out += json.get<bool>() ? "true" : "false";
        break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
        write_number(json.get<double>(), out);
        break;
    default:
        out += "null";
    }
}

/// Deeper texts are nobody's claims, and would exhaust the stack of whoever walks them.
constexpr int kMaxDepth = 32;

/// Looks over the parser's shoulder for what it would accept in silence.
class Strictness {
public:
    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            names_.resize(static_cast<std::size_t>(depth) + 1);
            names_.back().clear();
        } else if (event == Json::parse_event_t::key) {
            const auto& name = parsed.get_ref<const std::string&>();
            if (!names_[static_cast<std::size_t>(depth) - 1].insert(name).second && problem_.empty()) {
                problem_ = fmt::format("the name \"{}\" is there twice in one object", name);
            }
        } else if (event == Json::parse_event_t::value && parsed.is_number_integer()) {
            constexpr double kMaxExact = 9'007'199'254'740'991; // 2^53 - 1
            if (std::fabs(parsed.get<double>()) > kMaxExact && problem_.empty()) {
                problem_ = fmt::format("the number {} is too large to be kept exactly", parsed.dump());
            }
        }
        if (depth > kMaxDepth && problem_.empty()) {
            problem_ = fmt::format("it is nested more than {} deep", kMaxDepth);
        }
        return depth <= kMaxDepth;
    }

    const std::string& problem() const { return problem_; }

private:
    std::vector<std::set<std::string>> names_; // by depth
    std::string problem_;
};

} // namespace

Result<Json> parse_json(std::string_view text) {
    Strictness strictness;
    try {
        Json json = Json::parse(
            text, [&](int depth, Json::parse_event_t event, Json& parsed) { return strictness(depth, event, parsed); });
        if (!strictness.problem().empty()) {
            return fail(ErrorCode::kFormat, strictness.problem());
        }
        return json;
    } catch (const Json::exception& problem) {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        std::string_view what = problem.what();
        what.remove_prefix(std::min(what.size(), what.find("] ") + 2));
        return fail(ErrorCode::kFormat, fmt::format("it is not JSON: {}", what));
    }
}

std::string canonical_json(const Json& json) {
    std::string out;
    write(json, out);
    return out;
}

} // namespace wm
