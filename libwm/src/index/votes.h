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
    /// limits      how many candidates of each Change are wanted; votes for those of which none is wanted are not counted
    /// num_frames  of the query
    /// excluded    a track whose postings do not count; kNoTrack: none
    VoteCounter(std::vector<Triple> triples, const KeyTolerance& tolerance, const ChangeLimits& limits,
                std::size_t num_frames, std::int64_t excluded = kNoTrack);

    /// Looks the triples up. returns  how many rows answered
    Result<Coverage> count(PostingStore& store, const Segment& segment);

    /// The places with the most votes in the segment looked up last, best first, at most the limit of each kind.
    std::vector<Candidate> candidates(const Segment& segment) const;

private:
    /// A key that a triple may have in the index.
    struct Request {
        std::uint32_t key;
        std::uint32_t triple;
    };
    struct Vote {
        std::int32_t position; ///< of the segment, under the query's middle
        float log_tempo;       ///< log2
        float shift;           ///< bands
        std::uint16_t cell;    ///< of the query's time: votes of one cell count once
        Change change;
    };
    /// By the posting's span and the difference of bands, the query's less the posting's.
    struct ChangeTable {
        std::array<std::array<std::uint8_t, 128>, kMaxSpan + 1> changes;
        std::uint8_t first_difference = 127; ///< what lies outside fits no change that is wanted
        std::uint8_t last_difference = 0;
    };

    /// A posting of a block that fits a triple by some change.
    struct Fit {
        std::uint32_t posting;
        std::uint8_t change;
    };

    void find_excluded(const Segment& segment);
    void count_block(const PostingBlock& block, std::span<const Request> requests);
    void add_vote(const Triple& triple, std::uint32_t position, float log_tempo, float shift, Change change);
    bool wants(Change change) const { return limits_[static_cast<std::size_t>(change)] > 0; }
    const ChangeTable& changes_for(std::uint8_t query_span);
    std::vector<Vote> promising() const;
    Candidate candidate_of(const Segment& segment, const std::vector<const Vote*>& members) const;

    std::vector<Triple> triples_;
    std::vector<Request> requests_;
    ChangeLimits limits_;
    double middle_frame_;
    std::int64_t excluded_;
    std::uint32_t excluded_begin_ = 0; ///< its positions in the segment that is looked up
    std::uint32_t excluded_end_ = 0;
    std::vector<Vote> votes_;
    std::vector<Fit> fits_;
    std::vector<std::uint32_t> positions_;      ///< of a block's postings; empty when nobody asked yet
    std::array<float, kMaxSpan + 1> log_spans_; ///< log2
    std::array<std::unique_ptr<ChangeTable>, kMaxSpan + 1> tables_;
};

} // namespace wm
