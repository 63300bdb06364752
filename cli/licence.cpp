#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "options.h"
#include "rights.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm licence grant USRC17607839 --registry rights.db --licensee dpid:PADPIDA2014 --use stream --territory FR \
      --from 2026-01-01 --to 2026-12-31 --as label.id
  wm licence revoke 019a2f6e-... --registry rights.db --as label.id
  wm licence list USRC17607839 --registry rights.db

`grant` prints the licence's id, by which it is revoked. Without --territory a licence holds worldwide; its last day belongs to
it. A licence with --terms or --compensation makes a check say allow_with_terms.)";

struct Arguments {
    RightsArguments rights;
    std::string licence_id;
    std::string licensee;
    std::vector<std::string> uses;
    std::vector<std::string> territories;
    std::vector<std::string> excluded;
    std::string from;
    std::string to;
    std::string terms;
    std::string compensation;
};

Result<std::optional<Moment>> parse_end(const char* option, const std::string& text) {
    if (text.empty()) {
        return std::optional<Moment>();
    }
    return parse_moment(text)
        .map([](const Moment& moment) { return std::optional(moment); })
        .map_error([&](const Error& error) {
            return Error{ErrorCode::kUsage, fmt::format("{}: {}", option, error.message)};
        });
}

Result<Licence> parse_licence(const Arguments& arguments) {
    Licence licence;
    licence.id = new_uuid();
    licence.licensee = arguments.licensee;
    for (const std::string& name : arguments.uses) {
        const Result<Use> use = parse_use(name);
        if (!use) {
            return tl::unexpected(use.error());
        }
        licence.uses.push_back(*use);
    }
    licence.territories.included =
        arguments.territories.empty() ? std::vector{std::string(kWorldwide)} : arguments.territories;
    licence.territories.excluded = arguments.excluded;
    const Result<std::optional<Moment>> from = parse_end("--from", arguments.from);
    const Result<std::optional<Moment>> to = parse_end("--to", arguments.to);
    if (!from || !to) {
        return tl::unexpected(from ? to.error() : from.error());
    }
    licence.validity = {*from, *to};
    licence.terms = arguments.terms;
    licence.compensation = arguments.compensation;
    return licence;
}

ExitCode grant(const Arguments& arguments) {
    const Result<Licence> licence = parse_licence(arguments);
    if (!licence) {
        return report_failure(licence.error());
    }
    const ExitCode code = publish_about(arguments.rights, [&](const ClaimHistory& claim) -> Result<Record> {
        return LicenceGrant{claim.id, *licence, now()};
    });
    if (code == kDone && !arguments.rights.json) {
        fmt::print("  licence {}\n", licence->id);
    }
    return code;
}

ExitCode revoke(const Arguments& arguments) {
    const Result<std::optional<ClaimHistory>> claim =
        Registry::open(arguments.rights.registry, Registry::Mode::kRead).and_then([&](const Registry& registry) {
            return registry.head().and_then(
                [&](const TreeHead& head) { return registry.find_licence(arguments.licence_id, head); });
        });
    if (!claim) {
        return report_failure(claim.error());
    }
    if (!*claim) {
        return report_failure(
            {ErrorCode::kUsage,
             fmt::format("there is no licence {}: `wm licence list` shows a recording's", arguments.licence_id)});
    }
    RightsArguments rights = arguments.rights;
    rights.recording = (*claim)->head().record.claim_id;
    return publish_about(rights, [&](const ClaimHistory& history) -> Result<Record> {
        return LicenceRevocation{history.id, arguments.licence_id, arguments.rights.reason, now()};
    });
}

std::vector<std::string> names_of(const std::vector<Use>& uses) {
    std::vector<std::string> names;
    for (const Use use : uses) {
        names.emplace_back(name_of(use));
    }
    return names;
}

std::string text_of(const std::optional<Moment>& moment) {
    return moment ? format_moment(*moment) : "";
}

Document licence_document(const ClaimHistory& claim, const Licence& licence) {
    return {{"schema", "wm.licence-state/1"},
            {"id", licence.id},
            {"claim", claim.id},
            {"licensee", licence.licensee},
            {"uses", names_of(licence.uses)},
            {"territories", licence.territories.included},
            {"excludedTerritories", licence.territories.excluded},
            {"validFrom", text_of(licence.validity.from)},
            {"validTo", text_of(licence.validity.to)},
            {"terms", licence.terms},
            {"compensation", licence.compensation},
            {"revoked", claim.is_revoked(licence.id)}};
}

