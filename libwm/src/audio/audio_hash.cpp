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
    const double* samples = block.reals.data();
    if (block.is_integer) {
        scaled_.resize(count);
        std::transform(block.integers.begin(), block.integers.begin() + static_cast<std::ptrdiff_t>(count),
                       scaled_.begin(), [](std::int32_t sample) { return sample * 0x1p-31; });
        samples = scaled_.data();
    }
    XXH3_128bits_update(state_->xxh3, samples, count * sizeof(double));
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
