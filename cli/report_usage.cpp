#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "options.h"
#include "rights.h"
#include "signed_folder.h"
#include "text.h"
#include "usage_files.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm report usage --registry rights.db --log usage.ndjson --from 2026-10-01 --to 2026-10-31 --out report/
  wm report usage --registry rights.db --log a.ndjson --log b.ndjson --from 2026-10-01 --to 2026-10-31 --out report/ \
      --pool 1000000 --currency EUR --sign-as label.id
  wm receipt verify report/report.json --party label.pub

Who is owed credit and what share, from the lines that `wm check --usage-log` wrote, and others of that form with an amount. Writes
shares.csv, held.csv, credits.csv, exceptions.csv, usage.tsv, report.html and report.json, and overwrites nothing. The same inputs give the
same bytes.

Exit codes: 0 all was counted and everybody can be paid; 3 something is held back or was not counted; 2 wrong usage or an error.)";

struct Arguments {
    std::string registry;
    std::vector<std::string> logs;
    std::string from;
    std::string to;
    std::string out;
    std::string as_of;
    std::string identity;
    UsageReportOptions options;
    bool json = false;
};

Result<Period> parse_period(const Arguments& arguments) {
    const Result<Moment> from = parse_moment(arguments.from);
    const Result<Moment> to = parse_moment(arguments.to);
    if (!from || !to) {
        return fail(ErrorCode::kUsage,
                    fmt::format("{}: {}", from ? "--to" : "--from", (from ? to : from).error().message));
    }
    const Period period = {*from, *to};
    return check_period(period).map([&] { return period; });
}

/// All logs as one; the file's hash stands for it in the report.
Result<UsageLog> read_logs(const std::vector<std::string>& paths, Document& hashes) {
    UsageLog all;
    std::map<std::string, std::string> named;
    for (const std::string& path : paths) {
        const Result<std::string> text = read_text_file(path);
        const Result<std::string> hash = text ? hash_file(path) : tl::unexpected(text.error());
        if (!hash) {
            return tl::unexpected(hash.error());
        }
        const std::string name = std::filesystem::path(path).filename().string();
        named[path] = *hash;
        UsageLog log = read_usage_log(*text, name);
        std::move(log.events.begin(), log.events.end(), std::back_inserter(all.events));
        std::move(log.exceptions.begin(), log.exceptions.end(), std::back_inserter(all.exceptions));
    }
    for (const auto& [path, hash] : named) {
        hashes.push_back({{"name", std::filesystem::path(path).filename().string()}, {"sha256", hash}});
    }
    return all;
}

Document report_document(const Arguments& arguments, const UsageReport& report, const TreeHead& head) {
    Amounts held = report.in;
    for (const auto& [unit, amount] : paid_in(report)) {
        held[unit] -= amount;
    }
    const auto amounts = [](const Amounts& sums) { return sums.empty() ? Document::object() : Document(sums); };
    Document document = {
        {"schema", "wm-usage-report/1"},
        {"from", arguments.from},
        {"to", arguments.to},
        {"registry", {{"size", head.size}, {"root", head.root}}},
        {"events",
         {{"counted", report.num_events},
          {"outside", report.num_outside},
          {"not_allowed", report.num_not_allowed},
          {"unclaimed", report.num_unclaimed},
          {"exceptions", report.exceptions.size()}}},
        {"in", amounts(report.in)},
        {"owed", amounts(paid_in(report))},
        {"held", amounts(held)},
    };
    if (arguments.options.pool > 0) {
        document["pool"] = {{"amount", arguments.options.pool}, {"currency", arguments.options.currency}};
    }
    if (!arguments.options.rights_type.empty()) {
        document["rightsType"] = arguments.options.rights_type;
    }
    return document;
}

struct Settled {
    UsageReport report;
    std::vector<ClaimHistory> claims;
    Document document;
};

