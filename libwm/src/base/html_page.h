#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm {

/// A page of headings, notes and tables that needs nothing beside it: no script, no other file. Any text is shown as it is.
class HtmlPage {
public:
    explicit HtmlPage(std::string_view title);

    void add_heading(std::string_view text);
    void add_note(std::string_view text);

    struct Column {
        std::string name;
        bool is_number = false; ///< aligned to the right
    };

    /// rows  as many cells each as there are columns
    void add_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows);

    /// The whole page.
    std::string text() const;

private:
    std::string text_;
};

} // namespace wm
