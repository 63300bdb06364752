#pragma once

#include <map>
#include <set>

#include "index/posting_row.h"
#include "index/posting_store.h"

namespace wm::test {

/// Postings in memory: what the conformance tests hold SqlitePostingStore against.
class MemoryPostingStore : public PostingStore {
public:
    Result<std::int64_t> begin_segment() override { return ++last_id_; }
    Result<void> put(std::int64_t segment, std::uint32_t row, std::span<const std::uint8_t> bytes) override {
        rows_[{segment, row}] = {bytes.begin(), bytes.end()};
        return {};
    }
    Result<void> publish(const Segment& segment, std::span<const std::int64_t> replaced) override {
        live_[segment.id] = segment;
        for (const std::int64_t old : replaced) {
            live_.erase(old);
        }
        return {};
    }
    Result<std::vector<Segment>> live_segments() override {
        std::vector<Segment> segments;
        for (const auto& [id, segment] : live_) {
            segments.push_back(segment);
        }
        return segments;
    }
    Result<Coverage> fetch(std::int64_t segment, std::span<const std::uint32_t> rows, const RowSink& sink) override {
        for (const std::uint32_t row : rows) {
            if (const auto found = rows_.find({segment, row}); found != rows_.end()) {
                sink(row, found->second);
            }
        }
        return Coverage{rows.size(), rows.size()};
    }
    Result<Coverage> scan(std::int64_t segment, std::uint32_t first_row, std::uint32_t end_row,
                          const RowSink& sink) override {
        Coverage coverage;
        for (auto row = rows_.lower_bound({segment, first_row});
             row != rows_.end() && row->first < std::pair(segment, end_row); ++row) {
            sink(row->first.second, row->second);
            coverage.add({1, 1});
        }
        return coverage;
    }
    Result<bool> sweep() override {
        return std::erase_if(rows_, [&](const auto& row) { return !live_.contains(row.first.first); }) > 0;
    }

private:
    std::int64_t last_id_ = 0;
    std::map<std::pair<std::int64_t, std::uint32_t>, std::vector<std::uint8_t>> rows_;
    std::map<std::int64_t, Segment> live_;
};

} // namespace wm::test
