#include "evaluate/attacks/sndfile_codec.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <sndfile.h>

#include "base/scratch_folder.h"

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 4096; ///< libsndfile's Vorbis keeps a whole block on the stack
constexpr int kVorbisSteps = 7;             ///< halvings of the range of qualities
constexpr double kVorbisTolerance = 1.15;   ///< how far above the wanted rate its poorest quality may lie

struct CloseFile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using LossyFile = std::unique_ptr<SNDFILE, CloseFile>;

int format_of(Codec codec) {
    return codec == Codec::kMp3    ? SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
           : codec == Codec::kOpus ? SF_FORMAT_OGG | SF_FORMAT_OPUS
                                   : SF_FORMAT_OGG | SF_FORMAT_VORBIS;
}

const char* ending_of(Codec codec) {
    return codec == Codec::kMp3 ? ".mp3" : codec == Codec::kOpus ? ".opus" : ".ogg";
}

tl::unexpected<Error> refusal(const Audio& audio, Codec codec, double bit_rate_kbps, const std::string& reason) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: libsndfile refuses {} kbit/s for {} channels at {} Hz: {}", name_of(codec),
                            bit_rate_kbps, audio.num_channels(), audio.sample_rate_hz, reason));
}

/// The place on libsndfile's scale from 0 (best) to 1 (smallest), which is linear in the bit rate.
double compression_of(const Audio& audio, Codec codec, double bit_rate_kbps) {
    if (codec == Codec::kOpus) {
        return 1 - (bit_rate_kbps / static_cast<double>(audio.num_channels()) - 6) / 250;
    }
    const int rate_hz = audio.sample_rate_hz;
    const double least = rate_hz >= 32000 ? 32 : 8;
    const double most = rate_hz >= 32000 ? 320 : rate_hz >= 16000 ? 160 : 64;
    return (most - bit_rate_kbps - 1e-6) / (most - least); // what it makes of that is cut to a whole number of kbit/s
}

bool set_level(SNDFILE* file, Codec codec, double compression) {
    int constant = SF_BITRATE_MODE_CONSTANT;
    return sf_command(file, SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression) == SF_TRUE &&
           (codec != Codec::kMp3 || sf_command(file, SFC_SET_BITRATE_MODE, &constant, sizeof constant) == SF_TRUE);
}

bool write_all(SNDFILE* file, const Audio& audio) {
    const std::size_t num_channels = audio.num_channels();
    std::vector<float> block;
    for (std::size_t first = 0; first < audio.num_samples(); first += kBlockSamples) {
        const std::size_t count = std::min(kBlockSamples, audio.num_samples() - first);
        block.resize(count * num_channels);
        for (std::size_t c = 0; c < num_channels; ++c) {
            for (std::size_t i = 0; i < count; ++i) {
                block[i * num_channels + c] = audio.channels[c][first + i];
            }
        }
        if (sf_writef_float(file, block.data(), static_cast<sf_count_t>(count)) != static_cast<sf_count_t>(count)) {
            return false;
        }
    }
    return true;
}

/// errors   kUnsupported, whose message is libsndfile's; kIo
Result<void> write_at(const Audio& audio, const std::string& path, Codec codec, double compression) {
    SF_INFO info{};
    info.samplerate = audio.sample_rate_hz;
    info.channels = static_cast<int>(audio.num_channels());
    info.format = format_of(codec);
    const LossyFile file(sf_open(path.c_str(), SFM_WRITE, &info));
    if (!file) {
        return fail(ErrorCode::kUnsupported, sf_strerror(nullptr));
    }
    if (compression < 0 || compression > 1 || !set_level(file.get(), codec, compression)) {
        return fail(ErrorCode::kUnsupported, "the bit rate is out of its range");
    }
    if (!write_all(file.get(), audio)) {
        return fail(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, sf_strerror(file.get())));
    }
    return {};
}

double mean_rate_kbps(const Audio& audio, const std::string& path) {
    std::error_code failure;
    return 8e-3 * static_cast<double>(std::filesystem::file_size(path, failure)) / audio.duration_s();
}

/// libsndfile sets Vorbis by quality alone: halves the range until the mean rate is the one wanted.
Result<void> write_vorbis(const Audio& audio, const std::string& path, double bit_rate_kbps) {
    double best = 0;
    double poorest = 1;
    Result<void> written = write_at(audio, path, Codec::kVorbis, poorest);
    const double least_kbps = mean_rate_kbps(audio, path);
    if (written && least_kbps > bit_rate_kbps * kVorbisTolerance) {
        return fail(ErrorCode::kUnsupported, fmt::format("its poorest quality takes {:.0f} kbit/s", least_kbps));
    }
    for (int step = 0; step < kVorbisSteps && written; ++step) {
        const double middle = (best + poorest) / 2;
        written = write_at(audio, path, Codec::kVorbis, middle);
        (mean_rate_kbps(audio, path) > bit_rate_kbps ? best : poorest) = middle;
    }
    return written;
}

} // namespace

Result<void> write_lossy(const Audio& audio, const std::string& path, Codec codec, double bit_rate_kbps) {
    if (codec == Codec::kAac) {
        return fail(ErrorCode::kUnsupported,
                    "AAC needs libav, which is not installed or not in this build: install it, "
                    "or use external=");
    }
    Result<void> written = codec == Codec::kVorbis
                               ? write_vorbis(audio, path, bit_rate_kbps)
                               : write_at(audio, path, codec, compression_of(audio, codec, bit_rate_kbps));
    if (!written && written.error().code == ErrorCode::kUnsupported) {
        return refusal(audio, codec, bit_rate_kbps, written.error().message);
    }
    return written;
}

Result<Audio> transcode_by_sndfile(const Audio& audio, Codec codec, double bit_rate_kbps) {
    const Result<ScratchFolder> folder = ScratchFolder::create();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    const std::string path = folder->path(std::string("coded") + ending_of(codec));
    return write_lossy(audio, path, codec, bit_rate_kbps)
        .and_then([&] { return read_audio(path); })
        .map([&](Audio decoded) {
            for (std::vector<float>& channel : decoded.channels) {
                channel.resize(audio.num_samples(), 0.0F);
            }
            return decoded;
        });
}

} // namespace wm
