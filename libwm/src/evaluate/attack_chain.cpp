#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/nearest_word.h"
#include "evaluate/attack_table.h"
#include "evaluate/attack_values.h"

namespace wm {
namespace {

constexpr char kNoAttack[] = "none";
constexpr std::size_t kMaxChannels = 8;

/// Parses one step; the index of the next parameter that a value without a name is for moves on.
class StepParser {
public:
    explicit StepParser(const std::string& word) : word_(word) {}

    Result<AttackStep> parse() {
        const std::size_t equals = word_.find('=');
        const std::string name = word_.substr(0, equals);
        const AttackEntry* entry = find_attack(name);
        if (entry == nullptr) {
            return unknown_attack(name);
        }
        parameters_ = &entry->description.parameters;
        values_.resize(parameters_->size());
        if (equals != std::string::npos) {
            if (Result<void> parsed = parse_values(word_.substr(equals + 1)); !parsed) {
                return tl::unexpected(parsed.error());
            }
        }
        return finish(name);
    }

private:
    tl::unexpected<Error> refuse(const std::string& message) const {
        return fail(ErrorCode::kUsage, fmt::format("{}: {}", word_, message));
    }

    static tl::unexpected<Error> unknown_attack(const std::string& name) {
        std::vector<std::string> names = {kNoAttack};
        for (const AttackDescription& description : attack_descriptions()) {
            names.push_back(description.name);
        }
        return fail(ErrorCode::kUsage, fmt::format("there is no attack \"{}\"; did you mean \"{}\"? (wm attack --list)",
                                                   name, nearest_word(name, names)));
    }

    /// A text that stands alone, such as a command, takes all that follows.
    Result<void> parse_values(const std::string& text) {
        if (parameters_->size() == 1 && parameters_->front().kind == ParameterKind::kText) {
            return take(0, text);
        }
        for (std::size_t start = 0; start <= text.size();) {
            const std::size_t end = std::min(text.find(':', start), text.size());
            if (Result<void> taken = parse_piece(text.substr(start, end - start)); !taken) {
                return taken;
            }
            start = end + 1;
        }
        return {};
    }

    Result<void> parse_piece(const std::string& piece) {
        const std::size_t equals = piece.find('=');
        if (equals == std::string::npos) {
            return next_ < parameters_->size()
                       ? take(next_++, piece)
                       : refuse(fmt::format("there are only {} parameters", parameters_->size()));
        }
        const std::string name = piece.substr(0, equals);
        std::vector<std::string> names;
        for (std::size_t index = 0; index < parameters_->size(); ++index) {
            names.push_back((*parameters_)[index].name);
            if (names.back() == name) {
                return take(index, piece.substr(equals + 1));
            }
        }
        return refuse(names.empty() ? "it takes no parameters"
                                    : fmt::format("there is no parameter \"{}\"; did you mean \"{}\"? ({})", name,
                                                  nearest_word(name, names), fmt::join(names, ", ")));
    }

    Result<void> take(std::size_t index, const std::string& text) {
        const AttackParameter& parameter = (*parameters_)[index];
        if (values_[index]) {
            return refuse(fmt::format("{} is given twice", parameter.name));
        }
        Result<AttackValue> value = parse_value(parameter, text);
        if (!value) {
            return refuse(value.error().message);
        }
        values_[index] = *std::move(value);
        return {};
    }

    Result<AttackStep> finish(const std::string& name) const {
        AttackStep step{name, {}};
        for (std::size_t index = 0; index < values_.size(); ++index) {
            const AttackParameter& parameter = (*parameters_)[index];
            if (!values_[index] && !has_default(parameter)) {
                return refuse(fmt::format("{} is missing: {}", parameter.name, parameter.description));
            }
            step.values.push_back(values_[index].value_or(default_value(parameter)));
        }
        return step;
    }