Result<Settled> settle(const Arguments& arguments, const UsageReportOptions& options) {
    const Result<std::optional<std::int64_t>> as_of = parse_as_of(arguments.as_of);
    Document hashes = Document::array();
    Result<UsageLog> log = as_of ? read_logs(arguments.logs, hashes) : tl::unexpected(as_of.error());
    const Result<Registry> registry =
        log ? Registry::open(arguments.registry, Registry::Mode::kRead) : tl::unexpected(log.error());
    const Result<TreeHead> head = registry ? registry->head(*as_of) : tl::unexpected(registry.error());
    if (!head) {
        return tl::unexpected(head.error());
    }
    return find_used_claims(*registry, *log, *head).map([&](std::vector<ClaimHistory> claims) {
        UsageReport report = report_usage(*std::move(log), claims, options);
        Document document = report_document(arguments, report, *head);
        document["logs"] = hashes;
        return Settled{std::move(report), std::move(claims), std::move(document)};
    });
}

std::string describe(const std::string& folder, const Document& document) {
    std::string text = fmt::format("{}: {} events\n", folder, document["events"]["counted"].get<std::uint64_t>());
    for (const char* what : {"in", "owed", "held"}) {
        for (const auto& [unit, amount] : document[what].items()) {
            text += fmt::format("  {:5} {} {}\n", what, amount.get<std::int64_t>(),
                                unit == kUseUnit ? "millionths of a use" : unit);
        }
    }
    return text;
}

/// The document last, so that a folder that has it is whole. Nothing is overwritten.
Result<std::string> write_folder(const Arguments& arguments, const Settled& settled, const Period& period) {
    Result<void> written = make_folder(arguments.out);
    std::vector<std::string> names;
    for (const NamedText& file : usage_files(settled.report, settled.claims, period)) {
        names.push_back(file.name);
        written = written.and_then(
            [&] { return write_text_file((std::filesystem::path(arguments.out) / file.name).string(), file.text); });
    }
    return written.and_then(
        [&] { return seal_folder(arguments.out, names, "report.json", settled.document, arguments.identity); });
}

ExitCode run(const Arguments& arguments) {
    if ((arguments.options.pool > 0) == arguments.options.currency.empty()) {
        return report_failure({ErrorCode::kUsage, "--pool and --currency go together"});
    }
    UsageReportOptions options = arguments.options;
    const Result<Settled> settled = parse_period(arguments).and_then([&](const Period& period) {
        options.period = period;
        return settle(arguments, options);
    });
    const Result<std::string> written =
        settled ? write_folder(arguments, *settled, options.period) : tl::unexpected(settled.error());
    if (!written) {
        return report_failure(written.error());
    }
    if (arguments.json) {
        print_document(Document::parse(*written));
    } else {
        fmt::print("{}", printable(describe(arguments.out, settled->document)));
    }
    return settled->report.held.empty() && settled->report.exceptions.empty() ? kDone : kRefused;
}

} // namespace

Command add_report_usage(CLI::App& report) {
    CLI::App* app = report.add_subcommand("usage", "Say who is owed what, from logs of use");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    add_registry_option(*app, arguments->registry);
    add_list_option(*app, "--log", arguments->logs, "FILE", "A log of use; may be given again")->required();
    app->add_option("--from", arguments->from, "The first day or second that counts")->required()->type_name("TIME");
    app->add_option("--to", arguments->to, "The last day, or the second after the last")->required()->type_name("TIME");
    app->add_option("--out,-o", arguments->out, "The folder to write")->required()->type_name("DIR");
    app->add_option("--pool", arguments->options.pool, "What all uses together bring, in the currency's smallest unit")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000'000}))
        ->type_name("N");
    app->add_option("--currency", arguments->options.currency, "The pool's currency")
        ->check(CLI::Validator(
            [](const std::string& text) {
                const bool is_code = text.size() == 3 &&
                                     std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
                return is_code ? std::string() : std::string("three capital letters are wanted, as in EUR (ISO 4217)");
            },
            ""))
        ->type_name("CODE");
    app->add_option("--rights-type", arguments->options.rights_type, "Which rows of a split the money is for")
        ->type_name("NAME");
    app->add_option("--as-of", arguments->as_of, "Claims as at the end of that second or day")->type_name("TIME");
    app->add_option("--sign-as", arguments->identity, "Who signs the report (.id)")->type_name("FILE");
    app->add_flag("--json", arguments->json, "Print a JSON document");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
