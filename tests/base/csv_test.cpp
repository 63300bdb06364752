#include "base/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::vector<std::string>> fields_of(std::string_view text) {
    std::vector<std::vector<std::string>> all;
    const auto records = parse_csv(text);
    EXPECT_TRUE(records.has_value());
    for (const CsvRecord& record : records.value_or(std::vector<CsvRecord>())) {
        all.push_back(record.fields);
    }
    return all;
}

TEST(Csv, ReadsPlainAndQuotedFields) {
    EXPECT_THAT(fields_of("a,b\n1,\"x, \"\"y\"\"\nz\"\n"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "x, \"y\"\nz")));
}

TEST(Csv, TakesEitherLineEndAndNoneAtTheEnd) {
    EXPECT_THAT(fields_of("a\r\nb\nc\r\n\"d\"\r\ne"),
                ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c"), ElementsAre("d"), ElementsAre("e")));
}

TEST(Csv, SkipsAByteOrderMarkAndEmptyLines) {
    EXPECT_THAT(fields_of("\xEF\xBB\xBF"
                          "a,\n\n,b\n"),
                ElementsAre(ElementsAre("a", ""), ElementsAre("", "b")));
}

TEST(Csv, NamesTheLineOfAnError) {
    for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
             {"a\nb\"c\n", "line 2: a quote inside"},
             {"a\n\"b\nc", "line 2: a quote that is never closed"},
             {"\"a\nb\"c\n", "line 2: text after a closing quote"},
         }) {
        const auto records = parse_csv(text);
        ASSERT_FALSE(records.has_value()) << text;
        EXPECT_THAT(records.error().message, HasSubstr(message));
    }
}

TEST(Csv, CountsLinesInsideQuotedFields) {
    const auto records = parse_csv("a\n\"b\n\n\"\nc\n");
    ASSERT_TRUE(records.has_value());
    EXPECT_EQ(records->back().line_number, 5U);
}

std::string quote(const std::string& field) {
    std::string quoted(1, '"');
    for (const char c : field) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    quoted += '"';
    return quoted;
}

RC_GTEST_PROP(Csv, ReadsBackWhateverWasQuoted, (const std::vector<std::vector<std::string>>& rows)) {
    std::string text;
    std::vector<std::vector<std::string>> expected;
    for (const std::vector<std::string>& row : rows) {
        std::string line;
        for (const std::string& field : row) {
            line += line.empty() ? "" : ",";
            line += quote(field);
        }
        text += line + "\r\n";
        if (row.size() > 1 || (row.size() == 1 && !row.front().empty())) {
            expected.push_back(row);
        }
    }
    RC_ASSERT(fields_of(text) == expected);
}

RC_GTEST_PROP(Csv, ReadsBackWhatItWrote, (std::vector<std::string> fields)) {
    fields.insert(fields.begin(), "first"); // a record of one empty field is an empty line
    const std::vector<std::vector<std::string>> expected = {fields};
    RC_ASSERT(fields_of(to_csv_line(fields)) == expected);
}

} // namespace
} // namespace wm
