#include "wm/registry.h"

#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "interrupt.h"
#include "rights.h"
#include "text.h"
#include "wm/receipt.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm registry init rights.db
  wm registry log verify --registry rights.db
  wm registry log verify --registry rights.db --receipt r.json --party platform.pub
  wm registry export snapshot.wmr --registry rights.db --as label.id
  wm registry import snapshot.wmr --out rights.db

`log verify` goes through every entry: hashes, signatures, who may, and whether it can be found. With a receipt or snapshot of
the past, it also proves that the log has only grown since.

Exit codes: 0 done, or nothing wrong; 2 wrong usage, an error, or a log that was tampered with.)";

struct Arguments {
    std::string file;
    std::string registry;
    std::string identity;
    std::string receipt;
    std::string party;
    bool json = false;
};

void print_head(const Arguments& arguments, const char* what, const std::string& file, const TreeHead& head) {
    if (arguments.json) {
        print_document({{"schema", "wm.registry/1"},
                        {"file", file},
                        {"outcome", what},
                        {"size", head.size},
                        {"root", head.root},
                        {"defects", Document::array()}});
    } else {
        fmt::print("{}",
                   printable(fmt::format("{}: {}, {} entries\n  root    {}\n", file, what, head.size, head.root)));
    }
}

ExitCode init(const Arguments& arguments) {
    const Result<TreeHead> head =
        Registry::create(arguments.file).and_then([](const Registry& registry) { return registry.head(); });
    if (!head) {
        return report_failure(head.error());
    }
    print_head(arguments, "made", arguments.file, *head);
    return kDone;
}

/// Whether the registry still begins with the log that a receipt saw.
Result<void> check_growth(const Registry& registry, const TreeHead& head, const Arguments& arguments) {
    if (arguments.receipt.empty()) {
        return {};
    }
    const Result<Party> party = Party::load(arguments.party);
    const Result<Receipt> receipt = party.and_then([&](const Party& signer) {
        return read_text_file(arguments.receipt).and_then([&](const std::string& text) {
            return verify_receipt(text, signer);
        });
    });
    if (!receipt) {
        return tl::unexpected(receipt.error());
    }
    const TreeHead& past = receipt->verdict.registry;
    const Result<std::vector<std::string>> path = registry.prove_consistency(past, head);
    if (!path || !verify_consistency(*path, past, head)) {
        return fail(ErrorCode::kFormat,
                    fmt::format("{} does not begin with the {} entries that the receipt {} saw: its log was "
                                "rewritten",
                                arguments.registry, past.size, arguments.receipt));
    }
    return {};
}

void print_defects(const Arguments& arguments, const TreeHead& head, const std::vector<LogDefect>& defects) {
    Document list = Document::array();
    for (const LogDefect& defect : defects) {
        const std::string entry = defect.index ? fmt::format("entry {} ", *defect.index) : "";
        if (!arguments.json) {
            Console(false).error(fmt::format("{}: {}{}", arguments.registry, entry, defect.what));
        }
        Document document = {{"what", defect.what}};
        if (defect.index) {
            document["entry"] = *defect.index;
        }
        list.push_back(document);
    }
    if (arguments.json) {
        print_document({{"schema", "wm.registry/1"},
                        {"file", arguments.registry},
                        {"outcome", "tampered"},
                        {"size", head.size},
                        {"root", head.root},
                        {"defects", list}});
    }
}

ExitCode verify(const Arguments& arguments) {
    Console console(false);
    const Result<Registry> registry = Registry::open(arguments.registry, Registry::Mode::kRead);
    const Result<TreeHead> head = registry ? registry->head() : tl::unexpected(registry.error());
    if (!head) {
        return report_failure(head.error());
    }
    const Result<std::vector<LogDefect>> defects = registry->verify(100, console.progress_of(0));
    const Result<void> sealed = registry->snapshot_seal().map([](const auto&) {});
    const Result<void> checked = defects ? sealed.and_then([&] { return check_growth(*registry, *head, arguments); })
                                         : tl::unexpected(defects.error());
    if (defects && !defects->empty()) {
        print_defects(arguments, *head, *defects);
        return kFailed;
    }
    if (!checked) {
        return report_failure(checked.error());
    }
    print_head(arguments, "verified", arguments.registry, *head);
    return kDone;
}

ExitCode export_snapshot(const Arguments& arguments) {
    const Result<TreeHead> head = Identity::load(arguments.identity).and_then([&](const Identity& signer) {
        return Registry::open(arguments.registry, Registry::Mode::kRead).and_then([&](const Registry& registry) {
            return registry.export_snapshot(arguments.file, signer);
        });
    });
    if (!head) {
        return report_failure(head.error());
    }
    print_head(arguments, "exported", arguments.file, *head);
    return kDone;
}

ExitCode import_snapshot(const Arguments& arguments) {
    const Result<SnapshotSeal> seal = Registry::import_snapshot(arguments.file, arguments.registry);
    if (!seal) {
        return report_failure(seal.error());
    }
    print_head(arguments, "imported", arguments.registry, seal->head);
    Console(false).note(fmt::format("signed by {} on {}", seal->kid, format_moment(seal->issued_at)));
    return kDone;
}

Command add_log(CLI::App& registry, const std::shared_ptr<Arguments>& arguments) {
    CLI::App* log = registry.add_subcommand("log", "Look after the registry's log");
    CLI::App* app = log->add_subcommand("verify", "Check every entry of the log");
    add_registry_option(*app, arguments->registry);
    CLI::Option* receipt =
        app->add_option("--receipt", arguments->receipt, "Prove that the log has only grown since this receipt")
            ->type_name("FILE");
    CLI::Option* party =
        app->add_option("--party", arguments->party, "Who signed the receipt (.pub)")->type_name("FILE");
    receipt->needs(party);
    party->needs(receipt);
    app->add_flag("--json", arguments->json, "Print a JSON document");
    return group(log, {{app, [arguments] { return verify(*arguments); }}});
}

} // namespace

Command add_registry(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("registry", "Make, verify, export and import registries");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);

    CLI::App* init_app = app->add_subcommand("init", "Make an empty registry");
    init_app->add_option("file", arguments->file, "The registry to write; never overwritten")
        ->required()
        ->type_name("FILE");
    init_app->add_flag("--json", arguments->json, "Print a JSON document");

    CLI::App* export_app = app->add_subcommand("export", "Write a signed snapshot, for checks that are offline");
    export_app->add_option("file", arguments->file, "The snapshot to write; never overwritten")
        ->required()
        ->type_name("FILE");
    add_registry_option(*export_app, arguments->registry);
    add_identity_option(*export_app, arguments->identity);
    export_app->add_flag("--json", arguments->json, "Print a JSON document");

    CLI::App* import_app = app->add_subcommand("import", "Make a registry of a snapshot, every entry verified");
    import_app->add_option("file", arguments->file, "The snapshot")->required()->type_name("FILE");
    import_app->add_option("--out,-o", arguments->registry, "The registry to write; never overwritten")
        ->required()
        ->type_name("FILE");
    import_app->add_flag("--json", arguments->json, "Print a JSON document");
    return group(app, {{init_app, [arguments] { return init(*arguments); }},
                       add_log(*app, arguments),
                       {export_app, [arguments] { return export_snapshot(*arguments); }},
                       {import_app, [arguments] { return import_snapshot(*arguments); }}});
}

} // namespace wm::cli
