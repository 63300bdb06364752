#include "base/csv.h"

#include <algorithm>

#include <fmt/format.h>

namespace wm {
namespace {

/// Reads records off the front of a text.
class CsvParser {
public:
    explicit CsvParser(std::string_view text) : rest_(text) {
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (rest_.starts_with(kByteOrderMark)) {
            rest_.remove_prefix(kByteOrderMark.size());
        }
    }

    bool at_end() const { return rest_.empty(); }

    Result<CsvRecord> record() {
        CsvRecord record{line_number_, {}};
        do {
            Result<std::string> field = skip("\"") ? quoted_field() : plain_field();
            if (!field) {
                return tl::unexpected(field.error());
            }
            record.fields.push_back(*std::move(field));
        } while (skip(","));
        if (!skip_line_end() && !at_end()) {
            return error("text after a closing quote");
        }
        return record;
    }

private:
    Result<std::string> plain_field() {
        const std::size_t length = std::min(rest_.find_first_of(",\n\""), rest_.size());
        std::string field(rest_.substr(0, length));
        rest_.remove_prefix(length);
        if (rest_.starts_with('"')) {
            return error("a quote inside a field that does not begin with one");
        }
        if (field.ends_with('\r') && (rest_.starts_with('\n') || at_end())) {
            field.pop_back();
        }
        return field;
    }

    Result<std::string> quoted_field() {
        std::string field;
        const std::size_t first_line = line_number_;
        for (;;) {
            const std::size_t length = rest_.find('"');
            if (length == std::string_view::npos) {
                line_number_ = first_line;
                return error("a quote that is never closed");
            }
            const std::string_view piece = rest_.substr(0, length);
            line_number_ += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
            field += piece;
            rest_.remove_prefix(length + 1);
            if (!skip("\"")) { // a doubled quote stands for one; a single one ends the field
                return field;
            }
            field += '"';
        }
    }

    bool skip(std::string_view text) {
        const bool is_there = rest_.starts_with(text);
        rest_.remove_prefix(is_there ? text.size() : 0);
        return is_there;
    }

    bool skip_line_end() {
        const bool is_there = skip("\n") || skip("\r\n");
        line_number_ += is_there ? 1 : 0;
        return is_there;
    }

    tl::unexpected<Error> error(const char* what) const {
        return fail(ErrorCode::kFormat, fmt::format("line {}: {}", line_number_, what));
    }

    std::string_view rest_;
    std::size_t line_number_ = 1;
};

} // namespace

Result<std::vector<CsvRecord>> parse_csv(std::string_view text) {
    CsvParser parser(text);
    std::vector<CsvRecord> records;
    while (!parser.at_end()) {
        Result<CsvRecord> record = parser.record();
        if (!record) {
            return tl::unexpected(record.error());
        }
        if (record->fields.size() > 1 || !record->fields.front().empty()) {
            records.push_back(*std::move(record));
        }
    }
    return records;
}

std::string to_csv_line(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& field : fields) {
        line += &field == fields.data() ? "" : ",";
        if (field.find_first_of(",\"\r\n") == std::string::npos) {
            line += field;
            continue;
        }
        line += '"';
        for (const char c : field) {
            line.append(c == '"' ? 2 : 1, c);
        }
        line += '"';
    }
    return line + "\n";
}

} // namespace wm
