#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "audio/audio_file.h"
#include "audio/resampler.h"
#include "audio/true_peak.h"
#include "watermark/plain_search.h"
#include "watermark/planar_queue.h"
#include "watermark/residual_maker.h"

namespace wm {

/// Level of the change so far, at the recording's own rate.
struct ChangeTally {
    double host_energy = 0;
    double residual_energy = 0;
};

/// Marks a stream of blocks: resamples to the tiles' rate, makes the residual there, brings it back, keeps the true peak,
/// and hands host and residual to the writer, aligned.
/// threads  one at a time
class Embedder {
public:
    /// search   sees the host at the tiles' rate (for marks it carries already); may be null
    Embedder(const AudioSpec& spec, TileMap signs, double strength, PlainSearch* search, AudioWriter& writer);

    /// A block to read into, with the memory of one that was written before.
    AudioBlock spare_block();

    /// errors   kIo: the writer's
    Result<void> push(AudioBlock block);
    Result<void> finish();

    const EmbedTally& tally() const { return residual_maker_.tally(); }
    const ChangeTally& change() const { return change_; }

private:
    Result<void> mark(bool at_end);
    Result<void> bring_back(bool at_end);
    Result<void> guard_ready();
    Result<void> write_ready();
    const std::vector<float*>& planar_host(const AudioBlock& block);

    std::size_t num_channels_;
    std::unique_ptr<Resampler> down_;
    std::unique_ptr<Resampler> up_;
    std::unique_ptr<TruePeakGuard> guard_;
    ResidualMaker residual_maker_;
    PlainSearch* search_;
    AudioWriter& writer_;
    std::deque<AudioBlock> blocks_;  ///< read and not yet written
    std::size_t num_guarded_ = 0;    ///< of them
    std::vector<AudioBlock> spares_; ///< written
    std::vector<std::vector<float>> planar_;
    std::vector<float*> planar_channels_;
    PlanarQueue tile_host_;     ///< at the tiles' rate, not yet marked
    PlanarQueue tile_residual_; ///< at the tiles' rate, not yet brought back
    PlanarQueue residual_;      ///< at the recording's rate, not yet guarded
    PlanarQueue guarded_;       ///< ready to write
    ChangeTally change_;
};

} // namespace wm
