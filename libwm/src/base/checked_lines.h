#pragma once

/// Small text files of "<label> <value>" lines between a first line that names the kind and version, and a last line with a
/// checksum: keys, identities, parties (docs/formats.md).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wm/result.h"

namespace wm {

/// Which kind of file: its first line is "<magic> <version>".
struct LineFileKind {
    std::string_view magic; ///< "wm-key"
    std::string_view name;  ///< for messages: "a wm key file"
};

/// Checks the first line (version 1) and the checksum, and returns the lines between them.
/// errors   kKey; the message starts in mid-sentence: put the file before it
Result<std::string_view> checked_body(std::string_view text, const LineFileKind& kind);

/// The line that ends a file of which `text` is all before it.
std::string checksum_line(std::string_view text);

/// The failure of a file whose content is `how`, in mid-sentence as above.
tl::unexpected<Error> damaged(std::string_view how);

/// Takes "<label> <value>\n" lines off the front of a text.
class LineReader {
public:
    explicit LineReader(std::string_view text) : rest_(text) {}

    bool has(std::string_view label) const;

    /// The value of the next line; nothing when the line has another label.
    std::optional<std::string_view> take(std::string_view label);

    /// False when the next line has another label, or a value of another form.
    bool take_hex(std::string_view label, std::span<std::uint8_t> bytes);
    bool take_number(std::string_view label, std::uint32_t& number);

private:
    std::string_view rest_;
};

} // namespace wm
