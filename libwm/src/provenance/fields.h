#pragma once

/// Structures as JSON objects. A structure says once which fields it has (Fields<T>::visit); FieldReader and FieldWriter turn
/// that into both directions, and into messages that name the place and, for an unknown field, the nearest known one.

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "provenance/canonical_json.h"
#include "provenance/suggest_name.h"
#include "wm/id.h"
#include "wm/moment.h"

namespace wm {

/// Specialized for each structure: `template <class Archive, class Self> static void visit(Archive& a, Self& self)` calls
/// `a("name", self.member)` for each field, or `a.required("name", self.member)`.
template <class T>
struct Fields;

template <class T>
concept HasFields = requires {
    sizeof(Fields<T>);
};

/// Specialized for each enumeration: `static const std::vector<std::pair<std::string, T>>& table()`.
template <class T>
struct Names;

template <class T>
concept HasNames = requires {
    sizeof(Names<T>);
};

template <HasNames T>
const std::string& written_name(T value) {
    for (const auto& [name, named] : Names<T>::table()) {
        if (named == value) {
            return name;
        }
    }
    return Names<T>::table().front().first;
}

template <HasNames T>
std::vector<std::string> all_names() {
    std::vector<std::string> names;
    for (const auto& [name, value] : Names<T>::table()) {
        names.push_back(name);
    }
    return names;
}

/// Where reading is, and what went wrong first.
class ReadingPlace {
public:
    explicit ReadingPlace(std::string path, std::optional<Error>& problem)
        : path_(std::move(path)), problem_(problem) {}

    ReadingPlace member(const std::string& name) const {
        return ReadingPlace(path_.empty() ? name : path_ + "." + name, problem_);
    }
    ReadingPlace element(std::size_t index) const {
        return ReadingPlace(fmt::format("{}[{}]", path_, index), problem_);
    }
    void fail(const std::string& what) const {
        if (!problem_) {
            problem_ = Error{ErrorCode::kFormat, path_.empty() ? what : fmt::format("{}: {}", path_, what)};
        }
    }

private:
    std::string path_;
    std::optional<Error>& problem_;
};

inline void read_value(const Json& json, std::string& value, const ReadingPlace& place) {
    if (!json.is_string()) {
        return place.fail("a text in quotes is wanted");
    }
    value = json.get<std::string>();
}

inline void read_value(const Json& json, double& value, const ReadingPlace& place) {
    if (!json.is_number()) {
        return place.fail("a number is wanted");
    }
    value = json.get<double>();
}

inline void read_value(const Json& json, std::int64_t& value, const ReadingPlace& place) {
    if (!json.is_number() || json.get<double>() != std::floor(json.get<double>()) ||
        std::fabs(json.get<double>()) > 9e15) {
        return place.fail("a whole number is wanted");
    }
    value = json.get<std::int64_t>();
}

inline void read_value(const Json& json, bool& value, const ReadingPlace& place) {
    if (!json.is_boolean()) {
        return place.fail("true or false is wanted");
    }
    value = json.get<bool>();
}

/// Ids of marks are 16 hex digits: a double holds no 64 bits.
inline void read_value(const Json& json, std::uint64_t& value, const ReadingPlace& place) {
    const Result<std::uint64_t> id = json.is_string() ? parse_id(json.get_ref<const std::string&>())
                                                      : Result<std::uint64_t>(fail(ErrorCode::kFormat, ""));
    if (!id) {
        return place.fail("16 hex digits in quotes are wanted");
    }
    value = *id;
}

inline void read_value(const Json& json, Moment& value, const ReadingPlace& place) {
    const Result<Moment> moment = json.is_string() ? parse_moment(json.get_ref<const std::string&>())
                                                   : Result<Moment>(fail(ErrorCode::kFormat, "a date is wanted"));
    if (!moment) {
        return place.fail(moment.error().message);
    }
    value = *moment;
}

template <HasNames T>
void read_value(const Json& json, T& value, const ReadingPlace& place) {
    const std::string name = json.is_string() ? json.get<std::string>() : json.dump();
    for (const auto& [known, named] : Names<T>::table()) {
        if (known == name) {
            value = named;
            return;
        }
    }
    place.fail(fmt::format("\"{}\" is unknown: {}", name, suggest_name(name, all_names<T>())));
}

template <class T>
void read_value(const Json& json, std::optional<T>& value, const ReadingPlace& place) {
    read_value(json, value.emplace(), place);
}

template <class T>
void read_value(const Json& json, std::vector<T>& values, const ReadingPlace& place) {
    if (!json.is_array()) {
        return place.fail("a list in square brackets is wanted");
    }
    for (std::size_t k = 0; k < json.size(); ++k) {
        read_value(json[k], values.emplace_back(), place.element(k));
    }
}

template <class Key, class T>
void read_value(const Json& json, std::map<Key, T>& values, const ReadingPlace& place) {
    if (!json.is_object()) {
        return place.fail("a table of names and values is wanted");
    }
    for (const auto& [name, element] : json.items()) {
        Key key{};
        read_value(Json(name), key, place.member(name));
        read_value(element, values[key], place.member(name));
    }
}

/// Reads an object's fields; finish() reports those that nobody asked for.
class FieldReader {
public:
    FieldReader(const Json& json, ReadingPlace place) : json_(json), place_(std::move(place)) {}

