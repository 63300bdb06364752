#include "wm/index.h"

#include <filesystem>

#include <fmt/format.h>

#include "index/identify_run.h"
#include "index/index_state.h"
#include "index/segment_writer.h"

namespace wm {

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;

Result<Index> Index::create(const std::string& path) {
    return Catalogue::open(path, OpenMode::kCreate).map([](std::unique_ptr<Catalogue> catalogue) {
        return Index(std::make_unique<State>(std::move(catalogue)));
    });
}

Result<Index> Index::open(const std::string& path, Mode mode) {
    return Catalogue::open(path, mode == Mode::kRead ? OpenMode::kReadOnly : OpenMode::kReadWrite)
        .map([](std::unique_ptr<Catalogue> catalogue) { return Index(std::make_unique<State>(std::move(catalogue))); });
}

Result<std::vector<AddOutcome>> Index::add(std::span<const IndexEntry> entries, bool replace) {
    return state_->catalogue->add(entries, replace);
}

Result<bool> Index::remove(const std::string& id) {
    return state_->catalogue->remove(id);
}

Result<std::optional<IndexTrack>> Index::find(const std::string& id) const {
    return state_->catalogue->find(id).map(
        [](const std::optional<Catalogue::Row>& row) { return row ? std::optional(row->track) : std::nullopt; });
}

Result<std::vector<IndexTrack>> Index::tracks() const {
    return state_->catalogue->rows().map([](const std::vector<Catalogue::Row>& rows) {
        std::vector<IndexTrack> tracks;
        for (const Catalogue::Row& row : rows) {
            tracks.push_back(row.track);
        }
        return tracks;
    });
}

Result<Fingerprint> Index::fingerprint(const std::string& id) const {
    return state_->catalogue->find(id).and_then([&](const std::optional<Catalogue::Row>& row) -> Result<Fingerprint> {
        return row ? state_->catalogue->fingerprint(*row)
                   : fail(ErrorCode::kUsage, fmt::format("the index has no track '{}'", id));
    });
}

Result<IndexStat> Index::stat() const {
    IndexStat stat;
    const Result<std::vector<Catalogue::Row>> rows = state_->catalogue->rows();
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    for (const Catalogue::Row& row : *rows) {
        ++stat.num_tracks;
        stat.duration_s += row.track.duration_s;
    }
    const Result<std::vector<Segment>> segments = state_->catalogue->postings().live_segments();
    if (!segments) {
        return tl::unexpected(segments.error());
    }
    std::uint64_t largest = 0;
    for (const Segment& segment : *segments) {
        ++stat.num_segments;
        stat.num_postings += segment.num_postings;
        largest = std::max(largest, segment.num_postings);
    }
    stat.longest_list = longest_list_for(largest);
    const Database& database = state_->catalogue->database();
    Result<Statement> sizes = database.prepare("SELECT (SELECT total(length(bytes)) FROM peak_chunk), "
                                               "(SELECT total(length(bytes)) FROM posting_row)");
    const Result<bool> has_row = sizes ? sizes->step() : tl::unexpected(sizes.error());
    if (!has_row) {
        return tl::unexpected(has_row.error());
    }
    stat.peak_bytes = static_cast<std::uint64_t>(sizes->real(0));
    stat.posting_bytes = static_cast<std::uint64_t>(sizes->real(1));
    std::error_code failure;
    for (const char* suffix : {"", "-wal"}) { // what was added lately is in the write-ahead log
        const auto bytes = std::filesystem::file_size(database.path() + suffix, failure);
        stat.file_bytes += failure ? 0 : static_cast<std::uint64_t>(bytes);
    }
    return stat;
}

Result<void> Index::compact(const Progress& progress) {
    return state_->catalogue->merge(true, progress);
}

Result<IdentifyReport> Index::identify_file(const std::string& path, const IdentifyOptions& options,
                                            const Progress& progress) const {
    return IdentifyRun(*state_->catalogue, options, progress).run(path);
}

} // namespace wm
