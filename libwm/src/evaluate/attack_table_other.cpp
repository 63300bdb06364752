#include "base/random_stream.h"
#include "evaluate/attack_table.h"
#include "evaluate/attacks/copies.h"

namespace wm {
namespace {

constexpr char kStrangersKey[] = "attacker";

Result<Audio> run_remark(const AttackCall& call) {
    const std::string& path = call.word("key");
    const Result<Key> key =
        path.empty() ? Key::for_measurement(derived_seed(call.seed, "key"), kStrangersKey) : Key::load(path);
    return key.and_then([&](const Key& held) {
        return mark_again(call.audio, held, derived_seed(call.seed, "id"), call.number("strength"));
    });
}

Result<Audio> run_collude(const AttackCall& call) {
    std::vector<Audio> copies;
    const std::string& names = call.word("copies");
    for (std::size_t start = 0; start <= names.size();) {
        const std::size_t end = std::min(names.find(',', start), names.size());
        Result<Audio> copy = call.recording_named(names.substr(start, end - start));
        if (!copy) {
            return copy;
        }
        copies.push_back(*std::move(copy));
        start = end + 1;
    }
    return average_copies(call.audio, copies);
}

Result<Audio> run_transplant(const AttackCall& call) {
    return call.recording("host").and_then([&](const Audio& host) {
        return call.recording("target").and_then(
            [&](const Audio& target) { return transplant_residual(call.audio, host, target); });
    });
}

} // namespace

std::vector<AttackEntry> other_attacks() {
    return {
        {{"remark",
          "marks once more, with libwm under another key",
          "",
          true,
          {optional_text_parameter("key", "key file; without one a key is made from the seed"),
           number_parameter("strength", "", {1, 0.1, 3}, "of the new mark")}},
         "strength",
         run_remark},
        {{"collude",
          "averages with other copies of the recording, differently marked",
          "",
          false,
          {text_parameter("copies", "files or @NAMEs, divided by commas")}},
         "",
         run_collude},
        {{"transplant",
          "carries the mark over: what was added to the host is added to another recording",
          "",
          false,
          {text_parameter("host", "the recording before it was marked, or @NAME"),
           text_parameter("target", "the recording that is to carry it, or @NAME")}},
         "",
         run_transplant},
        {{"external",
          "runs a program by /bin/sh, {in} and {out} being WAV files",
          "",
          false,
          {text_parameter("command", "all that follows the first =")}},
         "",
         [](const AttackCall& call) -> Result<Audio> {
             return run_external(call.audio, call.word("command"), call.context.goes_on);
         }},
    };
}

} // namespace wm
