#include "duplicate_groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "base/csv.h"
#include "wm/moment.h"

namespace wm::cli {
namespace {

/// A stretch of time.
using Stretch = std::pair<double, double>;

double covered_s(std::vector<Stretch> stretches) {
    std::sort(stretches.begin(), stretches.end());
    double sum_s = 0;
    double reached_s = 0;
    for (const auto& [start_s, end_s] : stretches) {
        sum_s += std::max(0.0, end_s - std::max(start_s, reached_s));
        reached_s = std::max(reached_s, end_s);
    }
    return sum_s;
}

/// The same resemblance, told of the other recording.
Resemblance reversed(const Resemblance& like, const std::string& sound) {
    return {sound,          like.other_start_s,    like.other_end_s, like.start_s, like.end_s,
            1 / like.speed, -like.pitch_semitones, like.other_share, like.share};
}

/// Sounds that resemblances join, directly or through others.
class SoundGroups {
public:
    SoundGroups(const std::vector<DistinctSound>& sounds, const SignalLimits& limits)
        : best_(sounds.size()), roots_(sounds.size()) {
        std::iota(roots_.begin(), roots_.end(), 0U);
        for (std::size_t k = 0; k < sounds.size(); ++k) {
            places_[sounds[k].sound] = k;
        }
        for (std::size_t k = 0; k < sounds.size(); ++k) {
            for (const Resemblance& like : sounds[k].near) {
                const auto other = places_.find(like.sound);
                if (other != places_.end() && is_near_duplicate(like, limits)) {
                    roots_[root(other->second)] = root(k);
                    keep_best(k, like);
                    keep_best(other->second, reversed(like, sounds[k].sound));
                }
            }
        }
    }

    std::size_t place_of(const std::string& sound) const { return places_.at(sound); }

    std::size_t root(std::size_t place) {
        while (roots_[place] != place) {
            place = roots_[place] = roots_[roots_[place]];
        }
        return place;
    }

    /// What the sound has most in common with.
    const std::optional<Resemblance>& best(std::size_t place) const { return best_[place]; }

private:
    void keep_best(std::size_t place, const Resemblance& like) {
        std::optional<Resemblance>& best = best_[place];
        if (!best || like.share + like.other_share > best->share + best->other_share) {
            best = like;
        }
    }

    std::map<std::string, std::size_t> places_;
    std::vector<std::optional<Resemblance>> best_;
    std::vector<std::size_t> roots_;
};

std::string time_text(const Upload& upload) {
    return upload.time_s ? format_moment({*upload.time_s, false}) : "";
}

/// Makes the table of examined uploads.
class DuplicateGrouping {
public:
    DuplicateGrouping(const std::vector<ExaminedUpload>& uploads, const std::vector<DistinctSound>& sounds,
                      const SignalLimits& limits)
        : uploads_(uploads), sounds_(sounds), limits_(limits), groups_(sounds, limits) {}

    Result<DuplicateTable> run() {
        collect();
        return UploadLedger::create().and_then([&](std::unique_ptr<UploadLedger> ledger) {
            ledger_ = std::move(ledger);
            return fill_ledger().and_then([&] { return write_rows(); }).map([&] { return std::move(table_); });
        });
    }

private:
    void collect() {
        for (std::size_t k = 0; k < uploads_.size(); ++k) {
            const ExaminedUpload& examined = uploads_[k];
            ++table_.summary.num_uploads;
            if (examined.upload.sound.empty()) {
                ++table_.summary.num_unreadable;
                continue;
            }
            first_of_sound_.try_emplace(examined.upload.sound, k);
            members_[groups_.root(groups_.place_of(examined.upload.sound))].push_back(k);
        }
        table_.summary.num_sounds = first_of_sound_.size();
        for (const auto& [root, members] : members_) {
            if (members.size() > 1) {
                first_members_[members.front()] = root;
            }
        }
        for (const auto& [first, root] : first_members_) {
            numbers_[root] = ++table_.summary.num_groups;
        }
    }

    /// The number of the upload's group; 0 when it is alone.
    std::uint64_t group_of(const ExaminedUpload& examined) {
        if (examined.upload.sound.empty()) {
            return 0;
        }
        const auto number = numbers_.find(groups_.root(groups_.place_of(examined.upload.sound)));
        return number == numbers_.end() ? 0 : number->second;
    }

    Result<void> fill_ledger() {
        Result<void> filled;
        for (std::size_t k = 0; filled && k < uploads_.size(); ++k) {
            Upload upload = uploads_[k].upload;
            upload.number = static_cast<std::int64_t>(k);
            if (const std::uint64_t group = group_of(uploads_[k]); group != 0) {
                upload.likeness = Likeness{fmt::format("group {}", group), 0, 1};
            }
            filled = ledger_->add(upload);
        }
        return filled;
    }

    Result<void> write_rows() {
        table_.csv = to_csv_line({"group",
                                  "file",
                                  "title",
                                  "account",
                                  "time",
                                  "kind",
                                  "like",
                                  "start_s",
                                  "end_s",
                                  "like_start_s",
                                  "like_end_s",
                                  "speed",
                                  "pitch_semitones",
                                  "share",
                                  "like_share",
                                  "claim",
                                  "isrc",
                                  "registered_title",
                                  "signals",
                                  "problem"});
        Result<void> written;
        for (const auto& group : first_members_) {
            for (const std::size_t member : members_.at(group.second)) {
                written = written.and_then([&] { return write_row(member, member == group.first); });
            }
        }
        for (std::size_t k = 0; written && k < uploads_.size(); ++k) {
            if (group_of(uploads_[k]) == 0) {
                written = write_row(k, false);
            }
        }
        return written;
    }

