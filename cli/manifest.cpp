#include "manifest.h"

#include <array>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "table.h"
#include "text_file.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kColumns = {"input", "output", "id"};

Result<ManifestRow> parse_row(const TableRow& record, const std::string& folder) {
    const auto at_line = [&](const std::string& what) {
        return fail(ErrorCode::kFormat, fmt::format("line {}: {}", record.line_number, what));
    };
    ManifestRow row;
    row.line_number = record.line_number;
    row.input = find_input(record.fields[0], folder);
    const fs::path output = record.fields[1].empty() ? fs::path(default_output(record.fields[0]))
                                                     : fs::path(record.fields[1]).lexically_normal();
    if (output.is_absolute() || *output.begin() == ".." || !output.has_filename()) {
        return at_line(fmt::format("output {} must be a file inside the output folder", output.string()));
    }
    row.output = output.string();
    if (const std::string id = record.fields[2]; !id.empty()) {
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
    const Result<std::vector<TableRow>> records = parse_table(text, kColumns);
    if (!records) {
        return tl::unexpected(records.error());
    }
    std::vector<ManifestRow> rows;
    std::map<std::string, std::size_t> lines_of_outputs;
    for (const TableRow& record : *records) {
        Result<ManifestRow> row = parse_row(record, folder);
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
    const std::string folder = path == "-" ? "" : fs::path(path).parent_path().string();
    return read_text_file(path)
        .and_then([&](const std::string& text) { return parse_manifest(text, folder); })
        .map_error([&](const Error& error) { return in_file(path, error); });
}

} // namespace wm::cli
