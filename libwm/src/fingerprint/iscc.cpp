#include "wm/iscc.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "audio/audio_file.h"
#ifdef WM_HAVE_CHROMAPRINT
#include "fingerprint/chromaprint_api.h"
#endif

namespace wm {
namespace {

constexpr std::size_t kBlockSamples = 16384;
/// The header of an ISCC unit: main type Content, subtype Audio, version 0, and the length in 32 bits less one.
constexpr std::uint8_t kContentAudio = 0x22;
constexpr std::uint8_t kVersion = 0;

/// A 32-bit similarity hash: each bit as at least half of the features have it; 0 of none.
std::uint32_t similarity_hash(std::span<const std::int32_t> features) {
    std::array<std::size_t, 32> counts = {};
    for (const std::int32_t feature : features) {
        for (std::size_t bit = 0; bit < counts.size(); ++bit) {
            counts[bit] += static_cast<std::uint32_t>(feature) >> bit & 1U;
        }
    }
    std::uint32_t hash = 0;
    for (std::size_t bit = 0; bit < counts.size() && !features.empty(); ++bit) {
        hash |= (2 * counts[bit] >= features.size() ? 1U : 0U) << bit;
    }
    return hash;
}

/// Appends the hash, highest byte first.
void append_hash(std::span<const std::int32_t> features, std::vector<std::uint8_t>& digest) {
    const std::uint32_t hash = similarity_hash(features);
    for (int shift = 24; shift >= 0; shift -= 8) {
        digest.push_back(static_cast<std::uint8_t>(hash >> shift));
    }
}

/// Appends the hashes of `num_parts` stretches, the first ones one feature longer where the number does not divide.
void append_parts(std::span<const std::int32_t> features, std::size_t num_parts, std::vector<std::uint8_t>& digest) {
    const std::size_t longer = features.size() % num_parts;
    std::size_t begin = 0;
    for (std::size_t part = 0; part < num_parts; ++part) {
        const std::size_t length = features.size() / num_parts + (part < longer ? 1 : 0);
        append_hash(features.subspan(begin, length), digest);
        begin += length;
    }
}

/// RFC 4648, without padding.
std::string base32(std::span<const std::uint8_t> bytes) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t pending = 0;
    unsigned num_bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = pending << 8 | byte;
        for (num_bits += 8; num_bits >= 5; num_bits -= 5) {
            text += kDigits[pending >> (num_bits - 5) & 31U];
        }
    }
    if (num_bits > 0) {
        text += kDigits[pending << (5 - num_bits) & 31U];
    }
    return text;
}

#ifdef WM_HAVE_CHROMAPRINT

struct FreeChromaprint {
    const ChromaprintApi& api;
    void operator()(ChromaprintContext* context) const { api.chromaprint_free(context); }
};
using Chromaprint = std::unique_ptr<ChromaprintContext, FreeChromaprint>;

/// 16-bit samples, as fpcalc hands them over.
void to_16_bits(const AudioBlock& block, std::vector<std::int16_t>& samples) {
    samples.clear();
    const std::size_t count = block.num_samples * static_cast<std::size_t>(block.num_channels);
    for (std::size_t k = 0; k < count; ++k) {
        samples.push_back(block.is_integer
                              ? static_cast<std::int16_t>(block.integers[k] >> 16)
                              : static_cast<std::int16_t>(std::clamp(block.reals[k] * 32768.0, -32768.0, 32767.0)));
    }
}

Result<std::vector<std::int32_t>> features_of(const ChromaprintApi& api, ChromaprintContext* context) {
    std::uint32_t* raw = nullptr;
    int count = 0;
    if (api.chromaprint_finish(context) != 1 || api.chromaprint_get_raw_fingerprint(context, &raw, &count) != 1) {
        return fail(ErrorCode::kInternal, "chromaprint gave no fingerprint");
    }
    std::vector<std::int32_t> features(raw, raw + count);
    api.chromaprint_dealloc(raw);
    return features;
}

#endif

} // namespace

std::string iscc_audio_code_of_features(std::span<const std::int32_t> features, std::size_t num_bits) {
    assert(num_bits >= 64 && num_bits <= 256 && num_bits % 64 == 0);
    std::vector<std::uint8_t> digest;
    append_hash(features, digest);
    append_parts(features, 4, digest);
    std::vector<std::int32_t> sorted(features.begin(), features.end());
    std::sort(sorted.begin(), sorted.end());
    append_parts(sorted, 3, digest);
    std::vector<std::uint8_t> unit = {kContentAudio, static_cast<std::uint8_t>(kVersion << 4 | (num_bits / 32 - 1))};
    unit.insert(unit.end(), digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(num_bits / 8));
    return "ISCC:" + base32(unit);
}

#ifdef WM_HAVE_CHROMAPRINT

Result<std::string> iscc_audio_code(const std::string& path, const Progress& progress) {
    const Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    const AudioSpec& spec = (*reader)->spec();
    const Result<const ChromaprintApi*> loaded = load_chromaprint();
    if (!loaded) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{}: no ISCC Audio-Code without Chromaprint: {}", path, loaded.error().message));
    }
    const ChromaprintApi& api = **loaded;
    const Chromaprint context(api.chromaprint_new(CHROMAPRINT_ALGORITHM_DEFAULT), FreeChromaprint{api});
    if (context == nullptr || api.chromaprint_start(context.get(), spec.sample_rate_hz, spec.num_channels) != 1) {
        return fail(ErrorCode::kUnsupported, fmt::format("{}: chromaprint does not take {} Hz, {} channels", path,
                                                         spec.sample_rate_hz, spec.num_channels));
    }
    AudioBlock block;
    std::vector<std::int16_t> samples;
    for (std::int64_t position = 0;; position += static_cast<std::int64_t>(block.num_samples)) {
        const Result<std::size_t> count = (*reader)->read(block, kBlockSamples);
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count == 0) {
            break;
        }
        to_16_bits(block, samples);
        if (api.chromaprint_feed(context.get(), samples.data(), static_cast<int>(samples.size())) != 1) {
            return fail(ErrorCode::kInternal, "chromaprint refused samples");
        }
        const double share_done =
            static_cast<double>(position) / static_cast<double>(std::max<std::int64_t>(spec.num_samples, 1));
        if (progress && !progress(std::min(share_done, 1.0))) {
            return fail(ErrorCode::kCancelled, "stopped before the code was complete");
        }
    }
    return features_of(api, context.get()).map([](const std::vector<std::int32_t>& features) {
        return iscc_audio_code_of_features(features);
    });
}

#else

Result<std::string> iscc_audio_code(const std::string& path, const Progress&) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: this build has no Chromaprint, from which ISCC Audio-Codes are made", path));
}

#endif

} // namespace wm
