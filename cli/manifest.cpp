#include "manifest.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "base/csv.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kColumns = {"input", "output", "id"};

/// Where each known column stands in the header; -1 when it does not.
Result<std::array<int, kColumns.size()>> find_columns(const CsvRecord& header) {
    std::array<int, kColumns.size()> places = {-1, -1, -1};
    for (std::size_t k = 0; k < header.fields.size(); ++k) {
        const auto column = std::find(kColumns.begin(), kColumns.end(), header.fields[k]);
        if (column == kColumns.end()) {
            return fail(ErrorCode::kFormat, fmt::format("line {}: unknown column \"{}\" (known: input, output, id)",
                                                        header.line_number, header.fields[k]));
        }
        int& place = places[static_cast<std::size_t>(column - kColumns.begin())];
        if (place >= 0) {
            return fail(ErrorCode::kFormat,
                        fmt::format("line {}: column \"{}\" stands twice", header.line_number, *column));
        }
        place = static_cast<int>(k);
    }
    if (places[0] < 0) {
        return fail(ErrorCode::kFormat, fmt::format("line {}: the header has no column \"input\"", header.line_number));
    }
    return places;
}

std::string find_input(const std::string& name, const std::string& folder) {
    const fs::path beside = fs::path(folder) / name;
    std::error_code ignored;
    return !fs::exists(beside, ignored) && fs::exists(name, ignored) ? name : beside.string();
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

Result<ManifestRow> parse_row(const CsvRecord& record, const std::array<int, kColumns.size()>& places,
                              const std::string& folder) {
    const auto field = [&](std::size_t column) {
        return places[column] < 0 ? std::string() : record.fields[static_cast<std::size_t>(places[column])];
    };
    const auto at_line = [&](const std::string& what) {
        return fail(ErrorCode::kFormat, fmt::format("line {}: {}", record.line_number, what));
    };
    ManifestRow row;
    row.line_number = record.line_number;
    if (field(0).empty()) {
        return at_line("no input is named");
    }
    row.input = find_input(field(0), folder);
    const fs::path output =
        field(1).empty() ? fs::path(default_output(field(0))) : fs::path(field(1)).lexically_normal();
    if (output.is_absolute() || *output.begin() == ".." || !output.has_filename()) {
        return at_line(fmt::format("output {} must be a file inside the output folder", output.string()));
    }
    row.output = output.string();
    if (const std::string id = field(2); !id.empty()) {
        const Result<std::uint64_t> parsed = parse_id(id);
        if (!parsed) {
            return at_line(parsed.error().message);
        }
        row.id = *parsed;
    }
    return row;
}

} // namespace

Result<std::vector<ManifestRow>> parse_manifest(std::string_view text, const std::string& folder) {
    const Result<std::vector<CsvRecord>> records = parse_csv(text);
    if (!records) {
        return tl::unexpected(records.error());
    }
    if (records->empty()) {
        return fail(ErrorCode::kFormat, "the manifest is empty: its first line names the columns (input,output,id)");
    }
    const auto places = find_columns(records->front());
    if (!places) {
        return tl::unexpected(places.error());
    }
    std::vector<ManifestRow> rows;
    std::map<std::string, std::size_t> lines_of_outputs;
    for (const CsvRecord& record : std::vector(records->begin() + 1, records->end())) {
        if (record.fields.size() != records->front().fields.size()) {
            return fail(ErrorCode::kFormat, fmt::format("line {}: {} fields, but the header has {}", record.line_number,
                                                        record.fields.size(), records->front().fields.size()));
        }
        Result<ManifestRow> row = parse_row(record, *places, folder);
        if (!row) {
            return tl::unexpected(row.error());
        }
        const auto [first, is_new] = lines_of_outputs.emplace(row->output, row->line_number);
        if (!is_new) {
            return fail(ErrorCode::kUsage, fmt::format("lines {} and {} have the same output {}", first->second,
                                                       row->line_number, row->output));
        }
        rows.push_back(*std::move(row));
    }
    return rows;
}

Result<std::vector<ManifestRow>> read_manifest(const std::string& path) {
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
    }
    std::istream& stream = path == "-" ? std::cin : file;
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream.bad() || (path != "-" && !file.is_open())) {
        return fail(ErrorCode::kIo,
                    fmt::format("cannot read the manifest {}: {}", path, std::generic_category().message(errno)));
    }
    const std::string folder = path == "-" ? "" : fs::path(path).parent_path().string();
    return parse_manifest(text, folder).map_error([&](const Error& error) {
        return Error{error.code, fmt::format("{}: {}", path, error.message)};
    });
}

} // namespace wm::cli
