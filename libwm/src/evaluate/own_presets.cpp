/// Attack lists of this project.

#include "evaluate/attack_presets.h"

namespace wm {
namespace {

constexpr char kOwn[] = "this project";

/// Rows that are named after their chains.
std::vector<AttackPreset::Row> rows_of(const std::vector<std::string>& chains) {
    std::vector<AttackPreset::Row> rows;
    for (const std::string& chain : chains) {
        rows.push_back({chain, chain, "", ""});
    }
    return rows;
}

AttackPreset codecs() {
    return {"codecs", "lossy codecs from transparent to poor", kOwn, "",
            rows_of({"none", "mp3=128k", "mp3=96k", "mp3=64k", "mp3=48k", "mp3=32k", "aac=128k", "aac=96k", "aac=64k",
                     "aac=48k", "opus=96k", "opus=64k", "opus=32k", "opus=24k", "opus=16k", "vorbis=96k", "vorbis=64k",
                     "vorbis=48k"})};
}

AttackPreset desync() {
    return {"desync", "changes of time and pitch, cuts, jitter", kOwn, "",
            rows_of({"stretch=2%",
                     "stretch=-2%",
                     "stretch=5%",
                     "stretch=-5%",
                     "stretch=10%",
                     "stretch=-10%",
                     "pitch=0.5st",
                     "pitch=-0.5st",
                     "pitch=1st",
                     "pitch=-1st",
                     "pitch=2st",
                     "pitch=-2st",
                     "speed=1%",
                     "speed=-1%",
                     "speed=5%",
                     "speed=-5%",
                     "speed=10%",
                     "speed=-10%",
                     "speed=25%",
                     "speed=-20%",
                     "wow=0.5%:0.5Hz",
                     "flutter=0.1%:10Hz",
                     "drop=1%",
                     "jitter=1000",
                     "timejitter=1",
                     "shift=1000",
                     "excise=2s:1s",
                     "silence=2s:1s",
                     "stretch=5% pitch=-1st"})};
}

AttackPreset replay() {
    return {"replay",
            "played by a loudspeaker in a room and recorded again: room, loudspeaker's band, noise, microphone's gain "
            "control",
            kOwn,
            "",
            {{"near", "bandpass=150Hz:12kHz reverb=0.3s:6dB noise=pink:35dB", "", "a good loudspeaker at half a metre"},
             {"room", "bandpass=150Hz:10kHz reverb=0.5s:0dB noise=pink:25dB", "", "across a living room"},
             {"hall", "bandpass=120Hz:10kHz reverb=1.5s:-3dB noise=pink:25dB", "", "from the rows of a hall"},
             {"phone", "bandpass=300Hz:6kHz reverb=0.4s:0dB noise=pink:20dB compressor=-24dB:4:reference=peak", "",
              "a phone's loudspeaker and another's microphone"},
             {"bar", "bandpass=150Hz:8kHz reverb=0.7s:0dB mix=@speech:6dB compressor=-24dB:4:reference=peak", "",
              "people talking: hand their recording over as --with speech=FILE"},
             {"drift", "bandpass=150Hz:10kHz reverb=0.5s:0dB noise=pink:25dB speed=-0.02%..0.02%", "",
              "two clocks that differ"}}};
}

AttackPreset fingerprint() {
    AttackPreset preset{"fingerprint", "what recognisers of recordings meet", kOwn, "",
                        rows_of({"none", "mp3=64k", "opus=24k", "noise=white:10dB", "noise=white:0dB", "noise=pink:5dB",
                                 "mix=@babble:5dB", "mix=@speech:0dB", "resample=8kHz", "reverb=1s:-6dB"})};
    for (AttackPreset::Row& row : preset.rows) {
        if (row.chain.starts_with("mix=")) {
            row.note = "hand the recording over as --with " + row.chain.substr(5, row.chain.find(':') - 5) + "=FILE";
        }
    }
    preset.rows.push_back(
        {"eq_hard",
         "gain=-12dB eq=lowshelf:150Hz:10dB eq=peak:900Hz:-14dB:1.2 eq=peak:2200Hz:8dB eq=highshelf:6kHz:-12dB", "",
         ""});
    preset.rows.push_back({"compress_hard", "compressor=-42dB:20:3ms:60ms:20dB limiter=-3dB:20ms", "", ""});
    for (AttackPreset::Row& row :
         rows_of({"speed=2%", "speed=-2%", "speed=5%", "speed=10%", "speed=-10%", "speed=25%", "speed=-20%",
                  "stretch=5%", "stretch=10%", "pitch=1st", "pitch=2st", "pitch=-2st"})) {
        preset.rows.push_back(std::move(row));
    }
    return preset;
}

AttackPreset platform() {
    return {
        "platform",
        "what uploads undergo: a service's codec and loudness, and what people do to escape recognition, drawn from "
        "the seed",
        kOwn,
        "",
        {{"upload", "loudness=-14LUFS:-1dB aac=96k..160k", "", "a service's loudness and codec"},
         {"reupload", "aac=96k..160k loudness=-14LUFS:-1dB opus=64k..128k loudness=-16LUFS:-1dB aac=64k..128k", "",
          "downloaded from one service and put on another"},
         {"short video", "speed=0.5%..3%,-3%..-0.5% loudness=-14LUFS:-1dB aac=64k..96k", "",
          "slightly faster or slower"},
         {"sped up", "speed=10%..25% eq=lowshelf:120Hz:0dB..6dB loudness=-14LUFS:-1dB aac=64k..128k", "", ""},
         {"slowed", "speed=-20%..-10% reverb=1s..2s:3dB..9dB loudness=-14LUFS:-1dB aac=64k..128k", "",
          "slowed, with reverberation"},
         {"disguised",
          "pitch=-1st..-0.3st,0.3st..1st eq=highshelf:4kHz:-6dB..6dB eq=peak:300Hz..2kHz:-6dB..6dB aac=64k..128k", "",
          ""},
         {"under speech", "mix=@speech:-6dB..6dB loudness=-14LUFS:-1dB aac=64k..128k", "",
          "hand the speech over as --with speech=FILE"},
         {"live stream", "compressor=-24dB..-12dB:3..6:reference=peak noise=pink:25dB..40dB opus=32k..96k", "", ""},
         {"voice message", "mono bandpass=100Hz:8kHz loudness=-16LUFS:-1dB opus=16k..32k", "", ""}}};
}

} // namespace

std::vector<AttackPreset> own_presets() {
    return {codecs(), desync(), replay(), fingerprint(), platform()};
}

} // namespace wm
