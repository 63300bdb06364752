#include "evaluate/attack_table.h"
#include "evaluate/attacks/codec.h"
#include "evaluate/attacks/filter.h"
#include "evaluate/attacks/space.h"

namespace wm {
namespace {

constexpr char kCookbook[] = "R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients";

AttackParameter slope_parameter() {
    return choice_parameter("slope", {"steep", "gentle"},
                            "linear-phase FIR, -6 dB there; or Butterworth, 12 dB an octave, -3 dB there");
}

AttackParameter transition_parameter() {
    return number_parameter("transition", "Hz", {0, 0, 20000},
                            "of a steep one, from pass to stop; 0: a tenth of the cut-off, but at least 50 Hz");
}

AttackParameter bit_rate_parameter(double default_kbps, double least_kbps, double most_kbps) {
    return number_parameter("rate", "kbit/s", {default_kbps, least_kbps, most_kbps}, "for all channels together");
}

template <Codec kCodec>
Result<Audio> run_codec(const AttackCall& call) {
    return encode_and_decode(call.audio, kCodec, call.number("rate"));
}

Result<Audio> run_eq(const AttackCall& call) {
    const std::string& shape = call.word("shape");
    return equalise(std::move(call.audio), {shape == "lowshelf"    ? EqShape::kLowShelf
                                            : shape == "highshelf" ? EqShape::kHighShelf
                                                                   : EqShape::kPeak,
                                            call.number("frequency"), call.number("gain"), call.number("q")});
}

Result<Audio> run_lowpass(const AttackCall& call) {
    return call.word("slope") == "gentle"
               ? low_pass_biquad(std::move(call.audio), call.number("cutoff"))
               : low_pass(std::move(call.audio), call.number("cutoff"), call.number("transition"));
}

Result<Audio> run_highpass(const AttackCall& call) {
    return call.word("slope") == "gentle"
               ? high_pass_biquad(std::move(call.audio), call.number("cutoff"))
               : high_pass(std::move(call.audio), call.number("cutoff"), call.number("transition"));
}

std::vector<AttackEntry> filter_attacks() {
    return {
        {{"lowpass",
          "removes what lies above a frequency",
          "",
          false,
          {number_parameter("cutoff", "Hz", {4000, 20, 96000}, "where it begins"), slope_parameter(),
           transition_parameter()}},
         "cutoff",
         run_lowpass},
        {{"highpass",
          "removes what lies below a frequency",
          "",
          false,
          {number_parameter("cutoff", "Hz", {500, 5, 96000}, "where it ends"), slope_parameter(),
           transition_parameter()}},
         "cutoff",
         run_highpass},
        {{"bandpass",
          "keeps what lies between two frequencies",
          "",
          false,
          {number_parameter("low", "Hz", {300, 5, 96000}, "lower edge, -6 dB"),
           number_parameter("high", "Hz", {3400, 20, 96000}, "upper edge, -6 dB")}},
         "high",
         [](const AttackCall& call) -> Result<Audio> {
             return band_pass(std::move(call.audio), call.number("low"), call.number("high"));
         }},
        {{"eq",
          "one band of a parametric equaliser",
          kCookbook,
          false,
          {choice_parameter("shape", {"peak", "lowshelf", "highshelf"}, "of the band"),
           number_parameter("frequency", "Hz", {1000, 10, 96000}, "its middle"),
           number_parameter("gain", "dB", {6, -40, 40}, "there (shelves: half of it)"),
           number_parameter("q", "", {1, 0.1, 40}, "frequency over bandwidth")}},
         "gain",
         run_eq},
        {{"barkeq",
          "a graphic equaliser over 24 critical bands, gains drawn at random",
          kCookbook,
          true,
          {number_parameter("least", "dB", {0, 0, 40}, "smallest gain or cut"),
           number_parameter("most", "dB", {6, 0, 40}, "largest gain or cut")}},
         "most",
         [](const AttackCall& call) -> Result<Audio> {
             return equalise_bark(std::move(call.audio), call.number("least"), call.number("most"), call.seed);
         }},
        {{"smooth", "moving average", "", false, {whole_parameter("window", "samples", {6, 1, 10000}, "averaged")}},
         "window",
         [](const AttackCall& call) -> Result<Audio> {
             return smooth(std::move(call.audio), static_cast<std::size_t>(call.number("window")));
         }},
        {{"phase",
          "turns the phase of all frequencies alike",
          "",
          false,
          {number_parameter("angle", "deg", {90, -360, 360}, "of the turn")}},
         "angle",
         [](const AttackCall& call) -> Result<Audio> {
             return rotate_phase(std::move(call.audio), call.number("angle"));
         }},
    };
}

std::vector<AttackEntry> space_attacks() {
    return {
        {{"echo",
          "adds a delayed copy, the peak kept",
          "",
          false,
          {number_parameter("delay", "ms", {100, 0.1, 10000}, "of the copy"),
           number_parameter("gain", "dB", {-6, -60, 6}, "of the copy")}},
         "gain",
         [](const AttackCall& call) -> Result<Audio> {
             return add_echo(std::move(call.audio), call.number("delay"), call.number("gain"));
         }},
        {{"reverb",
          "a synthetic room: decaying noise after the direct sound",
          "J. Moorer, Computer Music J. 3(2), 1979",
          true,
          {number_parameter("rt60", "s", {0.5, 0.05, 20}, "time of decay by 60 dB"),
           number_parameter("direct", "dB", {0, -40, 60}, "direct sound over reverberation, in energy")}},
         "rt60",
         [](const AttackCall& call) -> Result<Audio> {
             return add_room(std::move(call.audio), {call.number("rt60"), call.number("direct")}, call.seed);
         }},
        {{"convolve",
          "convolves with a room's impulse response, the level kept",
          "",
          false,
          {text_parameter("file", "the impulse response, or @NAME")}},
         "",
         [](const AttackCall& call) -> Result<Audio> {
             return call.recording("file").and_then([&](const Audio& response) -> Result<Audio> {
                 if (response.num_samples() == 0) {
                     return fail(ErrorCode::kUsage, "the impulse response is empty");
                 }
                 return convolve_with(std::move(call.audio), response);
             });
         }},
    };
}

std::vector<AttackEntry> codec_attacks() {
    return {
        {{"mp3", "MP3 by LAME, constant bit rate", "", false, {bit_rate_parameter(128, 8, 320)}},
         "rate",
         run_codec<Codec::kMp3>},
        {{"aac", "AAC-LC by libav's own encoder", "", false, {bit_rate_parameter(96, 8, 512)}},
         "rate",
         run_codec<Codec::kAac>},
        {{"opus", "Opus by libopus", "", false, {bit_rate_parameter(64, 1, 510)}}, "rate", run_codec<Codec::kOpus>},
        {{"vorbis", "Vorbis by libvorbis", "", false, {bit_rate_parameter(80, 32, 500)}},
         "rate",
         run_codec<Codec::kVorbis>},
    };
}

} // namespace

std::vector<AttackEntry> spectrum_attacks() {
    std::vector<AttackEntry> all = filter_attacks();
    for (const std::vector<AttackEntry>& part : {space_attacks(), codec_attacks()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

} // namespace wm
