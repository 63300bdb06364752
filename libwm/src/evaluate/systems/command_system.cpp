/// Systems that are other people's programs. The only file that uses toml++.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include "base/nearest_word.h"
#include "base/random_stream.h"
#include "evaluate/process.h"
#include "evaluate/systems/system.h"

namespace wm {
namespace {

using Json = nlohmann::json;

/// Where a value stands in what a program printed: the first group of a pattern, or a JSON pointer.
struct Place {
    std::string pattern;
    std::string pointer;

    bool is_set() const { return !pattern.empty() || !pointer.empty(); }
};

struct Description {
    std::string name;
    int num_bits = 0;
    std::string keygen;
    std::string embed;
    std::string detect;
    Place message;
    bool any_match = false; ///< detected when any of several messages is the one looked for
    Place score;
    Place log10_p_value;
    double false_positive_bound = 0;
    std::vector<int> missed_codes;
    std::vector<int> inconclusive_codes;
    std::string text; ///< of the whole file
};

tl::unexpected<Error> refuse(const std::string& path, const std::string& message) {
    return fail(ErrorCode::kFormat, fmt::format("{}: {}", path, message));
}

const std::vector<std::string>& known_entries() {
    static const std::vector<std::string> entries = {"name",
                                                     "bits",
                                                     "keygen",
                                                     "embed",
                                                     "detect",
                                                     "message",
                                                     "message_json",
                                                     "any_match",
                                                     "score",
                                                     "score_json",
                                                     "log10_p_value",
                                                     "log10_p_value_json",
                                                     "false_positive_bound",
                                                     "missed_exit_codes",
                                                     "inconclusive_exit_codes"};
    return entries;
}

std::vector<int> codes_of(const toml::table& table, const char* entry) {
    std::vector<int> codes;
    if (const toml::array* array = table[entry].as_array()) {
        for (const toml::node& node : *array) {
            codes.push_back(static_cast<int>(node.value_or(std::int64_t{-1})));
        }
    }
    return codes;
}

Place place_of(const toml::table& table, const std::string& entry) {
    return {table[entry].value_or(std::string()), table[entry + "_json"].value_or(std::string())};
}

/// What is wrong with a description; empty when nothing is.
std::string find_fault(const Description& system) {
    if (system.name.empty() || system.embed.empty() || system.detect.empty()) {
        return "name, embed and detect are needed";
    }
    if (system.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
        std::string::npos) {
        return "name goes into the names of files: letters, digits, dots, dashes and underlines only";
    }
    if (system.num_bits < 1 || system.num_bits > 4096 || system.num_bits % 4 != 0) {
        return "bits is the length of the message, a multiple of 4 up to 4096";
    }
    if (!system.message.is_set()) {
        return "message (a pattern with one group) or message_json (a JSON pointer) is needed";
    }
    for (const Place* place : {&system.message, &system.score, &system.log10_p_value}) {
        try {
            if (std::regex(place->pattern).mark_count() < 1 && !place->pattern.empty()) {
                return fmt::format("the pattern {} has no group (...) around the value", place->pattern);
            }
            Json::json_pointer{place->pointer};
        } catch (const std::regex_error& failure) {
            return fmt::format("the pattern {} is no regular expression: {}", place->pattern, failure.what());
        } catch (const Json::exception&) {
            return fmt::format("{} is no JSON pointer: it must begin with /", place->pointer);
        }
    }
    return "";
}

Result<Description> parse_description(const std::string& path, const std::string& text) {
    toml::table table;
    try {
        table = toml::parse(text);
    } catch (const toml::parse_error& failure) {
        return refuse(path, fmt::format("line {}: {}", failure.source().begin.line, failure.description()));
    }
    for (const auto& [key, value] : table) {
        const std::string entry(key.str());
        if (std::find(known_entries().begin(), known_entries().end(), entry) == known_entries().end()) {
            return refuse(path, fmt::format("the entry \"{}\" is unknown; did you mean \"{}\"?", entry,
                                            nearest_word(entry, known_entries())));
        }
    }
    Description system;
    system.text = text;
    system.name = table["name"].value_or(std::string());
    system.num_bits = static_cast<int>(table["bits"].value_or(std::int64_t{0}));
    system.keygen = table["keygen"].value_or(std::string());
    system.embed = table["embed"].value_or(std::string());
    system.detect = table["detect"].value_or(std::string());
    system.message = place_of(table, "message");
    system.any_match = table["any_match"].value_or(false);
    system.score = place_of(table, "score");
    system.log10_p_value = place_of(table, "log10_p_value");
    system.false_positive_bound = table["false_positive_bound"].value_or(0.0);
    system.missed_codes = codes_of(table, "missed_exit_codes");
    system.inconclusive_codes = codes_of(table, "inconclusive_exit_codes");
    const std::string fault = find_fault(system);
    return fault.empty() ? Result<Description>(std::move(system)) : refuse(path, fault);
}

/// All values at a place of what a program printed, in their order.
std::vector<std::string> values_at(const Place& place, const std::string& output) {
    std::vector<std::string> values;
    if (!place.pattern.empty()) {
        const std::regex pattern(place.pattern);
        for (std::sregex_iterator match(output.begin(), output.end(), pattern), end; match != end; ++match) {
            values.push_back((*match)[1].str());
        }
    } else if (!place.pointer.empty()) {
        const Json document = Json::parse(output, nullptr, false);
        const Json::json_pointer pointer(place.pointer);
        if (document.is_structured() && document.contains(pointer)) {
            const Json& value = document.at(pointer);
            values.push_back(value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return values;
}

std::optional<double> number_at(const Place& place, const std::string& output) {
    for (const std::string& text : values_at(place, output)) {
        double number = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) {
            return number;
        }
    }
    return std::nullopt;
}

int bit_distance(const std::string& a, const std::string& b) {
    int distance = 0;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
        const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); };
        distance += __builtin_popcount((digit(a[k]) ^ digit(b[k])) & 0xFU);
    }
    return distance;
}

class CommandSystem final : public WatermarkSystem {
public:
    CommandSystem(Description description, std::uint64_t seed, const std::string& work_folder)
        : description_(std::move(description)) {
        for (const WhichKey which : {WhichKey::kOwn, WhichKey::kStrangers}) {
            Access& access = access_[static_cast<std::size_t>(which)];
            const char* name = which == WhichKey::kOwn ? "own" : "stranger";
            access.key_path =
                (std::filesystem::path(work_folder) / fmt::format("{}-{}.key", description_.name, name)).string();
            access.seed = derived_seed(seed, name) >> 33; // 31 bits, which most programs take
        }
    }