    const std::string& word_;
    const std::vector<AttackParameter>* parameters_ = nullptr;
    std::vector<std::optional<AttackValue>> values_;
    std::size_t next_ = 0;
};

/// Words between spaces, with single quotes as a shell has them.
std::vector<std::string> split_words(const std::string& text) {
    std::vector<std::string> words;
    bool is_inside = false; // a word
    bool is_quoted = false;
    for (const char c : text) {
        if (c == '\'') {
            is_quoted = !is_quoted;
        }
        if ((c == ' ' || c == '\t') && !is_quoted) {
            is_inside = false;
            continue;
        }
        if (!is_inside) {
            words.emplace_back();
            is_inside = true;
        }
        if (c != '\'') {
            words.back() += c;
        }
    }
    return words;
}

std::string quote_if_spaced(const std::string& word) {
    return word.find_first_of(" \t") == std::string::npos ? word : fmt::format("'{}'", word);
}

/// Values up to the last one that is not the default; the rest goes without saying, but for the first number or word.
std::string format_step(const AttackStep& step) {
    const std::vector<AttackParameter>& parameters = find_attack(step.name)->description.parameters;
    std::size_t count = parameters.size();
    while (count > 0 && has_default(parameters[count - 1]) &&
           step.values[count - 1] == default_value(parameters[count - 1]) &&
           (count > 1 || parameters[0].kind == ParameterKind::kText)) {
        --count;
    }
    std::string text = step.name;
    for (std::size_t index = 0; index < count; ++index) {
        text += fmt::format("{}{}", index == 0 ? "=" : ":", format_value(parameters[index], step.values[index]));
    }
    return quote_if_spaced(text);
}

Result<Audio> check_result(Result<Audio> audio) {
    if (audio && audio->num_samples() == 0) {
        return fail(ErrorCode::kUsage, "nothing of the recording is left");
    }
    return audio;
}

std::uint64_t step_seed(std::uint64_t seed, std::size_t index, const std::string& name) {
    return derived_seed(seed, fmt::format("{}:{}", index, name));
}

} // namespace

Result<AttackChain> parse_attack_chain(const std::vector<std::string>& words) {
    AttackChain chain;
    for (const std::string& word : words) {
        if (word == kNoAttack) {
            continue;
        }
        Result<AttackStep> step = StepParser(word).parse();
        if (!step) {
            return tl::unexpected(step.error());
        }
        chain.push_back(*std::move(step));
    }
    return chain;
}

Result<AttackChain> parse_attack_chain(const std::string& text) {
    return parse_attack_chain(split_words(text));
}

std::string format_attack_chain(const AttackChain& chain) {
    std::string text;
    for (const AttackStep& step : chain) {
        text += (text.empty() ? "" : " ") + format_step(step);
    }
    return text.empty() ? kNoAttack : text;
}

AttackChain draw_attack_chain(const AttackChain& chain, std::uint64_t seed) {
    AttackChain drawn = chain;
    for (std::size_t index = 0; index < drawn.size(); ++index) {
        AttackStep& step = drawn[index];
        RandomStream random(derived_seed(step_seed(seed, index, step.name), "values"));
        const std::vector<AttackParameter>& parameters = find_attack(step.name)->description.parameters;
        for (std::size_t k = 0; k < parameters.size(); ++k) {
            step.values[k] = draw_value(parameters[k], step.values[k], random);
        }
    }
    return drawn;
}

AttackStrength strength_of(const AttackChain& chain) {
    AttackStrength strength;
    for (const AttackStep& step : chain) {
        const AttackEntry& entry = *find_attack(step.name);
        strength.group += (strength.group.empty() ? "" : "+") + step.name;
        for (std::size_t k = 0; k < step.values.size(); ++k) {
            const AttackParameter& parameter = entry.description.parameters[k];
            if (parameter.kind == ParameterKind::kChoice && step.values[k] != default_value(parameter)) {
                strength.group += " " + fmt::format("{}", fmt::join(step.values[k].words, ","));
            }
            if (chain.size() == 1 && entry.main_parameter == parameter.name && step.values[k].is_fixed()) {
                strength.has_number = true;
                strength.number = step.values[k].numbers[0].low;
                strength.unit = parameter.unit;
            }
        }
    }
    if (strength.group.empty()) {
        strength.group = kNoAttack;
    }
    return strength;
}

Result<Audio> apply_attack_chain(Audio audio, const AttackChain& chain, const AttackContext& context) {
    if (audio.num_samples() == 0 || audio.num_channels() > kMaxChannels) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("attacks need 1 to {} channels and at least one sample", kMaxChannels));
    }
    const AttackChain drawn = draw_attack_chain(chain, context.seed);
    Result<Audio> result = std::move(audio);
    for (std::size_t index = 0; index < drawn.size(); ++index) {
        if (context.goes_on && !context.goes_on()) {
            return fail(ErrorCode::kCancelled, "stopped before the attack was complete");
        }
        const AttackStep& step = drawn[index];
        const AttackEntry& entry = *find_attack(step.name);
        result = check_result(
            entry.run({*result, entry.description, step, context, step_seed(context.seed, index, step.name)}));
        if (!result) {
            return fail(result.error().code, fmt::format("{}: {}", format_step(step), result.error().message));
        }
    }
    return result;
}

} // namespace wm
