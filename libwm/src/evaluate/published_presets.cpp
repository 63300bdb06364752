/// Attack lists of papers. Values are those of the code that the authors published, as far as it says them.

#include "evaluate/attack_presets.h"

namespace wm {
namespace {

constexpr char kRawBench[] = "Y. Ozer, W. Choi, J. Serra, M. K. Singh, W. Liao, Y. Mitsufuji, A Comprehensive "
                             "Real-World Assessment of Audio Watermarking "
                             "Algorithms: Will They Survive Neural Codecs?, Interspeech 2025; values from "
                             "configs/attack/ and raw_bench/attacks/ of the "
                             "authors' repository SonyResearch/raw_bench. Its files that fix each trial's values could "
                             "not be had: here they are drawn "
                             "from the same ranges";
constexpr char kRawBenchLeftOut[] =
    "DAC and EnCodec, neural codecs: add them by external=; frequency and time masks, which the "
    "authors use for training only";
constexpr char kDemand[] = "the authors mix recordings of the DEMAND data set: hand one over as --with noise=FILE";
constexpr char kAir[] =
    "the authors convolve with responses of the AIR data set, up to 0.5 s, mixed at this SNR: here a synthetic room";
constexpr char kPydub[] = "the authors' detector (pydub) averages over the attack time in steps, ours without";
constexpr char kVorbisQuality[] = "the authors set libvorbis qualities (256k: 8, 128k: 4, 64k: 0, 48k: -1) for mono";
constexpr char kGainInDb[] = "drawn evenly in dB; the authors draw the factor";
constexpr char kLogGains[] = "log gains are taken for natural logarithms: what their unit is could not be verified";
constexpr char kShift[] =
    "the amount of the evaluation could not be verified: this is the training range at a hop of 512";
constexpr char kVocoder[] =
    "rates 0.95 to 1.05, strict 0.75 to 0.95 and 1.05 to 1.25; the authors stretch by a phase vocoder (librosa)";

/// What both settings do, to different degrees.
struct RawBenchRow {
    const char* name;
    const char* loose;
    const char* strict;
    const char* note;
};
constexpr RawBenchRow kRawBenchRows[] = {
    {"background_noise", "mix=@noise:35dB..60dB", "mix=@noise:20dB..35dB", kDemand},
    {"gaussian_noise", "noise=white:40dB..60dB", "noise=white:20dB..40dB", ""},
    {"reverb", "reverb=0.5s:6dB..12dB", "reverb=0.5s:0dB..6dB", kAir},
    {"aac", "aac=128k,256k", "aac=64k", ""},
    {"mp3", "mp3=128k,256k", "mp3=64k", ""},
    {"vorbis", "vorbis=64k,128k,256k", "vorbis=48k", kVorbisQuality},
    {"dynamic_range_compression", "compressor=-18dB..-6dB:4:5ms:50ms:reference=peak",
     "compressor=-36dB..-18dB:4:5ms:50ms:reference=peak", kPydub},
    {"dynamic_range_expansion", "fold=-12dB..-6dB:4:5ms:50ms:reference=peak",
     "fold=-16dB..-12dB:4:5ms:50ms:reference=peak", kPydub},
    {"limiter", "compressor=-18dB..-6dB:1000:5ms:50ms:reference=peak",
     "compressor=-36dB..-18dB:1000:5ms:50ms:reference=peak", "the authors' ratio is infinite"},
    {"eq", "barkeq=0dB:3.257dB", "barkeq=3.257dB:6.514dB", kLogGains},
    {"highpass", "highpass=10Hz..250Hz:gentle", "highpass=250Hz..500Hz:gentle", ""},
    {"lowpass", "lowpass=6000Hz..8000Hz:gentle", "lowpass=3500Hz..6000Hz:gentle", ""},
    {"gain", "gain=-6.021dB..3.522dB", "gain=-13.98dB..-6.021dB,3.522dB..13.98dB", kGainInDb},
    {"phase_shift", "shift=-256..256", "shift=-256..256", kShift},
    {"polarity", "polarity", "polarity", ""},
    {"quantization", "requantise=12..16", "requantise=12..16", ""},
    {"time_jitter", "timejitter=0.01..0.2", "timejitter=0.01..0.2", ""},
    {"time_stretch", "stretch=0.9524x..1.0526x", "stretch=1.0526x..1.3333x,0.8x..0.9524x", kVocoder},
};

AttackPreset raw_bench(const std::string& setting, const char* RawBenchRow::*chain) {
    AttackPreset preset{"raw-bench-" + setting, "RAW-Bench, " + setting + " setting", kRawBench, kRawBenchLeftOut, {}};
    for (const RawBenchRow& row : kRawBenchRows) {
        preset.rows.push_back({row.name, row.*chain, "", row.note});
    }
    return preset;
}

/// One row for each value, named after it.
void add_rows(std::vector<AttackPreset::Row>& rows, const std::string& name, const std::string& before,
              const std::vector<std::string>& values, const std::string& after, const std::string& note) {
    for (const std::string& value : values) {
        rows.push_back({name + " " + value, before + value + after, name, note});
    }
}

AttackPreset audiomarkbench() {
    AttackPreset preset{"audiomarkbench",
                        "AudioMarkBench, no-box perturbations",
                        "H. Liu, M. Guo, Z. Jiang, L. Wang, N. Z. Gong, AudioMarkBench: Benchmarking Robustness of "
                        "Audio Watermarking, NeurIPS "
                        "2024 Datasets and Benchmarks; values from no-box/ of the authors' repository "
                        "moyangkuo/AudioMarkBench, which works on 5 s "
                        "of speech at 16 kHz, mono",
                        "SoundStream and EnCodec, neural codecs: add them by external=; the black-box and white-box "
                        "attacks, which need the detector",
                        {}};
    std::vector<AttackPreset::Row>& rows = preset.rows;
    add_rows(
        rows, "time_stretch", "stretch=", {"1.4286x", "1.1111x", "0.9091x", "0.7692x", "0.6667x"}, "",
        "rates 0.7, 0.9, 1.1, 1.3, 1.5 by a phase vocoder (librosa); the authors then cut or pad to the length before");
    add_rows(rows, "gaussian_noise", "noise=white:", {"40dB", "30dB", "20dB", "10dB", "5dB"}, "", "");
    add_rows(rows, "background_noise", "mix=@noise:", {"40dB", "30dB", "20dB", "10dB", "5dB"}, "",
             "the authors mix babble of the VOiCES data set: hand a recording over as --with noise=FILE");
    add_rows(rows, "quantization", "levels=", {"4", "8", "16", "32", "64"}, "", "");
    const std::string ratio = "the authors' cut-off ratio 0.1 to 0.5 of 16 kHz";
    add_rows(rows, "lowpass", "lowpass=", {"1600Hz", "3200Hz", "4800Hz", "6400Hz", "8000Hz"}, "", ratio);
    add_rows(rows, "highpass", "highpass=", {"1600Hz", "3200Hz", "4800Hz", "6400Hz", "8000Hz"}, "", ratio);
    add_rows(rows, "smooth", "smooth=", {"6", "10", "14", "18", "22"}, "",
             "samples at 16 kHz there: at a higher rate the same number removes less");
    add_rows(rows, "echo", "echo=", {"100ms", "300ms", "500ms", "700ms", "900ms"}, ":-7.959dB", "");
    add_rows(rows, "mp3", "mp3=", {"8k", "16k", "24k", "32k", "40k"}, "", "of mono there");
    add_rows(rows, "opus", "opus=", {"1k", "2k", "4k", "8k", "16k", "31k"}, "",
             "of mono there, at libopus's complexity 1; it codes 1, 2 and 4 kbit/s alike, at about 4.4 kbit/s");
    return preset;
}

AttackPreset audioseal() {
    return {"audioseal",
            "AudioSeal's attacks with the defaults of its code",
            "R. San Roman, P. Fernandez, H. Elsahar, A. Defossez, T. Furon, T. Tran, Proactive Detection of Voice "
            "Cloning with "
            "Localized Watermarking, ICML 2024; values from examples/attacks.py of the repository "
            "facebookresearch/audioseal",
            "MP3, AAC and EnCodec, whose bit rates in the paper's table could not be verified",
            {{"identity", "none", "", ""},
             {"speed", "speed=0.5x..1.5x", "", ""},
             {"updownresample", "resample=32000Hz", "",
              "up from 16 kHz and back there: down and back for recordings above 32 kHz"},
             {"echo", "echo=100ms..500ms:-20dB..-6.021dB", "", "the authors draw the factor, 0.1 to 0.5"},
             {"random_noise", "floor=0.001", "", ""},
             {"pink_noise", "floor=0.0035:pink", "", "scaled to a peak of 0.01 there"},
             {"lowpass", "lowpass=5000Hz", "", ""},
             {"highpass", "highpass=500Hz", "", ""},
             {"bandpass", "bandpass=300Hz:8000Hz", "", ""},
             {"smooth", "smooth=2..10", "", "samples at 16 kHz there"},
             {"boost", "gain=1.584dB", "", ""},
             {"duck", "gain=-1.938dB", "", ""},
             {"shush", "mute=0s:10ms", "", "the first thousandth there: this is that of 10 s"}}};
}

AttackPreset step2000() {
    const std::string unknown = "the processor of the test is not known";
    return {"step2000",
            "STEP 2000, the rows whose conditions are known",
            "JASRAC and Nomura Research Institute, Announcement of Evaluation Test Results for STEP 2000, Annex 1, 6 "
            "October 2000",
            "D/A and A/D conversion, which needs apparatus; the codecs, broadcasts and noise of the test, whose "
            "conditions could "
            "not be verified",
            {{"altered number of channels", "mono", "", ""},
             {"down sampling", "resample=16000Hz", "", "back to the recording's rate here"},
             {"amplitude compression", "requantise=8", "", "44.1 kHz, 16 bits to 8"},
             {"time decompression", "stretch=10%", "", unknown},
             {"time compression", "stretch=-10%", "", unknown},
             {"pitch shift up", "pitch=1.65st", "", "10 % of frequency; " + unknown},
             {"pitch shift down", "pitch=-1.824st", "", "10 % of frequency; " + unknown}}};
}

} // namespace

std::vector<AttackPreset> published_presets() {
    return {raw_bench("loose", &RawBenchRow::loose), raw_bench("strict", &RawBenchRow::strict), audiomarkbench(),
            audioseal(), step2000()};
}

} // namespace wm
