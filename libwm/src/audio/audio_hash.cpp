#include "audio/audio_hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include <fmt/format.h>
#include <xxhash.h>

#include "wm/audio_hash.h"

namespace wm {

static_assert(std::endian::native == std::endian::little, "the hash is defined over little-endian numbers");

/// Integers are scaled in pieces that stay in the first-level cache.
static constexpr std::size_t kPieceValues = 2048;

struct AudioHasher::State {
    XXH3_state_t* xxh3 = XXH3_createState();
    State() { XXH3_128bits_reset(xxh3); }
    ~State() { XXH3_freeState(xxh3); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

AudioHasher::AudioHasher(const AudioSpec& spec) : state_(std::make_unique<State>()) {
    const std::array<std::int32_t, 2> shape = {spec.sample_rate_hz, spec.num_channels};
    XXH3_128bits_update(state_->xxh3, shape.data(), sizeof shape);
}

AudioHasher::~AudioHasher() = default;

void AudioHasher::add(const AudioBlock& block) {
    const std::size_t count = block.num_samples * static_cast<std::size_t>(block.num_channels);
    if (!block.is_integer) {
        XXH3_128bits_update(state_->xxh3, block.reals.data(), count * sizeof(double));
        return;
    }
    std::array<double, kPieceValues> scaled;
    for (std::size_t start = 0; start < count; start += kPieceValues) {
        const std::size_t size = std::min(kPieceValues, count - start);
        for (std::size_t k = 0; k < size; ++k) {
            scaled[k] = block.integers[start + k] * 0x1p-31;
        }
        XXH3_128bits_update(state_->xxh3, scaled.data(), size * sizeof(double));
    }
}

std::string AudioHasher::hex() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Result<std::string> hash_audio_file(const std::string& path) {
    constexpr std::size_t kBlockSamples = 1 << 16;
    Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    AudioHasher hasher((*reader)->spec());
    AudioBlock block;
    for (;;) {
        const Result<std::size_t> num_read = (*reader)->read(block, kBlockSamples);
        if (!num_read) {
            return tl::unexpected(num_read.error());
        }
        if (*num_read == 0) {
            return hasher.hex();
        }
        hasher.add(block);
    }
}

} // namespace wm
