#include "wm/receipt.h"

#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "rights.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm receipt verify r.json --party platform.pub

Needs nothing but the two files: that the party signed it, that nobody changed it, and that the claims it names were in the
registry whose root it states. `wm registry log verify --receipt` also compares it with a registry.

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

ExitCode verify(const Arguments& arguments) {
    const Result<Party> party = Party::load(arguments.party);
    const Result<std::string> text = party ? read_text_file(arguments.file) : tl::unexpected(party.error());
    const Result<Receipt> receipt = text ? verify_receipt(*text, *party) : tl::unexpected(text.error());
    if (!receipt) {
        Console(false).error_about(arguments.file, receipt.error().message);
        return exit_code_of(receipt.error());
    }
    if (arguments.json) {
        print_document(Document::parse(*text));
    } else {
        fmt::print("{}", printable(describe(arguments, *receipt, *party)));
    }
    return kDone;
}

} // namespace

Command add_receipt(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("receipt", "Check signed verdicts");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    CLI::App* verify_app = app->add_subcommand("verify", "Check a receipt with nothing but its signer's public key");
    verify_app->add_option("file", arguments->file, "The receipt; - is standard input")->required()->type_name("FILE");
    verify_app->add_option("--party", arguments->party, "Who signed it (.pub)")->required()->type_name("FILE");
    verify_app->add_flag("--json", arguments->json, "Print the receipt when it holds");
    return group(app, {{verify_app, [arguments] { return verify(*arguments); }}});
}

} // namespace wm::cli
