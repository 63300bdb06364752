#include "provenance/toml_json.h"

#include <cmath>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace wm {
namespace {

Json convert(const toml::node& node);

Json convert_table(const toml::table& table) {
    Json json = Json::object();
    for (const auto& [key, value] : table) {
        json[std::string(key.str())] = convert(value);
    }
    return json;
}

Json convert_array(const toml::array& array) {
    Json json = Json::array();
    for (const toml::node& element : array) {
        json.push_back(convert(element));
    }
    return json;
}

template <class T>
Json convert_time(const T& time) {
    std::ostringstream text; // toml++ formats dates as RFC 3339 does
    text << time;
    return text.str();
}

Json convert(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table:
        return convert_table(*node.as_table());
    case toml::node_type::array:
        return convert_array(*node.as_array());
    case toml::node_type::string:
        return node.as_string()->get();
    case toml::node_type::integer:
        return node.as_integer()->get();
    case toml::node_type::floating_point: {
        const double number = node.as_floating_point()->get();
        // JSON has no infinity; the text is refused where a number is wanted.
        return std::isfinite(number) ? Json(number) : Json(fmt::format("{}", number));
    }
    case toml::node_type::boolean:
        return node.as_boolean()->get();
    case toml::node_type::date:
        return convert_time(node.as_date()->get());
    case toml::node_type::time:
        return convert_time(node.as_time()->get());
    case toml::node_type::date_time:
        return convert_time(node.as_date_time()->get());
    default:
        return {};
    }
}

} // namespace

Result<Json> toml_to_json(std::string_view text) {
    try {
        return convert_table(toml::parse(text));
    } catch (const toml::parse_error& problem) {
        return fail(ErrorCode::kFormat, fmt::format("line {}: {}", problem.source().begin.line, problem.description()));
    }
}

} // namespace wm