    template <class T>
    void operator()(const char* name, T& value) {
        known_.emplace_back(name);
        if (const auto found = json_.find(name); found != json_.end()) {
            read_value(*found, value, place_.member(name));
        }
    }

    template <class T>
    void required(const char* name, T& value) {
        if (!json_.contains(name)) {
            place_.member(name).fail("it is missing");
        }
        (*this)(name, value);
    }

    void finish() const {
        for (const auto& [name, value] : json_.items()) {
            if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
                place_.member(name).fail(fmt::format("there is no such field: {}", suggest_name(name, known_)));
            }
        }
    }

private:
    const Json& json_;
    ReadingPlace place_;
    std::vector<std::string> known_;
};

template <HasFields T>
void read_value(const Json& json, T& value, const ReadingPlace& place) {
    if (!json.is_object()) {
        return place.fail("a table of fields is wanted");
    }
    FieldReader reader(json, place);
    Fields<T>::visit(reader, value);
    reader.finish();
}

/// All of `json` as a T. errors: kFormat
template <class T>
Result<T> read_fields(const Json& json) {
    std::optional<Error> problem;
    T value{};
    read_value(json, value, ReadingPlace("", problem));
    if (problem) {
        return tl::unexpected(*problem);
    }
    return value;
}

inline Json write_value(const std::string& value) {
    return value.empty() ? Json() : Json(value);
}
inline Json write_value(double value) {
    return value;
}
inline Json write_value(std::int64_t value) {
    return value;
}
inline Json write_value(bool value) {
    return value;
}
inline Json write_value(std::uint64_t value) {
    return format_id(value);
}
inline Json write_value(const Moment& value) {
    return format_moment(value);
}
template <HasNames T>
Json write_value(const T& value) {
    return written_name(value);
}
template <class T>
Json write_value(const std::optional<T>& value) {
    return value ? write_value(*value) : Json();
}
template <HasFields T>
Json write_value(const T& value);
template <class T>
Json write_value(const std::vector<T>& values) {
    Json json;
    for (const T& value : values) {
        json.push_back(write_value(value));
    }
    return json;
}
template <class Key, class T>
Json write_value(const std::map<Key, T>& values) {
    Json json;
    for (const auto& [key, value] : values) {
        json[write_value(key).template get<std::string>()] = write_value(value);
    }
    return json;
}

/// Writes an object's fields; what is empty or absent is left out.
class FieldWriter {
public:
    explicit FieldWriter(Json& json) : json_(json) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        if (Json written = write_value(value); !written.is_null()) {
            json_[name] = std::move(written);
        }
    }

    template <class T>
    void required(const char* name, const T& value) {
        (*this)(name, value);
    }

private:
    Json& json_;
};

template <HasFields T>
Json write_value(const T& value) {
    Json json;
    FieldWriter writer(json);
    Fields<T>::visit(writer, value);
    return json;
}

} // namespace wm
