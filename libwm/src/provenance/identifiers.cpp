#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "wm/claim.h"

namespace wm {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

/// Checks `text` against a pattern of @ (capital letter), # (digit), * (either) and characters that stand for themselves.
Result<void> check_shape(std::string_view kind, std::string_view text, std::string_view pattern,
                         std::string_view example) {
    if (text.size() != pattern.size()) {
        return fail(ErrorCode::kFormat, fmt::format("\"{}\" has {} characters, but an {} has {}, as in {}", text,
                                                    text.size(), kind, pattern.size(), example));
    }
    for (std::size_t k = 0; k < text.size(); ++k) {
        const char c = text[k];
        const char* wanted = nullptr;
        if (pattern[k] == '@') {
            wanted = is_letter(c) ? nullptr : "a capital letter";
        } else if (pattern[k] == '#') {
            wanted = is_digit(c) ? nullptr : "a digit";
        } else if (pattern[k] == '*') {
            wanted = is_digit(c) || is_letter(c) ? nullptr : "a digit or a capital letter";
        } else if (c != pattern[k]) {
            return fail(ErrorCode::kFormat, fmt::format("character {} of \"{}\" must be {} in an {}, as in {}", k + 1,
                                                        text, pattern[k], kind, example));
        }
        if (wanted != nullptr) {
            return fail(ErrorCode::kFormat, fmt::format("character {} of \"{}\" must be {} in an {}, as in {}", k + 1,
                                                        text, wanted, kind, example));
        }
    }
    return {};
}

Result<void> check_last(std::string_view kind, std::string_view text, char expected) {
    if (text.back() != expected) {
        return fail(ErrorCode::kFormat,
                    fmt::format("the check digit of the {} \"{}\" is wrong: the digits before it give {}, "
                                "so one of them was mistyped",
                                kind, text, expected));
    }
    return {};
}

unsigned digit(char c) {
    return static_cast<unsigned>(c - '0');
}

/// 0 to 35 for a digit or capital letter.
unsigned base36(char c) {
    return is_digit(c) ? digit(c) : static_cast<unsigned>(c - 'A') + 10;
}

} // namespace

Result<void> check_isrc(std::string_view text) {
    return check_shape("ISRC", text, "@@***#######", "USRC17607839");
}

Result<void> check_iswc(std::string_view text) {
    return check_shape("ISWC", text, "T-###.###.###-#", "T-034.524.680-1").and_then([&]() -> Result<void> {
        unsigned sum = 1;
        unsigned weight = 0;
        for (const char c : text.substr(2, 11)) {
            sum += is_digit(c) ? ++weight * digit(c) : 0;
        }
        return check_last("ISWC", text, static_cast<char>('0' + (10 - sum % 10) % 10));
    });
}

Result<void> check_isni(std::string_view text) {
    return check_shape("ISNI", text, "###############*", "0000000081266409").and_then([&]() -> Result<void> {
        // ISO 7064 MOD 11-2
        unsigned remainder = 0;
        for (const char c : text.substr(0, 15)) {
            remainder = 2 * (remainder + digit(c)) % 11;
        }
        const unsigned check = (12 - remainder) % 11;
        return check_last("ISNI", text, check == 10 ? 'X' : static_cast<char>('0' + check));
    });
}

Result<void> check_icpn(std::string_view text) {
    const bool is_upc = text.size() == 12;
    const char* const kind = is_upc ? "UPC" : "EAN";
    const char* const pattern = is_upc ? "############" : "#############";
    return check_shape(kind, text, pattern, is_upc ? "075596130967" : "5012345678900").and_then([&]() -> Result<void> {
        unsigned sum = 0;
        unsigned weight = is_upc ? 3 : 1;
        for (const char c : text.substr(0, text.size() - 1)) {
            sum += weight * digit(c);
            weight = 4 - weight;
        }
        return check_last(kind, text, static_cast<char>('0' + (10 - sum % 10) % 10));
    });
}

Result<void> check_grid(std::string_view text) {
    return check_shape("GRid", text, "A1****************", "A12425GABC1234002M").and_then([&]() -> Result<void> {
        // ISO 7064 MOD 37,36
        unsigned product = 36;
        for (const char c : text.substr(0, 17)) {
            const unsigned sum = (product + base36(c)) % 36;
            product = 2 * (sum == 0 ? 36 : sum) % 37;
        }
        const unsigned check = (37 - product) % 36;
        return check_last("GRid", text, static_cast<char>(check < 10 ? '0' + check : 'A' + check - 10));
    });
}

Result<void> check_ipi(std::string_view text) {
    return check_shape("IPI", text, "###########", "00014107338");
}

} // namespace wm
