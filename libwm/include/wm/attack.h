#pragma once

/// Attacks: what happens to recordings on their way, and what is done to them on purpose. For measuring what survives.
///
/// A chain is a list of steps, each `NAME`, `NAME=VALUE` or `NAME=VALUE:VALUE...`, applied in order:
///
///     pitch=+2st  mp3=64k  noise=white:20dB  eq=peak:1kHz:6dB:q=2
///
/// Values stand in the order of the attack's parameters, or anywhere as `parameter=value`; those left out have their defaults.
/// Where a number may be drawn, `LOW..HIGH` is a range and `A,B,C` are alternatives (also of ranges, and of words): each run
/// draws from them by its seed. docs/attacks.md lists all attacks.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wm/audio.h"
#include "wm/result.h"

namespace wm {

enum class ParameterKind {
    kNumber, ///< with a unit and a range
    kChoice, ///< one of several words
    kText,   ///< a file, a command; `@NAME` is a recording handed over in AttackContext
};

struct AttackParameter {
    std::string name;
    ParameterKind kind = ParameterKind::kNumber;
    std::string unit; ///< "dB", "Hz", "s", "ms", "%", "st", "kbit/s", "deg", ... or empty
    bool is_whole = false;
    double default_number = 0;
    double least = 0;
    double most = 0;
    std::vector<std::string> choices; ///< the first is the default
    std::string default_text;         ///< of a text; empty: it must be given, unless is_optional
    bool is_optional = false;
    std::string description;
};

struct AttackDescription {
    std::string name;
    std::string description; ///< one line
    std::string source;      ///< the paper or program that it follows; empty for what needs none
    bool is_random = false;  ///< whether its result depends on the seed
    std::vector<AttackParameter> parameters;
};

/// All attacks, by kind.
/// threads  any
const std::vector<AttackDescription>& attack_descriptions();

/// One value of a step: a number, or a set of ranges to draw one from; or a word, or several to draw from.
struct AttackValue {
    struct Range {
        double low = 0;
        double high = 0; ///< the same as low: a single number
        friend bool operator==(const Range&, const Range&) = default;
    };
    std::vector<Range> numbers;
    std::vector<std::string> words;

    bool is_fixed() const;
    friend bool operator==(const AttackValue&, const AttackValue&) = default;
};

struct AttackStep {
    std::string name;
    std::vector<AttackValue> values; ///< one for each parameter, in their order
    friend bool operator==(const AttackStep&, const AttackStep&) = default;
};

/// Steps in their order; none leaves a recording as it is.
using AttackChain = std::vector<AttackStep>;

/// errors   kUsage: an attack, parameter or choice that is unknown (the message names the nearest), a value that is no number, has
///          a wrong unit or is out of range (the message says the range), one parameter given twice, one missing
Result<AttackChain> parse_attack_chain(const std::vector<std::string>& words);

/// The same for words divided by spaces; single quotes keep spaces inside a word, as in a shell. "none" is the empty chain.
Result<AttackChain> parse_attack_chain(const std::string& text);

/// Text that parses to the same chain: "pitch=2st mp3=64k"; "none" for the empty one.
std::string format_attack_chain(const AttackChain& chain);

/// Every set of values replaced by one of them, drawn by `seed` and rounded so that its text says it exactly.
AttackChain draw_attack_chain(const AttackChain& chain, std::uint64_t seed);

/// What varies in a chain, for tables and curves over its strength.
struct AttackStrength {
    std::string group; ///< "pitch", "noise white", "pitch+mp3"
    bool has_number = false;
    double number = 0; ///< of a single step's main parameter
    std::string unit;
};
AttackStrength strength_of(const AttackChain& chain);

struct AttackContext {
    std::uint64_t seed = 0;
    /// What `@name` stands for in a chain: "host" (the recording before it was marked), "other", "noise", "speech", ...
    std::map<std::string, std::shared_ptr<const Audio>> recordings;
    /// Asked now and then; false stops with kCancelled.
    std::function<bool()> goes_on;
};

/// Applies the steps in order, drawing what is to be drawn. The same recording, chain, seed and files give the same samples on
/// every processor; the codecs (mp3, aac, opus, vorbis), `stretch` and `pitch` are other people's libraries and promise it for one
/// installation only, and `external` promises what its command does.
///
/// audio    1 to 8 channels, at least one sample
/// errors   kUsage (a step leaves nothing; a recording named by @ is not there or does not fit), kIo, kFormat, kUnsupported
///          (a codec that refuses), kCancelled; the message begins with the step
/// cost     the whole recording in memory several times; docs/attacks.md
/// threads  reentrant
Result<Audio> apply_attack_chain(Audio audio, const AttackChain& chain, const AttackContext& context);

/// A published list of attacks.
struct AttackPreset {
    struct Row {
        std::string name;  ///< as the source calls it
        std::string chain; ///< for parse_attack_chain
        std::string group; ///< what its strengths are gathered under in tables; empty: its name, or what strength_of() says
        std::string note;  ///< how it differs from the source, or what could not be verified; empty: as published
    };
    std::string name;
    std::string description;
    std::string source;
    std::string left_out; ///< what the source has and this has not, and why; empty: nothing
    std::vector<Row> rows;
};

const std::vector<AttackPreset>& attack_presets();

/// errors   kUsage, naming the nearest
Result<AttackPreset> find_attack_preset(const std::string& name);

} // namespace wm
