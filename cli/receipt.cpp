#include "wm/receipt.h"

#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "line_log.h"
#include "rights.h"
#include "signed_folder.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm receipt verify r.json --party platform.pub

Needs nothing but the two files: that the party signed it, that nobody changed it, and that the claims it names were in the
registry whose root it states. The same for the summary.json of `wm audit` and the report.json of `wm report usage`: that the files they
name are as they were. `wm registry log verify --receipt` also compares it with a registry.

Exit codes: 0 it holds; 2 it does not, wrong usage or an error.)";

struct Arguments {
    std::string file;
    std::string party;
    bool json = false;
};

std::string describe(const Arguments& arguments, const Receipt& receipt, const Party& party) {
    std::string text = fmt::format("{}: holds\n  said    {} about {} on {}\n", arguments.file,
                                   name_of(receipt.verdict.decision), receipt.file, format_moment(receipt.issued_at));
    text += fmt::format("  signed  by {} ({})\n", party.name, party.kid());
    text += fmt::format("  from    a registry of {} entries, root {}\n", receipt.verdict.registry.size,
                        receipt.verdict.registry.root);
    return text;
}

/// Whether it is an audit's or a report's, and no receipt.
bool is_of_folder(const std::string& text) {
    const Document document = Document::parse(text, nullptr, false);
    const std::string schema = document.is_object() ? text_at(document, "schema") : "";
    return schema == "wm-audit/1" || schema == "wm-usage-report/1";
}

/// Checks the document, and says in words what holds.
Result<std::string> verify_text(const Arguments& arguments, const std::string& text, const Party& party) {
    if (is_of_folder(text)) {
        return verify_signed_folder(arguments.file, text, party).map([&] {
            return fmt::format("{}: holds, with the files that it names\n  signed  by {} ({})\n", arguments.file,
                               party.name, party.kid());
        });
    }
    return verify_receipt(text, party).map([&](const Receipt& receipt) { return describe(arguments, receipt, party); });
}

ExitCode verify(const Arguments& arguments) {
    const Result<Party> party = Party::load(arguments.party);
    const Result<std::string> text = party ? read_text_file(arguments.file) : tl::unexpected(party.error());
    const Result<std::string> words = text ? verify_text(arguments, *text, *party) : tl::unexpected(text.error());
    if (!words) {
        Console(false).error_about(arguments.file, words.error().message);
        return exit_code_of(words.error());
    }
    if (arguments.json) {
        print_document(Document::parse(*text));
    } else {
        fmt::print("{}", printable(*words));
    }
    return kDone;
}

} // namespace

Command add_receipt(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("receipt", "Check signed verdicts, audits and reports");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    CLI::App* verify_app = app->add_subcommand("verify", "Check a receipt with nothing but its signer's public key");
    verify_app->add_option("file", arguments->file, "The receipt; - is standard input")->required()->type_name("FILE");
    verify_app->add_option("--party", arguments->party, "Who signed it (.pub)")->required()->type_name("FILE");
    verify_app->add_flag("--json", arguments->json, "Print the receipt when it holds");
    return group(app, {{verify_app, [arguments] { return verify(*arguments); }}});
}

} // namespace wm::cli
