#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "audio/audio_file.h"
#include "audio/resampler.h"
#include "audio/true_peak.h"
#include "watermark/residual_maker.h"

namespace wm {

/// Marks a stream of blocks: resamples to the tiles' rate, makes the residual there, brings it back, keeps the true peak,
/// and hands host and residual to the writer, aligned.
/// threads  one at a time
class Embedder {
public:
    /// search   is given the host's rows of levels, for marks that it carries already; may be null
    Embedder(const AudioSpec& spec, TileMap signs, double strength, SpanSearch* search, AudioWriter& writer);

    /// A block to read into, with the memory of one that was written before.
    AudioBlock spare_block();

    /// errors   kIo: the writer's
    Result<void> push(AudioBlock block);
    Result<void> finish();

    const EmbedTally& tally() const { return residual_maker_.tally(); }
    const ChangeTally& change() const { return guard_->change(); }

private:
    Result<void> bring_back();
    Result<void> guard_ready();
    Result<void> write_ready();

    std::size_t num_channels_;
    std::unique_ptr<Resampler> down_;
    std::unique_ptr<Resampler> up_;
    std::unique_ptr<TruePeakGuard> guard_;
    ResidualMaker residual_maker_;
    AudioWriter& writer_;
    std::deque<AudioBlock> blocks_;  ///< read and not yet written
    std::size_t num_guarded_ = 0;    ///< of them
    std::vector<AudioBlock> spares_; ///< written
    PlanarQueue planar_;             ///< the block being taken in
};

} // namespace wm
