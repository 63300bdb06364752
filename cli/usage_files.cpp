#include "usage_files.h"

#include <map>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/html_page.h"

namespace wm::cli {
namespace {

using Row = std::vector<std::string>;

/// The recordings that a report speaks of, by the subject of their claims.
class Recordings {
public:
    explicit Recordings(std::span<const ClaimHistory> claims) {
        for (const ClaimHistory& claim : claims) {
            if (!claim.claims.empty()) {
                by_subject_[claim.id] = &claim.head().record.recording;
            }
        }
    }

    std::string title(const std::string& subject) const { return has(subject) ? by_subject_.at(subject)->title : ""; }
    std::string isrc(const std::string& subject) const { return has(subject) ? by_subject_.at(subject)->isrc : ""; }

private:
    bool has(const std::string& subject) const { return by_subject_.contains(subject); }

    std::map<std::string, const Recording*> by_subject_;
};

std::string csv(const Row& header, const std::vector<Row>& rows) {
    std::string text = to_csv_line(header);
    for (const Row& row : rows) {
        text += to_csv_line(row);
    }
    return text;
}

std::string territory_text(const std::string& territory) {
    return territory.empty() ? std::string(kWorldwide) : territory;
}

const Row kShareHeader = {"rightsholder", "name",      "claim", "isrc",    "title",    "used_claim", "used_isrc",
                          "used_title",   "territory", "use",   "licence", "licensee", "unit",       "amount"};

std::vector<Row> share_rows(const UsageReport& report, const Recordings& recordings) {
    std::vector<Row> rows;
    for (const UsageShare& share : report.shares) {
        for (const auto& [unit, amount] : share.amounts) {
            rows.push_back({share.rightsholder, share.name, share.subject, recordings.isrc(share.subject),
                            recordings.title(share.subject), share.used.subject, recordings.isrc(share.used.subject),
                            recordings.title(share.used.subject), territory_text(share.used.territory),
                            name_of(share.used.use), share.used.licence_id, share.used.licensee, unit,
                            std::to_string(amount)});
        }
    }
    return rows;
}

const Row kHeldHeader = {"reason", "claim",   "isrc",     "title", "used_claim", "territory",
                         "use",    "licence", "licensee", "unit",  "amount"};

std::vector<Row> held_rows(const UsageReport& report, const Recordings& recordings) {
    std::vector<Row> rows;
    for (const HeldAmount& held : report.held) {
        const bool is_of_use = !held.used.subject.empty();
        for (const auto& [unit, amount] : held.amounts) {
            rows.push_back({held.code, held.subject, recordings.isrc(held.subject), recordings.title(held.subject),
                            held.used.subject, is_of_use ? territory_text(held.used.territory) : "",
                            is_of_use ? name_of(held.used.use) : "", held.used.licence_id, held.used.licensee, unit,
                            std::to_string(amount)});
        }
    }
    return rows;
}

std::vector<Row> credit_rows(const UsageReport& report, const Recordings& recordings) {
    std::vector<Row> rows;
    for (const UsageCredit& credit : report.credits) {
        rows.push_back({credit.used, recordings.isrc(credit.used), recordings.title(credit.used), credit.subject,
                        recordings.title(credit.subject), credit.name,
                        fmt::format("{}", fmt::join(credit.roles, ", "))});
    }
    return rows;
}

std::vector<Row> exception_rows(const UsageReport& report) {
    std::vector<Row> rows;
    for (const UsageException& exception : report.exceptions) {
        rows.push_back({exception.code, exception.place, exception.detail,
                        exception.amount > 0 ? std::to_string(exception.amount) : "", exception.currency});
    }
    return rows;
}

/// Sums by what `key_of` makes of each share: its key and one unit a row.
template <class KeyOf>
std::vector<Row> totals_by(const UsageReport& report, const KeyOf& key_of) {
    std::map<Row, std::int64_t> sums;
    for (const UsageShare& share : report.shares) {
        for (const auto& [unit, amount] : share.amounts) {
            Row key = key_of(share);
            key.push_back(unit);
            sums[key] += amount;
        }
    }
    std::vector<Row> rows;
    for (const auto& [key, sum] : sums) {
        rows.push_back(key);
        rows.back().push_back(std::to_string(sum));
    }
    return rows;
}

std::vector<Row> totals_by_rightsholder(const UsageReport& report) {
    std::map<std::string, std::string> names;
    for (const UsageShare& share : report.shares) {
        names.try_emplace(share.rightsholder, share.name);
    }
    return totals_by(report, [&](const UsageShare& share) {
        return Row{share.rightsholder, names.at(share.rightsholder)};
    });
}

std::string tsv_line(const Row& row) {
    std::string line;
    for (std::string field : row) {
        for (char& c : field) {
            c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
        }
        line += (line.empty() ? "" : "\t") + field;
    }
    return line + "\n";
}

std::string bound_text(const std::optional<Moment>& moment) {
    return moment ? format_moment(*moment) : "";
}

/// Record by record, as royalty statements are exchanged: a head, sums, details, and a foot that counts them.
std::string tsv(const UsageReport& report, const Recordings& recordings, const Period& period) {
    std::vector<Row> records = {{"HEAD", "wm-usage-report/1", bound_text(period.from), bound_text(period.to)}};
    const auto add = [&](const char* type, std::vector<Row> rows) {
        for (Row& row : rows) {
            row.insert(row.begin(), type);
            records.push_back(std::move(row));
        }
    };
    add("SUM", totals_by_rightsholder(report));
    add("USE", share_rows(report, recordings));
    add("HELD", held_rows(report, recordings));
    add("EXC", exception_rows(report));
    records.push_back({"FOOT", std::to_string(records.size() + 1)});
    std::string text;
    for (const Row& record : records) {
        text += tsv_line(record);
    }
    return text;
}

Amounts held_in(const UsageReport& report) {
    Amounts sum;
    for (const HeldAmount& held : report.held) {
        for (const auto& [unit, amount] : held.amounts) {
            sum[unit] += amount;
        }
    }
    return sum;
}

/// An amount as people read it: digits in threes, and uses as a number of uses.
std::string amount_text(const std::string& unit, std::int64_t amount) {
    const bool is_use = unit == kUseUnit;
    std::string text = std::to_string(is_use ? amount / kUnitsPerUse : amount);
    for (std::size_t place = text.size(); place > 3;) {
        place -= 3;
        text.insert(place, "\u202f");
    }
    if (is_use && amount % kUnitsPerUse != 0) {
        text += fmt::format(".{:06}", amount % kUnitsPerUse);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

/// Rows that end in unit and amount, for people.
std::vector<Row> readable(std::vector<Row> rows) {
    for (Row& row : rows) {
        row.back() = amount_text(row[row.size() - 2], std::stoll(row.back()));
        std::replace(row.begin(), row.end(), std::string(), std::string("\u2013"));
    }
    return rows;
}

/// What came in, by unit, and what became of it.
std::vector<Row> balance_rows(const UsageReport& report) {
    const Amounts paid = paid_in(report);
    const Amounts held = held_in(report);
    const auto in_unit = [](const Amounts& amounts, const std::string& unit) {
        const auto found = amounts.find(unit);
        return amount_text(unit, found == amounts.end() ? 0 : found->second);
    };
    std::vector<Row> rows;
    for (const auto& [unit, amount] : report.in) {
        rows.push_back({unit, amount_text(unit, amount), in_unit(paid, unit), in_unit(held, unit)});
    }
    return rows;
}

std::string page(const UsageReport& report, const Recordings& recordings, const Period& period) {
    using Column = HtmlPage::Column;
    const Column unit = {"unit"};
    const Column amount = {"amount", true};
    HtmlPage page(fmt::format("Use from {} to {}", bound_text(period.from), bound_text(period.to)));
    page.add_note(
        fmt::format("{} events were counted. Amounts of money are in the smallest unit of their currency (cents).",
                    report.num_events));
    page.add_table({{"unit"}, {"came in", true}, {"owed", true}, {"held back", true}}, balance_rows(report));
    page.add_heading("By rightsholder");
    page.add_table({{"rightsholder"}, {"name"}, unit, amount}, readable(totals_by_rightsholder(report)));
    page.add_heading("By territory and use");
    page.add_table({{"territory"}, {"use"}, unit, amount}, readable(totals_by(report, [](const UsageShare& share) {
                       return Row{territory_text(share.used.territory), name_of(share.used.use)};
                   })));
    page.add_heading("By licence");
    page.add_table({{"licence"}, {"licensee"}, unit, amount}, readable(totals_by(report, [](const UsageShare& share) {
                       return Row{share.used.licence_id, share.used.licensee};
                   })));
    page.add_heading("Held back");
    page.add_note("What is owed and cannot be paid out yet. `wm explain` has the reasons.");
    std::vector<Column> held_columns(kHeldHeader.size());
    std::transform(kHeldHeader.begin(), kHeldHeader.end(), held_columns.begin(), [](const std::string& name) {
        return Column{name, name == "amount"};
    });
    page.add_table(held_columns, readable(held_rows(report, recordings)));
    page.add_heading("Not counted");
    page.add_table({{"reason"}, {"where"}, {"what"}, amount, {"currency"}}, exception_rows(report));
    page.add_heading("Credits");
    std::vector<Row> credits;
    for (const Row& row : credit_rows(report, recordings)) {
        credits.push_back({row[2], row[1], row[4], row[5], row[6]});
    }
    page.add_table({{"used"}, {"ISRC"}, {"for"}, {"name"}, {"roles"}}, credits);
    return page.text();
}

} // namespace

Amounts paid_in(const UsageReport& report) {
    Amounts sum;
    for (const UsageShare& share : report.shares) {
        for (const auto& [unit, amount] : share.amounts) {
            sum[unit] += amount;
        }
    }
    return sum;
}

std::vector<NamedText> usage_files(const UsageReport& report, std::span<const ClaimHistory> claims,
                                   const Period& period) {
    const Recordings recordings(claims);
    return {
        {"shares.csv", csv(kShareHeader, share_rows(report, recordings))},
        {"held.csv", csv(kHeldHeader, held_rows(report, recordings))},
        {"credits.csv", csv({"used_claim", "used_isrc", "used_title", "claim", "title", "name", "roles"},
                            credit_rows(report, recordings))},
        {"exceptions.csv", csv({"reason", "place", "detail", "amount", "currency"}, exception_rows(report))},
        {"usage.tsv", tsv(report, recordings, period)},
        {"report.html", page(report, recordings, period)},
    };
}

} // namespace wm::cli