    /// Makes the keys that are not there yet.
    Result<void> make_keys() {
        for (const Access& access : access_) {
            if (description_.keygen.empty() || std::filesystem::exists(access.key_path)) {
                continue;
            }
            Result<ProcessOutcome> made = run_command(fill_command(description_.keygen, values_of(access)));
            if (!made) {
                return tl::unexpected(made.error());
            }
            if (made->exit_code != 0) {
                return fail(ErrorCode::kIo,
                            fmt::format("{}: keygen failed with {}", description_.name, describe_failure(*made)));
            }
        }
        return {};
    }

    const std::string& name() const override { return description_.name; }
    int num_bits() const override { return description_.num_bits; }
    std::string description() const override { return description_.text; }

    Result<double> embed(const std::string& input, const std::string& output, const std::string& message,
                         const std::function<bool()>& goes_on) override {
        std::map<std::string, std::string> values = values_of(access_[0]);
        values["in"] = input;
        values["out"] = output;
        values["message"] = message;
        return run_command(fill_command(description_.embed, values), goes_on)
            .and_then([&](const ProcessOutcome& outcome) -> Result<double> {
                if (outcome.exit_code != 0) {
                    return fail(ErrorCode::kIo, fmt::format("embed failed with {}", describe_failure(outcome)));
                }
                return outcome.cpu_s;
            });
    }

    Result<SystemFinding> detect(const std::string& clip, WhichKey key, const std::string& message,
                                 const std::function<bool()>& goes_on) override {
        std::map<std::string, std::string> values = values_of(access_[static_cast<std::size_t>(key)]);
        values["in"] = clip;
        return run_command(fill_command(description_.detect, values), goes_on)
            .and_then([&](const ProcessOutcome& outcome) { return finding_of(outcome, message); });
    }

private:
    /// What stands for one of the two keys in a command.
    struct Access {
        std::string key_path;
        std::uint64_t seed = 0;
    };

    static std::map<std::string, std::string> values_of(const Access& access) {
        return {{"key", access.key_path}, {"seed", fmt::format("{}", access.seed)}};
    }

    static bool holds(const std::vector<int>& codes, int code) {
        return std::find(codes.begin(), codes.end(), code) != codes.end();
    }

    Result<SystemFinding> finding_of(const ProcessOutcome& outcome, const std::string& message) const {
        SystemFinding finding;
        finding.child_cpu_s = outcome.cpu_s;
        if (description_.false_positive_bound > 0) {
            finding.false_positive_bound = description_.false_positive_bound;
        }
        if (holds(description_.missed_codes, outcome.exit_code)) {
            return finding;
        }
        if (holds(description_.inconclusive_codes, outcome.exit_code)) {
            finding.outcome = TrialOutcome::kInconclusive;
            finding.message = fmt::format("exit code {}", outcome.exit_code);
            return finding;
        }
        if (outcome.exit_code != 0) {
            return fail(ErrorCode::kIo, fmt::format("detect failed with {}", describe_failure(outcome)));
        }
        read_values(outcome.output, message, finding);
        return finding;
    }

    void read_values(const std::string& output, const std::string& message, SystemFinding& finding) const {
        finding.score = number_at(description_.score, output);
        finding.log10_p_value = number_at(description_.log10_p_value, output);
        const std::vector<std::string> messages = values_at(description_.message, output);
        if (std::find(messages.begin(), messages.end(), message) != messages.end() &&
            (description_.any_match || messages[0] == message)) {
            finding.outcome = TrialOutcome::kDetected;
            finding.bit_errors = 0;
        } else if (!description_.any_match && !messages.empty()) {
            finding.outcome = TrialOutcome::kWrong;
            finding.bit_errors = bit_distance(messages[0], message);
        }
    }

    Description description_;
    std::array<Access, 2> access_;
};

} // namespace

Result<std::unique_ptr<WatermarkSystem>> load_command_system(const std::string& path, std::uint64_t seed,
                                                             const std::string& work_folder) {
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open()) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot read the system {}: name a TOML file, or wm for libwm itself", path));
    }
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return parse_description(path, text)
        .and_then([&](Description description) -> Result<std::unique_ptr<WatermarkSystem>> {
            auto system = std::make_unique<CommandSystem>(std::move(description), seed, work_folder);
            if (Result<void> made = system->make_keys(); !made) {
                return tl::unexpected(made.error());
            }
            return system;
        });
}

} // namespace wm
