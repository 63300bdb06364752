#include "base/checked_lines.h"

#include <charconv>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/hex.h"

namespace wm {
namespace {

constexpr std::string_view kChecksumLabel = "checksum ";
constexpr std::size_t kChecksumLineSize = kChecksumLabel.size() + 16 + 1;

/// The failure of a text that does not begin with the right first line.
tl::unexpected<Error> wrong_first_line(std::string_view text, const LineFileKind& kind) {
    if (!text.starts_with(kind.magic) || !text.substr(kind.magic.size()).starts_with(' ')) {
        return fail(ErrorCode::kKey, fmt::format("is not {}, or its first bytes are damaged", kind.name));
    }
    const std::string_view version = text.substr(0, text.find('\n')).substr(kind.magic.size() + 1);
    if (!version.empty() && version.find_first_not_of("0123456789") == std::string_view::npos && version != "1") {
        return fail(ErrorCode::kKey,
                    fmt::format("has version {}, which this program is too old for: it reads version 1",
                                version.substr(0, 10)));
    }
    return damaged("its first line is not whole");
}

} // namespace

tl::unexpected<Error> damaged(std::string_view how) {
    return fail(ErrorCode::kKey, fmt::format("is damaged: {}; restore it from a copy", how));
}

std::string checksum_line(std::string_view text) {
    return fmt::format("{}{:016x}\n", kChecksumLabel, XXH3_64bits(text.data(), text.size()));
}

Result<std::string_view> checked_body(std::string_view text, const LineFileKind& kind) {
    const std::string first_line = fmt::format("{} 1\n", kind.magic);
    if (!text.starts_with(first_line)) {
        return wrong_first_line(text, kind);
    }
    if (text.size() < first_line.size() + kChecksumLineSize || !text.ends_with('\n')) {
        return damaged("its end is missing");
    }
    const std::string_view covered = text.substr(0, text.size() - kChecksumLineSize);
    if (!covered.ends_with('\n') || text.substr(covered.size()) != checksum_line(covered)) {
        return damaged("it does not match its checksum, so bytes are missing, added or altered");
    }
    return covered.substr(first_line.size());
}

bool LineReader::has(std::string_view label) const {
    return rest_.starts_with(label) && rest_.substr(label.size()).starts_with(' ');
}

std::optional<std::string_view> LineReader::take(std::string_view label) {
    const std::size_t end = rest_.find('\n');
    if (!has(label) || end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view value = rest_.substr(label.size() + 1, end - label.size() - 1);
    rest_.remove_prefix(end + 1);
    return value;
}

bool LineReader::take_hex(std::string_view label, std::span<std::uint8_t> bytes) {
    const std::optional<std::string_view> digits = take(label);
    return digits && from_hex(*digits, bytes);
}

bool LineReader::take_number(std::string_view label, std::uint32_t& number) {
    const std::optional<std::string_view> digits = take(label);
    if (!digits) {
        return false;
    }
    const char* end = digits->data() + digits->size();
    const auto [stop, error] = std::from_chars(digits->data(), end, number);
    return error == std::errc() && stop == end;
}

} // namespace wm
