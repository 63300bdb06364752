#pragma once

/// A report of use as flat files and as a page (docs/formats.md).

#include <span>
#include <string>
#include <vector>

#include "wm/usage.h"

namespace wm::cli {

struct NamedText {
    std::string name; ///< in the report's folder
    std::string text;
};

/// shares.csv, held.csv, credits.csv, exceptions.csv, usage.tsv, report.html. They are the same for the same report and claims.
std::vector<NamedText> usage_files(const UsageReport& report, std::span<const ClaimHistory> claims,
                                   const Period& period);

/// What was paid out to all, by unit.
Amounts paid_in(const UsageReport& report);

} // namespace wm::cli
