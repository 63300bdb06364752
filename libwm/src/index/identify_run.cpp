#include "index/identify_run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "audio/audio_file.h"
#include "fingerprint/mono_reader.h"
#include "fingerprint/peaks.h"
#include "index/significance.h"

namespace wm {
namespace {

constexpr std::size_t kWindowFrames = 625; // 10 s
constexpr std::size_t kStepFrames = 312;
/// A stretch of up to this is one window; longer ones are several.
constexpr std::size_t kLongestWindowFrames = 800;
constexpr std::size_t kLeastFrames = 56; // 1 s
constexpr std::size_t kLeastPeaks = 10;
constexpr double kSameTempo = 0.02;
constexpr double kSamePlaceFrames = 60;
constexpr double kBandsPerSemitone = static_cast<double>(kBandsPerOctave) / 12;

} // namespace

Result<IdentifyReport> IdentifyRun::run(const std::string& path) {
    if (!(options_.largest_p_value >= 1e-12 && options_.largest_p_value <= 0.5)) {
        return fail(ErrorCode::kUsage,
                    fmt::format("the largest p-value {} is outside 1e-12 to 0.5", options_.largest_p_value));
    }
    return open_index().and_then([&] { return find_excluded(); }).and_then([&] { return read(path); }).and_then([&] {
        return report();
    });
}

Result<void> IdentifyRun::open_index() {
    Result<WindowSearch> search = WindowSearch::open(catalogue_);
    if (!search) {
        return tl::unexpected(search.error());
    }
    search_.emplace(*std::move(search));
    index_s_ = static_cast<double>(search_->num_frames()) / kFrameRate_hz;
    Result<Statement> count = catalogue_.database().prepare("SELECT count(*) FROM track");
    return (count ? count->step() : tl::unexpected(count.error())).map([&](bool) {
        num_tracks_ = static_cast<std::uint64_t>(count->integer(0));
    });
}

Result<void> IdentifyRun::find_excluded() {
    if (options_.excluded_track.empty()) {
        return {};
    }
    return catalogue_.find(options_.excluded_track).map([&](const std::optional<Catalogue::Row>& row) {
        excluded_track_ = row ? row->number : kNoTrack;
    });
}

Result<void> IdentifyRun::read(const std::string& path) {
    const Result<std::unique_ptr<AudioReader>> reader = AudioReader::open(path);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    AudioHasher hasher((*reader)->spec());
    MonoReader samples(**reader, options_.want_query ? &hasher : nullptr);
    LevelStream stream;
    PeakFinder finder;
    std::vector<float> rows;
    bool at_end = false;
    while (!at_end) {
        const Result<std::size_t> count = samples.read();
        if (!count) {
            return tl::unexpected(count.error());
        }
        at_end = *count == 0;
        const std::size_t num_known = peaks_.size();
        rows.clear();
        if (at_end) {
            stream.finish(rows);
        } else {
            stream.push(samples.samples(), *count, rows);
        }
        finder.push(rows.data(), rows.size() / kLevelStride, peaks_);
        if (at_end) {
            finder.finish(peaks_);
        }
        if (options_.want_query) {
            const auto first_new = peaks_.begin() + static_cast<std::ptrdiff_t>(num_known);
            query_.fingerprint.peaks.insert(query_.fingerprint.peaks.end(), first_new, peaks_.end());
        }
        num_frames_ += rows.size() / kLevelStride;
        levels_.insert(levels_.end(), rows.begin(), rows.end());
        if (Result<void> done = search_windows(at_end); !done) {
            return done;
        }
        if (progress_ && !progress_(samples.share_done())) {
            return fail(ErrorCode::kCancelled, "stopped before the search was complete");
        }
    }
    if (options_.want_query) {
        query_.audio_hash = hasher.hex();
        query_.fingerprint.num_frames = static_cast<std::uint32_t>(num_frames_);
    }
    return {};
}

/// Peaks come up to two cells later than their frames: a window waits for them.
Result<void> IdentifyRun::search_windows(bool at_end) {
    constexpr std::size_t kDelayFrames = 2 * kCellFrames;
    Result<void> done;
    while (done && num_frames_ - window_start_ > kLongestWindowFrames + kDelayFrames) {
        done = search_window(kWindowFrames);
        drop_frames(kStepFrames);
    }
    while (done && at_end && num_frames_ - window_start_ > kLongestWindowFrames) {
        done = search_window(kWindowFrames);
        drop_frames(std::min(kStepFrames, num_frames_ - window_start_ - kWindowFrames));
    }
    return done && at_end ? search_window(num_frames_ - window_start_) : done;
}

void IdentifyRun::drop_frames(std::size_t num_frames) {
    levels_.erase(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(num_frames * kLevelStride));
    window_start_ += num_frames;
    std::erase_if(peaks_, [&](const SpectralPeak& peak) { return peak.time < window_start_ * kTimeSteps; });
}

QueryWindow IdentifyRun::window_at(std::size_t num_frames) const {
    QueryWindow window{levels_.data(), num_frames, {}};
    for (SpectralPeak peak : peaks_) {
        if (peak.time < (window_start_ + num_frames) * kTimeSteps) {
            peak.time -= static_cast<std::uint32_t>(window_start_ * kTimeSteps);
            window.peaks.push_back(peak);
        }
    }
    return window;
}

Result<void> IdentifyRun::search_window(std::size_t num_frames) {
    ++num_windows_;
    const QueryWindow window = window_at(num_frames);
    if (num_frames < kLeastFrames || window.peaks.size() < kLeastPeaks) {
        last_found_.clear();
        return {};
    }
    ++num_audible_windows_;
    WindowSearch::Options search_options;
    search_options.least_score = score_at_log10_p(std::log10(options_.largest_p_value), index_s_);
    search_options.search_changes = options_.search_changes;
    search_options.want_hits = options_.want_hits;
    search_options.is_whole_query = window_start_ == 0 && num_frames == num_frames_;
    search_options.excluded_track = excluded_track_;
    const Result<std::vector<Found>> found = search_->search(window, expected(), search_options);
    if (!found) {
        return tl::unexpected(found.error());
    }
    last_found_.clear();
    for (const Found& one : *found) {
        add(one);
    }
    return {};
}

/// Puts a window's finding with an earlier one of the same recording at the same place, or beside them.
void IdentifyRun::add(const Found& found) {
    const auto start = static_cast<double>(window_start_);
    Track track;
    track.best = found.candidate;
    track.best.alignment.offset -= track.best.alignment.tempo * start;
    track.first_frame = start + found.span.first_frame;
    track.last_frame = start + found.span.last_frame;
    for (const auto& [query, asset] : found.hits) {
        track.hits.emplace_back(query + static_cast<float>(start), asset);
    }
    const Alignment& at = track.best.alignment;
    const auto same = std::find_if(found_.begin(), found_.end(), [&](const Track& other) {
        const Alignment& there = other.best.alignment;
        const double distance = at.offset - there.offset + (at.tempo - there.tempo) * start;
        return other.best.track == track.best.track && std::abs(at.tempo / there.tempo - 1) < kSameTempo &&
               std::abs(distance) < kSamePlaceFrames;
    });
    if (same == found_.end()) {
        last_found_.push_back(found_.size());
        found_.push_back(std::move(track));
        return;
    }
    last_found_.push_back(static_cast<std::size_t>(same - found_.begin()));
    same->first_frame = std::min(same->first_frame, track.first_frame);
    same->last_frame = std::max(same->last_frame, track.last_frame);
    same->hits.insert(same->hits.end(), track.hits.begin(), track.hits.end());
    if (track.best.score > same->best.score) {
        same->best = track.best;
    }
}

std::vector<Candidate> IdentifyRun::expected() const {
    std::vector<Candidate> candidates;
    for (const std::size_t index : last_found_) {
        Candidate candidate = found_[index].best;
        candidate.alignment.offset += candidate.alignment.tempo * static_cast<double>(window_start_);
        candidate.raw_score = -1e9;
        candidate.score = -1e9;
        candidates.push_back(candidate);
    }
    return candidates;
}

Result<std::optional<Match>> IdentifyRun::match_of(const Track& found) const {
    const Result<std::optional<Catalogue::Row>> row = catalogue_.find(found.best.track);
    if (!row || !*row) {
        return row.map([](const auto&) { return std::optional<Match>(); });
    }
    const auto seconds = [](double frames) { return frames / kFrameRate_hz; };
    const Alignment& at = found.best.alignment;
    const double duration_s = Fingerprint{static_cast<std::uint32_t>(num_frames_), {}}.duration_s();
    Match match;
    match.track = (*row)->track;
    match.query_start_s = seconds(found.first_frame);
    match.query_end_s = std::min(seconds(found.last_frame), duration_s);
    const auto asset_s = [&](double frame) {
        return std::clamp(seconds(at.offset + at.tempo * frame), 0.0, match.track.duration_s);
    };
    match.asset_start_s = asset_s(found.first_frame);
    match.asset_end_s = asset_s(found.last_frame);
    match.audio_speed = at.tempo;
    match.audio_pitch = at.shift / kBandsPerSemitone;
    match.score = found.best.score;
    match.log10_p_value =
        std::min(0.0, log10_p_of_score(found.best.score, index_s_) + std::log10(static_cast<double>(num_windows_)));
    match.p_value = std::pow(10.0, match.log10_p_value);
    match.confidence = 1 - match.p_value;
    match.query_match_percentage = 100 * (match.query_end_s - match.query_start_s) / duration_s;
    match.asset_match_percentage = 100 * (match.asset_end_s - match.asset_start_s) / match.track.duration_s;
    for (const auto& [query, asset] : found.hits) {
        match.hits.emplace_back(static_cast<float>(seconds(query)), static_cast<float>(seconds(asset)));
    }
    return match;
}

Result<IdentifyReport> IdentifyRun::report() const {
    IdentifyReport report;
    report.duration_s = Fingerprint{static_cast<std::uint32_t>(num_frames_), {}}.duration_s();
    report.threshold = options_.largest_p_value;
    report.num_tracks = num_tracks_;
    report.rows_asked = search_->coverage().asked;
    report.rows_answered = search_->coverage().answered;
    report.query = query_;
    for (const Track& track : found_) {
        Result<std::optional<Match>> match = match_of(track);
        if (!match) {
            return tl::unexpected(match.error());
        }
        if (*match && (*match)->p_value <= options_.largest_p_value) {
            report.matches.push_back(**std::move(match));
        }
    }
    std::stable_sort(report.matches.begin(), report.matches.end(),
                     [](const Match& a, const Match& b) { return a.log10_p_value < b.log10_p_value; });
    if (!report.matches.empty()) {
        report.outcome = IdentifyOutcome::kFound;
    } else if (num_audible_windows_ == 0) {
        report.outcome = IdentifyOutcome::kInconclusive;
        report.reason = num_frames_ < kLeastFrames
                            ? fmt::format("too short: {:.1f} s, and a search needs 1 s at the least", report.duration_s)
                            : "silent, or nearly so: there is nothing to recognise";
    }
    return report;
}

} // namespace wm
