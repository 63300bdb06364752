#pragma once

#include "index/posting_store.h"
#include "store/database.h"

namespace wm {

/// Postings in an index file. Calls join the caller's transaction where there is one, else each is its own.
class SqlitePostingStore : public PostingStore {
public:
    static Result<std::unique_ptr<SqlitePostingStore>> open(const Database& database);

    Result<std::int64_t> begin_segment() override;
    Result<void> put(std::int64_t segment, std::uint32_t row, std::span<const std::uint8_t> bytes) override;
    Result<void> publish(const Segment& segment, std::span<const std::int64_t> replaced) override;
    Result<std::vector<Segment>> live_segments() override;
    Result<Coverage> fetch(std::int64_t segment, std::span<const std::uint32_t> rows, const RowSink& sink) override;
    Result<Coverage> scan(std::int64_t segment, std::uint32_t first_row, std::uint32_t end_row,
                          const RowSink& sink) override;
    Result<bool> sweep() override;

private:
    SqlitePostingStore(const Database& database, Statement get_row, Statement scan_rows, Statement put_row)
        : database_(database), get_row_(std::move(get_row)), scan_rows_(std::move(scan_rows)),
          put_row_(std::move(put_row)) {}

    Database database_;
    Statement get_row_;
    Statement scan_rows_;
    Statement put_row_;
};

} // namespace wm
