#include "wm/fingerprint.h"

#include <algorithm>

#include <fmt/format.h>
#include <xxhash.h>

#include "audio/audio_file.h"
#include "base/byte_order.h"
#include "fingerprint/mono_reader.h"
#include "fingerprint/peak_codec.h"
#include "fingerprint/peaks.h"

namespace wm {
namespace {

constexpr std::uint8_t kMagic[] = {'W', 'M', 'F', 'P'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kChecksumBytes = 8;

std::uint64_t num_cell_rows(std::uint32_t num_frames) {
    return num_frames / kCellFrames + (num_frames % kCellFrames != 0 ? 1 : 0);
}

} // namespace

double Fingerprint::duration_s() const {
    constexpr double kFrame_s = static_cast<double>(kFrameSamples) / kFingerprintRate_hz;
    return num_frames == 0 ? 0 : (num_frames - 1) / kFrameRate_hz + kFrame_s;
}

std::vector<std::uint8_t> encode_fingerprint(const Fingerprint& fingerprint) {
    std::vector<std::uint8_t> bytes(kHeaderBytes);
    std::copy(std::begin(kMagic), std::end(kMagic), bytes.begin());
    store_little(bytes.data() + 4, kVersion);
    store_little(bytes.data() + 8, fingerprint.num_frames);
    append_cell_rows(fingerprint.peaks, 0, num_cell_rows(fingerprint.num_frames), bytes);
    const std::uint64_t checksum = XXH3_64bits(bytes.data(), bytes.size());
    bytes.resize(bytes.size() + kChecksumBytes);
    store_little(bytes.data() + bytes.size() - kChecksumBytes, checksum);
    return bytes;
}

Result<Fingerprint> decode_fingerprint(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < kHeaderBytes + kChecksumBytes ||
        !std::equal(std::begin(kMagic), std::end(kMagic), bytes.begin())) {
        return fail(ErrorCode::kFormat, "these bytes are no fingerprint");
    }
    if (const auto version = load_little<std::uint32_t>(bytes.data() + 4); version != kVersion) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("a fingerprint of version {}, and this wm reads version {}", version, kVersion));
    }
    const std::span<const std::uint8_t> covered = bytes.first(bytes.size() - kChecksumBytes);
    if (load_little<std::uint64_t>(covered.data() + covered.size()) != XXH3_64bits(covered.data(), covered.size())) {
        return fail(ErrorCode::kFormat, "the fingerprint is damaged: its checksum does not fit");
    }
    Fingerprint fingerprint;
    fingerprint.num_frames = load_little<std::uint32_t>(bytes.data() + 8);
    if (!read_cell_rows(covered.subspan(kHeaderBytes), 0, num_cell_rows(fingerprint.num_frames), fingerprint.peaks)) {
        return fail(ErrorCode::kFormat, "the fingerprint is damaged: its cells do not fit its length");
    }
    return fingerprint;
}

namespace {

Result<Fingerprint> fingerprint_samples(MonoReader& samples, const Progress& progress) {
    LevelStream levels;
    PeakFinder finder;
    Fingerprint fingerprint;
    std::vector<float> rows;
    while (true) {
        const Result<std::size_t> count = samples.read();
        if (!count) {
            return tl::unexpected(count.error());
        }
        rows.clear();
        if (*count == 0) {
            break;
        }
        levels.push(samples.samples(), *count, rows);
        finder.push(rows.data(), rows.size() / kLevelStride, fingerprint.peaks);
        if (progress && !progress(samples.share_done())) {
            return fail(ErrorCode::kCancelled, "stopped before the fingerprint was complete");
        }
    }
    levels.finish(rows);
    finder.push(rows.data(), rows.size() / kLevelStride, fingerprint.peaks);
    finder.finish(fingerprint.peaks);
    fingerprint.num_frames = static_cast<std::uint32_t>(finder.num_frames());
    return fingerprint;
}

} // namespace

Result<Fingerprint> fingerprint_file(const std::string& path, const Progress& progress) {
    return AudioReader::open(path).and_then([&](const std::unique_ptr<AudioReader>& reader) {
        MonoReader samples(*reader);
        return fingerprint_samples(samples, progress);
    });
}

Result<SoundRecord> record_sound(const std::string& path, const Progress& progress) {
    return AudioReader::open(path).and_then([&](const std::unique_ptr<AudioReader>& reader) {
        AudioHasher hasher(reader->spec());
        MonoReader samples(*reader, &hasher);
        return fingerprint_samples(samples, progress).map([&](Fingerprint fingerprint) {
            return SoundRecord{hasher.hex(), std::move(fingerprint)};
        });
    });
}

} // namespace wm
