#pragma once

/// Comma-separated values as RFC 4180 has them; line ends may be CRLF or LF, and a UTF-8 byte-order mark is skipped.

#include <string>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm {

struct CsvRecord {
    std::size_t line_number = 0; ///< where it starts, from 1
    std::vector<std::string> fields;
};

/// All records of `text`; empty lines are left out.
/// errors   kFormat, naming the line: a quote inside an unquoted field or not closed, text after a closing quote
Result<std::vector<CsvRecord>> parse_csv(std::string_view text);

/// The fields as one line, ended by LF; those that need quotes get them.
std::string to_csv_line(const std::vector<std::string>& fields);

} // namespace wm
