#pragma once

#include "index/window_search.h"
#include "wm/index.h"

namespace wm {

/// One run of Index::identify_file(): windows of a stream, and what was found in them put together.
class IdentifyRun {
public:
    IdentifyRun(const Catalogue& catalogue, const IdentifyOptions& options, const Progress& progress)
        : catalogue_(catalogue), options_(options), progress_(progress) {}

    Result<IdentifyReport> run(const std::string& path);

private:
    /// A recording over all windows so far.
    struct Track {
        Candidate best; ///< its alignment counted from the query's first frame
        double first_frame = 0;
        double last_frame = 0;
        std::vector<std::pair<float, float>> hits;
    };

    Result<void> open_index();
    Result<void> find_excluded();
    Result<void> read(const std::string& path);
    Result<void> search_windows(bool at_end);
    Result<void> search_window(std::size_t num_frames);
    QueryWindow window_at(std::size_t num_frames) const;
    void add(const Found& found);
    std::vector<Candidate> expected() const;
    void drop_frames(std::size_t num_frames);
    Result<IdentifyReport> report() const;
    Result<std::optional<Match>> match_of(const Track& track) const;

    const Catalogue& catalogue_;
    const IdentifyOptions& options_;
    const Progress& progress_;
    std::optional<WindowSearch> search_;
    std::uint64_t num_tracks_ = 0;
    std::int64_t excluded_track_ = kNoTrack;
    double index_s_ = 0;
    SoundRecord query_;
    std::vector<float> levels_;       ///< from window_start_ on
    std::vector<SpectralPeak> peaks_; ///< of the whole query as far as read; times from its first frame
    std::size_t window_start_ = 0;    ///< frame
    std::size_t num_frames_ = 0;      ///< read so far
    std::size_t num_windows_ = 0;
    std::size_t num_audible_windows_ = 0;
    std::vector<Track> found_;
    std::vector<std::size_t> last_found_; ///< which of found_ the last window had
};

} // namespace wm
