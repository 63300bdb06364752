#include "table.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/csv.h"
#include "wm/moment.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

/// Where each known column stands in the header; -1 when it does not.
Result<std::vector<int>> find_columns(const CsvRecord& header, std::span<const std::string_view> columns) {
    std::vector<int> places(columns.size(), -1);
    for (std::size_t k = 0; k < header.fields.size(); ++k) {
        const auto column = std::find(columns.begin(), columns.end(), header.fields[k]);
        if (column == columns.end()) {
            return fail(ErrorCode::kFormat,
                        fmt::format("line {}: unknown column \"{}\" (known: {})", header.line_number, header.fields[k],
                                    fmt::join(columns, ", ")));
        }
        int& place = places[static_cast<std::size_t>(column - columns.begin())];
        if (place >= 0) {
            return fail(ErrorCode::kFormat,
                        fmt::format("line {}: column \"{}\" stands twice", header.line_number, *column));
        }
        place = static_cast<int>(k);
    }
    if (places[0] < 0) {
        return fail(ErrorCode::kFormat,
                    fmt::format("line {}: the header has no column \"{}\"", header.line_number, columns[0]));
    }
    return places;
}

} // namespace

Result<std::vector<TableRow>> parse_table(std::string_view text, std::span<const std::string_view> columns) {
    const Result<std::vector<CsvRecord>> records = parse_csv(text);
    if (!records) {
        return tl::unexpected(records.error());
    }
    if (records->empty()) {
        return fail(ErrorCode::kFormat, fmt::format("the manifest is empty: its first line names the columns ({})",
                                                    fmt::join(columns, ",")));
    }
    const CsvRecord& header = records->front();
    const Result<std::vector<int>> places = find_columns(header, columns);
    if (!places) {
        return tl::unexpected(places.error());
    }
    std::vector<TableRow> rows;
    for (const CsvRecord& record : std::span(*records).subspan(1)) {
        if (record.fields.size() != header.fields.size()) {
            return fail(ErrorCode::kFormat, fmt::format("line {}: {} fields, but the header has {}", record.line_number,
                                                        record.fields.size(), header.fields.size()));
        }
        TableRow row{record.line_number, {}};
        for (const int place : *places) {
            row.fields.push_back(place < 0 ? std::string() : record.fields[static_cast<std::size_t>(place)]);
        }
        if (row.fields.front().empty()) {
            return fail(ErrorCode::kFormat, fmt::format("line {}: no {} is named", row.line_number, columns[0]));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string find_input(const std::string& name, const std::string& folder) {
    const fs::path beside = fs::path(folder) / name;
    std::error_code ignored;
    return !fs::exists(beside, ignored) && fs::exists(name, ignored) ? name : beside.string();
}

Result<std::optional<std::int64_t>> parse_time_field(const std::string& field) {
    if (field.empty()) {
        return std::optional<std::int64_t>();
    }
    return parse_moment(field)
        .map([](const Moment& moment) { return std::optional(moment.unix_s); })
        .map_error([](const Error& error) {
            return Error{error.code, "time: " + error.message};
        });
}

std::string default_output(const std::string& input) {
    constexpr std::array<std::string_view, 9> kWritable = {".wav",  ".rf64", ".bw64", ".w64", ".aif",
                                                           ".aiff", ".aifc", ".flac", ".wave"};
    fs::path name = fs::path(input).filename();
    std::string ending = name.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    if (std::find(kWritable.begin(), kWritable.end(), ending) == kWritable.end()) {
        name.replace_extension(".wav");
    }
    return name.string();
}

} // namespace wm::cli