std::string describe(const ClaimHistory& claim, const Licence& licence) {
    return fmt::format(
        "{}  {}  {}  in {}  {} to {}{}\n", licence.id, licence.licensee, fmt::join(names_of(licence.uses), ","),
        fmt::join(licence.territories.included, ","), licence.validity.from ? text_of(licence.validity.from) : "always",
        licence.validity.to ? text_of(licence.validity.to) : "always", claim.is_revoked(licence.id) ? "  revoked" : "");
}

void print_licences(const Arguments& arguments, const ClaimHistory& claim) {
    const auto print = [&](const Licence& licence) {
        fmt::print("{}", arguments.rights.json ? to_line(licence_document(claim, licence))
                                               : printable(describe(claim, licence)));
    };
    for (const Licence& licence : claim.head().record.licences) {
        print(licence);
    }
    for (const Logged<LicenceGrant>& granted : claim.licences) {
        print(granted.record.licence);
    }
}

ExitCode list(const Arguments& arguments) {
    const Result<Registry> registry = Registry::open(arguments.rights.registry, Registry::Mode::kRead);
    const Result<TreeHead> head = registry ? registry->head() : tl::unexpected(registry.error());
    const Result<std::vector<ClaimHistory>> claims =
        head ? find_claims(*registry, arguments.rights.recording, *head) : tl::unexpected(head.error());
    if (!claims) {
        return report_failure(claims.error());
    }
    for (const ClaimHistory& claim : *claims) {
        const Result<ClaimHistory> whole = registry->whole_history(claim.id, *head);
        if (!whole) {
            return report_failure(whole.error());
        }
        if (!whole->defect.empty()) {
            return report_failure({ErrorCode::kFormat, whole->defect});
        }
        print_licences(arguments, *whole);
    }
    if (claims->empty()) {
        Console(false).note(fmt::format("nothing is registered as {}", arguments.rights.recording));
    }
    return claims->empty() ? kNotFound : kDone;
}

Command add_grant(CLI::App& licence, const std::shared_ptr<Arguments>& arguments) {
    CLI::App* app = licence.add_subcommand("grant", "License a recording for some uses");
    add_recording_argument(*app, arguments->rights.recording);
    add_registry_option(*app, arguments->rights.registry);
    add_identity_option(*app, arguments->rights.identity);
    app->add_option("--licensee", arguments->licensee, "Who may use it, as it will name itself")
        ->required()
        ->type_name("ID");
    add_list_option(*app, "--use,-u", arguments->uses, "USE", "What for; may be given again")->required();
    add_list_option(*app, "--territory,-t", arguments->territories, "CODE",
                    "Where; may be given again (default: Worldwide)");
    add_list_option(*app, "--not-in", arguments->excluded, "CODE", "Where not; may be given again");
    app->add_option("--from", arguments->from, "The first day or second")->type_name("TIME");
    app->add_option("--to", arguments->to, "The last day, or the second when it ends")->type_name("TIME");
    app->add_option("--terms", arguments->terms, "What goes with it, in words or as an address")->type_name("TEXT");
    app->add_option("--compensation", arguments->compensation, "What is paid, which asks for reports of use")
        ->type_name("TEXT");
    app->add_flag("--json", arguments->rights.json, "Print a JSON document");
    return {app, [arguments] { return grant(*arguments); }};
}

} // namespace

Command add_licence(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("licence", "Grant, revoke and list licences");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);

    CLI::App* revoke_app = app->add_subcommand("revoke", "Revoke a licence");
    revoke_app->add_option("licence", arguments->licence_id, "The licence's id")->required()->type_name("ID");
    add_registry_option(*revoke_app, arguments->rights.registry);
    add_identity_option(*revoke_app, arguments->rights.identity);
    revoke_app->add_option("--reason", arguments->rights.reason, "Kept in the log")->type_name("TEXT");
    revoke_app->add_flag("--json", arguments->rights.json, "Print a JSON document");

    CLI::App* list_app = app->add_subcommand("list", "List a recording's licences");
    add_recording_argument(*list_app, arguments->rights.recording);
    add_registry_option(*list_app, arguments->rights.registry);
    list_app->add_flag("--json", arguments->rights.json, "Print JSON, one document a line and licence");
    return group(app, {add_grant(*app, arguments),
                       {revoke_app, [arguments] { return revoke(*arguments); }},
                       {list_app, [arguments] { return list(*arguments); }}});
}

} // namespace wm::cli
