#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "audio/audio_file.h"
#include "audio/audio_hash.h"
#include "audio/resampler.h"
#include "wm/progress.h"

namespace wm {

/// Reads a recording at the tiles' rate, kTileRate_hz.
/// threads  one at a time
class TileReader {
public:
    /// hasher   is fed the blocks as decoded; may be null
    explicit TileReader(AudioReader& reader, AudioHasher* hasher = nullptr);

    /// Reads on. returns  the number of new samples per channel, in channels(); 0 only at the end
    /// errors   kIo, kFormat
    Result<std::size_t> read();

    /// Reads to the end, and hands each piece to `use`.
    /// returns  false when `report` wanted to stop; it is told the share done after each piece, and may be empty
    /// errors   kIo, kFormat
    Result<bool> read_all(const std::function<void(const float* const* channels, std::size_t count)>& use,
                          const Progress& report);

    /// [channel], what the last read() brought.
    const float* const* channels() const { return channels_.data(); }
    std::size_t num_channels() const { return samples_.num_channels(); }

    /// The share of the recording read so far; 0 when its length is not known.
    double share_done() const;

private:
    AudioReader& reader_;
    AudioHasher* hasher_;
    std::unique_ptr<Resampler> down_;
    AudioBlock block_;
    PlanarQueue planar_;
    PlanarQueue samples_;
    std::vector<const float*> channels_;
    std::int64_t position_ = 0;
    bool at_end_ = false;
};

} // namespace wm
