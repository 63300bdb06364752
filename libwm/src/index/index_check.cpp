#include <fmt/format.h>

#include "index/index_state.h"
#include "index/posting_row.h"
#include "index/triples.h"

namespace wm {
namespace {

constexpr std::uint32_t kSlices = 64;

/// Reads all rows of a segment, and counts its postings.
class SegmentCheck {
public:
    SegmentCheck(PostingStore& store, const Segment& segment, IndexCheck& check)
        : store_(store), segment_(segment), check_(check) {}

    Result<void> run() {
        const std::uint32_t num_rows = (kNumKeys >> segment_.key_bits) + 1;
        const std::uint32_t step = num_rows / kSlices + 1;
        for (std::uint32_t first = 0; first < num_rows; first += step) {
            const Result<Coverage> coverage =
                store_.scan(segment_.id, first, first + step,
                            [&](std::uint32_t row, std::span<const std::uint8_t> bytes) { count(row, bytes); });
            if (!coverage) {
                return tl::unexpected(coverage.error());
            }
            check_.num_rows += coverage->asked;
            if (coverage->answered < coverage->asked) {
                check_.faults.push_back(
                    fmt::format("segment {}: {} of rows {} to {} are damaged (their checksums do not fit)", segment_.id,
                                coverage->asked - coverage->answered, first, first + step - 1));
            }
        }
        if (num_postings_ != segment_.num_postings) {
            check_.faults.push_back(fmt::format("segment {}: {} postings, and it was written with {}", segment_.id,
                                                num_postings_, segment_.num_postings));
        }
        return {};
    }

private:
    void count(std::uint32_t row, std::span<const std::uint8_t> bytes) {
        PostingRowReader reader(bytes, row << segment_.key_bits);
        PostingBlock block;
        while (reader.next(block)) {
            num_postings_ += block.count;
        }
    }

    PostingStore& store_;
    const Segment& segment_;
    IndexCheck& check_;
    std::uint64_t num_postings_ = 0;
};

/// What SQLite itself finds wrong with the file.
Result<void> check_file(const Database& database, IndexCheck& check) {
    Result<Statement> statement = database.prepare("PRAGMA quick_check(20)");
    Result<bool> has_row = statement ? statement->step() : tl::unexpected(statement.error());
    for (; has_row && *has_row; has_row = statement->step()) {
        if (statement->text(0) != "ok") {
            check.faults.push_back(fmt::format("file: {}", statement->text(0)));
        }
    }
    if (!has_row) {
        check.faults.push_back(fmt::format("file: {}", has_row.error().message));
    }
    return {};
}

Result<void> check_track(const Catalogue& catalogue, const Catalogue::Row& row, IndexCheck& check) {
    for (std::uint32_t chunk = 0; chunk < num_chunks_of(row.num_frames); ++chunk) {
        ++check.num_chunks;
        const Result<std::vector<SpectralPeak>> peaks = catalogue.peaks(row.number, row.num_frames, chunk);
        if (!peaks && peaks.error().code != ErrorCode::kFormat) {
            return tl::unexpected(peaks.error());
        }
        if (!peaks) {
            check.faults.push_back(fmt::format("track '{}': chunk {} of its peaks is damaged", row.track.id, chunk));
        }
    }
    return {};
}

} // namespace

Result<IndexCheck> Index::check(const Progress& progress) const {
    IndexCheck check;
    const Catalogue& catalogue = *state_->catalogue;
    Result<void> done = check_file(catalogue.database(), check);
    const Result<std::vector<Segment>> segments = catalogue.postings().live_segments();
    if (!segments && segments.error().code == ErrorCode::kFormat) {
        check.faults.push_back(segments.error().message);
        return check;
    }
    const Result<std::vector<Catalogue::Row>> rows = catalogue.rows();
    if (!segments || !rows) {
        return tl::unexpected(segments ? rows.error() : segments.error());
    }
    const double num_steps = static_cast<double>(segments->size() + rows->size());
    double step = 0;
    const auto go_on = [&]() -> Result<void> {
        return !progress || progress(++step / num_steps) ? Result<void>() : fail(ErrorCode::kCancelled, "stopped");
    };
    for (std::size_t k = 0; k < segments->size() && done; ++k) {
        done = SegmentCheck(catalogue.postings(), (*segments)[k], check).run().and_then(go_on);
    }
    for (std::size_t k = 0; k < rows->size() && done; ++k) {
        done = check_track(catalogue, (*rows)[k], check).and_then(go_on);
    }
    return done.map([&] { return std::move(check); });
}

} // namespace wm
