#include "evaluate/attack_table.h"
#include "evaluate/attacks/dynamics.h"
#include "evaluate/attacks/level.h"
#include "evaluate/attacks/noise.h"

namespace wm {
namespace {

constexpr char kGiannoulis[] = "D. Giannoulis, M. Massberg, J. Reiss, J. AES 60(6), 2012";

std::vector<AttackParameter> dynamics_parameters(double threshold_db, double ratio) {
    return {number_parameter("threshold", "dB", {threshold_db, -100, 0}, "level (RMS over 5 ms) at which it begins"),
            number_parameter("ratio", "", {ratio, 1, 1000}, "dB in for 1 dB out"),
            number_parameter("attack", "ms", {5, 0.1, 1000}, "time constant of the gain falling"),
            number_parameter("release", "ms", {50, 1, 5000}, "time constant of the gain rising"),
            number_parameter("makeup", "dB", {0, -60, 60}, "gain afterwards"),
            number_parameter("knee", "dB", {0, 0, 40}, "width of the bend at the threshold"),
            choice_parameter("reference", {"fullscale", "peak"}, "what levels are measured against")};
}

DynamicsOptions dynamics_of(const AttackCall& call) {
    return {call.number("threshold"), call.number("ratio"), call.number("attack"),           call.number("release"),
            call.number("makeup"),    call.number("knee"),  call.word("reference") == "peak"};
}

Result<Audio> run_polarity(const AttackCall& call) {
    const std::string& which = call.word("channels");
    return invert_polarity(std::move(call.audio), which == "first"    ? PolarityOf::kFirstChannel
                                                  : which == "second" ? PolarityOf::kSecondChannel
                                                                      : PolarityOf::kAllChannels);
}

NoiseColor color_of(const AttackCall& call) {
    const std::string& color = call.word("color");
    return color == "pink" ? NoiseColor::kPink : color == "brown" ? NoiseColor::kBrown : NoiseColor::kWhite;
}

AttackParameter color_parameter() {
    return choice_parameter("color", {"white", "pink", "brown"}, "flat, -3 or -6 dB an octave above 20 Hz");
}

std::vector<AttackEntry> channel_attacks() {
    return {
        {{"gain", "louder or softer", "", false, {number_parameter("gain", "dB", {-6, -60, 60}, "of every sample")}},
         "gain",
         [](const AttackCall& call) -> Result<Audio> {
             return change_gain(std::move(call.audio), call.number("gain"));
         }},
        {{"polarity",
          "changes the sign of all channels, or of one",
          "",
          false,
          {choice_parameter("channels", {"all", "first", "second"}, "whose sign")}},
         "",
         run_polarity},
        {{"mono", "one channel: the mean of all", "", false, {}},
         "",
         [](const AttackCall& call) -> Result<Audio> { return mix_to_mono(call.audio); }},
        {{"swap", "exchanges left and right", "", false, {}},
         "",
         [](const AttackCall& call) -> Result<Audio> { return swap_channels(std::move(call.audio)); }},
        {{"requantise",
          "rounds to fewer bits, without dither",
          "",
          false,
          {whole_parameter("bits", "bits", {8, 2, 24}, "of the range -1 to 1")}},
         "bits",
         [](const AttackCall& call) -> Result<Audio> {
             return requantise(std::move(call.audio), static_cast<int>(call.number("bits")));
         }},
        {{"levels",
          "rounds to a number of levels over the channel's own range",
          "AudioMarkBench (Liu et al., NeurIPS 2024)",
          false,
          {whole_parameter("count", "", {64, 2, 65536}, "of levels")}},
         "count",
         [](const AttackCall& call) -> Result<Audio> {
             return quantise_to_levels(std::move(call.audio), static_cast<int>(call.number("count")));
         }},
    };
}

std::vector<AttackEntry> noise_attacks() {
    return {
        {{"noise",
          "adds Gaussian noise, independent in each channel",
          "",
          true,
          {color_parameter(), number_parameter("snr", "dB", {20, -40, 120}, "recording over noise, whole recording")}},
         "snr",
         [](const AttackCall& call) -> Result<Audio> {
             return add_noise(std::move(call.audio), color_of(call), call.number("snr"), call.seed);
         }},
        {{"floor",
          "adds noise of a fixed level",
          "AudioSeal's code (San Roman et al., ICML 2024), random_noise",
          true,
          {number_parameter("rms", "", {0.001, 1e-6, 1}, "of the noise, full scale 1"), color_parameter()}},
         "rms",
         [](const AttackCall& call) -> Result<Audio> {
             return add_noise_floor(std::move(call.audio), color_of(call), call.number("rms"), call.seed);
         }},
        {{"mix",
          "mixes another recording in, from a random place on, repeated as needed",
          "",
          true,
          {text_parameter("file", "the recording to add, or @NAME"),
           number_parameter("snr", "dB", {0, -40, 120}, "recording over addition, whole recording")}},
         "snr",
         [](const AttackCall& call) -> Result<Audio> {
             return call.recording("file").map([&](const Audio& other) {
                 return mix_in(std::move(call.audio), other, call.number("snr"), call.seed);
             });
         }},
    };
}

std::vector<AttackEntry> dynamics_attacks() {
    return {
        {{"compressor", "takes loud moments back", kGiannoulis, false, dynamics_parameters(-20, 4)},
         "threshold",
         [](const AttackCall& call) -> Result<Audio> { return compress(std::move(call.audio), dynamics_of(call)); }},
        {{"expander", "takes soft moments further down", kGiannoulis, false, dynamics_parameters(-40, 2)},
         "threshold",
         [](const AttackCall& call) -> Result<Audio> {
             return expand_downward(std::move(call.audio), dynamics_of(call));
         }},
        {{"fold", "takes ratio - 1 dB away for each dB above the threshold",
          "RAW-Bench's code (Ozer et al., Interspeech 2025), dynamic_range_expansion", false,
          dynamics_parameters(-12, 4)},
         "threshold",
         [](const AttackCall& call) -> Result<Audio> { return fold_down(std::move(call.audio), dynamics_of(call)); }},
        {{"limiter",
          "keeps every sample below a ceiling, with 5 ms of look-ahead",
          "",
          false,
          {number_parameter("ceiling", "dB", {-6, -60, 0}, "no sample exceeds it"),
           number_parameter("release", "ms", {50, 1, 5000}, "time constant of the gain rising"),
           choice_parameter("reference", {"fullscale", "peak"}, "what the ceiling is measured against")}},
         "ceiling",
         [](const AttackCall& call) -> Result<Audio> {
             return limit(std::move(call.audio), call.number("ceiling"), call.number("release"),
                          call.word("reference") == "peak");
         }},
        {{"loudness",
          "brings the integrated loudness to a target, samples limited",
          "EBU R 128; ITU-R BS.1770",
          false,
          {number_parameter("target", "LUFS", {-16, -60, -5}, "integrated loudness"),
           number_parameter("ceiling", "dB", {-1.5, -20, 0}, "of samples")}},
         "target",
         [](const AttackCall& call) -> Result<Audio> {
             return normalise_loudness(std::move(call.audio), call.number("target"), call.number("ceiling"));
         }},
        {{"clip",
          "cuts peaks off",
          "",
          false,
          {number_parameter("level", "dB", {-6, -60, 0}, "against the recording's peak")}},
         "level",
         [](const AttackCall& call) -> Result<Audio> { return clip(std::move(call.audio), call.number("level")); }},
        {{"tanh",
          "soft saturation that keeps the peak",
          "",
          false,
          {number_parameter("drive", "", {3, 0.01, 100}, "slope at 0")}},
         "drive",
         [](const AttackCall& call) -> Result<Audio> {
             return saturate_tanh(std::move(call.audio), call.number("drive"));
         }},
    };
}

} // namespace

std::vector<AttackEntry> level_attacks() {
    std::vector<AttackEntry> all = channel_attacks();
    for (const std::vector<AttackEntry>& part : {noise_attacks(), dynamics_attacks()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

} // namespace wm