    Result<void> write_row(std::size_t k, bool is_first) {
        return ledger_->signals_of(static_cast<std::int64_t>(k), limits_).map([&](std::vector<Signal> signals) {
            const ExaminedUpload& examined = uploads_[k];
            signals.insert(signals.begin(), examined.signals.begin(), examined.signals.end());
            std::vector<std::string> codes;
            for (const Signal& signal : signals) {
                if (std::find(codes.begin(), codes.end(), signal.code) == codes.end()) {
                    codes.push_back(signal.code);
                    ++table_.num_signals[signal.code];
                }
            }
            const std::uint64_t group = group_of(examined);
            if (group != 0 || !codes.empty() || !examined.problem.empty()) {
                append_row(k, group, is_first, fmt::format("{}", fmt::join(codes, " ")));
            }
        });
    }

    void append_row(std::size_t k, std::uint64_t group, bool is_first, const std::string& signals) {
        const ExaminedUpload& examined = uploads_[k];
        const Upload& upload = examined.upload;
        std::vector<std::string> row = {group == 0 ? "" : std::to_string(group), upload.file, upload.name,
                                        upload.account, time_text(upload)};
        const std::vector<std::string> alignment = alignment_of(k, group, is_first);
        row.insert(row.end(), alignment.begin(), alignment.end());
        const bool is_known = !upload.sound.empty();
        const DistinctSound sound = is_known ? sounds_[groups_.place_of(upload.sound)] : DistinctSound();
        row.insert(row.end(), {sound.claim, sound.isrc, sound.title, signals, examined.problem});
        table_.csv += to_csv_line(row);
    }

    /// The columns from `kind` to `like_share`.
    std::vector<std::string> alignment_of(std::size_t k, std::uint64_t group, bool is_first) {
        const ExaminedUpload& examined = uploads_[k];
        const std::vector<std::string> none(8);
        std::vector<std::string> columns;
        if (group == 0 || is_first) {
            columns = {!examined.problem.empty() ? "unreadable" : group == 0 ? "single" : "first", ""};
            columns.insert(columns.end(), none.begin(), none.end());
            return columns;
        }
        const std::size_t earlier = first_of_sound_.at(examined.upload.sound);
        Resemblance like{"", 0, examined.duration_s, 0, examined.duration_s, 1, 0, 1, 1};
        if (earlier == k) {
            like = *groups_.best(groups_.place_of(examined.upload.sound));
            ++table_.summary.num_near;
            columns = {"near", uploads_[first_of_sound_.at(like.sound)].upload.file};
        } else {
            ++table_.summary.num_exact;
            columns = {"exact", uploads_[earlier].upload.file};
        }
        for (const double seconds : {like.start_s, like.end_s, like.other_start_s, like.other_end_s}) {
            columns.push_back(fmt::format("{:.2f}", seconds));
        }
        columns.push_back(fmt::format("{:.4f}", like.speed));
        columns.push_back(fmt::format("{:.2f}", like.pitch_semitones + 0.0));
        columns.push_back(fmt::format("{:.3f}", like.share));
        columns.push_back(fmt::format("{:.3f}", like.other_share));
        return columns;
    }

    const std::vector<ExaminedUpload>& uploads_;
    const std::vector<DistinctSound>& sounds_;
    const SignalLimits limits_;
    SoundGroups groups_;
    std::map<std::string, std::size_t> first_of_sound_;       ///< the first upload with these samples
    std::map<std::size_t, std::vector<std::size_t>> members_; ///< uploads, by the root of their sounds
    std::map<std::size_t, std::size_t> first_members_;        ///< groups' roots, by their first uploads
    std::map<std::size_t, std::uint64_t> numbers_;            ///< groups' numbers, by root
    std::unique_ptr<UploadLedger> ledger_;
    DuplicateTable table_;
};

} // namespace

Resemblance resemblance_of(const std::vector<Match>& matches, double duration_s) {
    const Match& best = matches.front();
    std::vector<Stretch> here;
    std::vector<Stretch> there;
    for (const Match& match : matches) {
        here.emplace_back(match.query_start_s, match.query_end_s);
        there.emplace_back(match.asset_start_s, match.asset_end_s);
    }
    const auto share = [](double part_s, double whole_s) {
        return whole_s > 0 ? std::min(1.0, part_s / whole_s) : 0.0;
    };
    return {best.track.id,
            best.query_start_s,
            best.query_end_s,
            best.asset_start_s,
            best.asset_end_s,
            best.audio_speed,
            best.audio_pitch,
            share(covered_s(here), duration_s),
            share(covered_s(there), best.track.duration_s)};
}

bool is_near_duplicate(const Resemblance& like, const SignalLimits& limits) {
    // Both are shares of one stretch, up to a change of speed: the larger one is the shorter recording's.
    return std::max(like.share, like.other_share) >= limits.duplicate_share &&
           std::min(like.share, like.other_share) >= limits.duplicate_share_of_longer;
}

Result<DuplicateTable> group_duplicates(const std::vector<ExaminedUpload>& uploads,
                                        const std::vector<DistinctSound>& sounds, const SignalLimits& limits) {
    return DuplicateGrouping(uploads, sounds, limits).run();
}

} // namespace wm::cli
