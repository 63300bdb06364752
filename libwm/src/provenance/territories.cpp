#include <algorithm>

#include <fmt/format.h>

#include "wm/claim.h"

namespace wm {
namespace {

/// ISO 3166-1 alpha-2, the 249 officially assigned codes, each after a space.
constexpr std::string_view kCodes =
    " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY"
    " BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK"
    " FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR"
    " IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK"
    " ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM"
    " PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF"
    " TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

bool contains(const std::vector<std::string>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

} // namespace

Result<void> check_territory(std::string_view code) {
    const bool is_code = code.size() == 2 && code.find(' ') == std::string_view::npos &&
                         kCodes.find(fmt::format(" {}", code)) != std::string_view::npos;
    if (!is_code && code != kWorldwide) {
        return fail(
            ErrorCode::kFormat,
            fmt::format("there is no territory \"{}\": write a country's two capital letters (ISO 3166-1, as FR) or "
                        "Worldwide",
                        code));
    }
    return {};
}

bool Territories::cover(std::string_view territory) const {
    if (territory == kWorldwide) {
        return contains(included, kWorldwide) && excluded.empty();
    }
    return (contains(included, kWorldwide) || contains(included, territory)) && !contains(excluded, territory);
}

} // namespace wm
