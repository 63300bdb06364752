#pragma once

#include <array>
#include <vector>

#include "index/alignment.h"
#include "index/posting_row.h"
#include "index/posting_store.h"

namespace wm {

/// Triples of a query against a segment's postings: where do several of them agree on place, tempo and pitch?
/// threads  one at a time
class VoteCounter {
public:
    /// only_unchanged  count no votes for changed tempo or pitch
    /// num_frames      of the query
    VoteCounter(std::vector<Triple> triples, const KeyTolerance& tolerance, bool only_unchanged,
                std::size_t num_frames);

    /// Looks the triples up. returns  how many rows answered
    Result<Coverage> count(PostingStore& store, const Segment& segment);

    /// The places with the most votes in the segment looked up last, best first, at most `limits[change]` of each kind.
    std::vector<Candidate> candidates(const Segment& segment, const std::array<std::size_t, kNumChanges>& limits) const;

private:
    /// A key that a triple may have in the index.
    struct Request {
        std::uint32_t key;
        std::uint32_t triple;
    };
    struct Vote {
        std::int32_t position; ///< the recording's frame under the query's middle, in the segment
        float log_tempo;       ///< log2
        float shift;           ///< bands
        std::uint16_t cell;    ///< of the query's time: votes of one cell count once
        Change change;
    };
    using ChangeTable = std::array<std::array<std::uint8_t, 128>, kMaxSpan + 1>;

    /// A posting that fits a triple by some change.
    struct Fit {
        std::uint32_t posting;
        std::uint32_t triple;
        std::uint8_t change;
    };

    void count_list(const PostingList& list, std::span<const Request> requests);
    void count_fit(const PostingList& list, const Fit& fit);
    const ChangeTable& changes_for(std::uint8_t query_span);
    std::vector<Vote> promising() const;
    Candidate candidate_of(const Segment& segment, const std::vector<const Vote*>& members) const;

    std::vector<Triple> triples_;
    std::vector<Request> requests_;
    bool only_unchanged_;
    double middle_frame_;
    std::vector<Vote> votes_;
    std::vector<Fit> fits_;
    std::vector<std::uint32_t> positions_;
    std::array<float, kMaxSpan + 1> log_spans_; ///< log2
    std::array<std::unique_ptr<ChangeTable>, kMaxSpan + 1> tables_;
};

} // namespace wm
