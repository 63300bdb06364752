#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "claim_file.h"
#include "commands.h"
#include "rights.h"
#include "text.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm claim show USRC17607839 --registry rights.db
  wm claim history USRC17607839 --registry rights.db --as-of 2026-10-01
  wm claim supersede USRC17607839 --registry rights.db --claim corrected.toml --as label.id
  wm claim suspend USRC17607839 --registry rights.db --as label.id --reason "being checked"
  wm claim dispute USRC17607839 --registry rights.db --as other.id --reason "we own it"
  wm claim reinstate USRC17607839 --registry rights.db --as label.id
  wm claim revoke USRC17607839 --registry rights.db --as label.id

Only a claim's owner, who signed it first, may supersede, suspend and revoke it. It may be disputed by a party that it names by its
kid, and by who has a claim of its own on the same ISRC; each takes back its own with reinstate. Revoking is for good.

Exit codes: 0 shown or done; 1 nothing is registered as that; 2 wrong usage or an error.)";

struct Arguments {
    RightsArguments rights;
    std::string as_of;
    std::string claim_file;
};

/// The claims that `show` and `history` are about. errors: as Registry::find()
Result<std::vector<ClaimHistory>> find_at(const Registry& registry, const Arguments& arguments, const TreeHead& head) {
    return find_claims(registry, arguments.rights.recording, head);
}

std::string describe_rights(const Claim& claim) {
    std::string text;
    for (const Right& right : claim.rights) {
        const auto party = std::find_if(claim.parties.begin(), claim.parties.end(),
                                        [&](const Contributor& known) { return known.ref == right.party; });
        text += fmt::format("  right   {:g} % {} {} in {}\n", right.share_percent,
                            party == claim.parties.end() ? right.party : party->name, right.rights_type,
                            fmt::join(right.territories.included, ", "));
    }
    return text;
}

std::string describe(const ClaimHistory& history) {
    const Claim& claim = history.head().record;
    std::string text = fmt::format("{}: {} \"{}\"\n", claim.claim_id, claim.recording.isrc, claim.recording.title);
    text += fmt::format("  status  {}{}\n", name_of(history.status()),
                        history.defect.empty() ? "" : " - NOT TO BE RELIED ON: " + history.defect);
    text += fmt::format("  owner   {}\n  serial  {}, of {}\n", history.owner_kid(), claim.serial,
                        claim.issued_at ? format_moment(*claim.issued_at) : "");
    if (claim.wm_id) {
        text += fmt::format("  mark    {}\n", format_id(*claim.wm_id));
    }
    for (const auto& [use, consent] : claim.training_mining) {
        const char* choice = consent.use == Choice::kAllowed       ? "allowed"
                             : consent.use == Choice::kConstrained ? "constrained"
                                                                   : "not allowed";
        text += fmt::format("  consent {}: {} {}\n", name_of(use), choice, consent.constraint_info);
    }
    return text + describe_rights(claim);
}

Document claim_document(const ClaimHistory& history) {
    return {{"schema", "wm.claim-state/1"}, {"claim", history.head().record.claim_id},
            {"subject", history.id},        {"status", name_of(history.status())},
            {"owner", history.owner_kid()}, {"entry", history.head().index},
            {"defect", history.defect},     {"record", Document::parse(describe_claim_json(history.head().record))}};
}

/// Opens the registry as it was, and hands it to `look` with its head.
ExitCode look_at(const Arguments& arguments,
                 const std::function<Result<ExitCode>(const Registry&, const TreeHead&)>& look) {
    const Result<std::optional<std::int64_t>> as_of = parse_as_of(arguments.as_of);
    const Result<Registry> registry =
        as_of ? Registry::open(arguments.rights.registry, Registry::Mode::kRead) : tl::unexpected(as_of.error());
    const Result<ExitCode> code =
        registry ? registry->head(*as_of).and_then([&](const TreeHead& head) { return look(*registry, head); })
                 : tl::unexpected(registry.error());
    return code ? *code : report_failure(code.error());
}

ExitCode say_nothing_found(const Arguments& arguments) {
    Console(false).note(fmt::format("nothing is registered as {}", arguments.rights.recording));
    return kNotFound;
}

ExitCode show(const Arguments& arguments) {
    return look_at(arguments, [&](const Registry& registry, const TreeHead& head) {
        return find_at(registry, arguments, head).and_then([&](const auto& claims) -> Result<ExitCode> {
            for (const ClaimHistory& claim : claims) {
                if (claim.claims.empty()) {
                    return fail(ErrorCode::kFormat, claim.defect);
                }
                if (arguments.rights.json) {
                    print_document(claim_document(claim));
                } else {
                    fmt::print("{}", printable(describe(claim)));
                }
            }
            return claims.empty() ? say_nothing_found(arguments) : kDone;
        });
    });
}

std::string describe(const Entry& entry) {
    const auto kind = std::visit(
        [](const auto& fields) -> std::string {
            using Kind = std::decay_t<decltype(fields)>;
            if constexpr (std::is_same_v<Kind, Claim>) {
                return fmt::format("claim, serial {}: \"{}\"", fields.serial, fields.recording.title);
            } else if constexpr (std::is_same_v<Kind, StatusChange>) {
                return fmt::format("status {}: {}", name_of(fields.status), fields.reason);
            } else if constexpr (std::is_same_v<Kind, ConsentChange>) {
                return fmt::format("consent, {} uses", fields.training_mining.size());
            } else if constexpr (std::is_same_v<Kind, LicenceGrant>) {
                return fmt::format("licence {} to {}", fields.licence.id, fields.licence.licensee);
            } else if constexpr (std::is_same_v<Kind, LicenceRevocation>) {
                return fmt::format("licence {} revoked: {}", fields.licence_id, fields.reason);
            } else {
                return fmt::format("copy for \"{}\"", fields.recipient);
            }
        },
        entry.record.record);
    return fmt::format("{:>8}  {}  {}  signed by {}\n", entry.index, format_moment({entry.time_ms / 1000, false}), kind,
                       entry.record.kid);
}

ExitCode print_history(const Arguments& arguments) {
    return look_at(arguments, [&](const Registry& registry, const TreeHead& head) -> Result<ExitCode> {
        const Result<std::vector<ClaimHistory>> claims = find_at(registry, arguments, head);
        if (!claims) {
            return tl::unexpected(claims.error());
        }
        for (const ClaimHistory& claim : *claims) {
            const Result<std::vector<Entry>> entries = registry.entries_of(claim.id, head);
            if (!entries) {
                return tl::unexpected(entries.error());
            }
            for (const Entry& entry : *entries) {
                fmt::print("{}", arguments.rights.json ? to_line(published_document(entry, head))
                                                       : printable(describe(entry)));
            }
        }
        return claims->empty() ? say_nothing_found(arguments) : kDone;
    });
}

ExitCode change_status(const Arguments& arguments, ClaimStatus status) {
    return publish_about(arguments.rights, [&](const ClaimHistory& claim) -> Result<Record> {
        return StatusChange{claim.id, status, arguments.rights.reason, now()};
    });
}

/// The corrected claim keeps what ties the old one to sound.
ExitCode supersede(const Arguments& arguments) {
    const Result<Claim> written = read_claim_file(arguments.claim_file);
    if (!written) {
        return report_failure(written.error());
    }
    return publish_about(arguments.rights, [&](const ClaimHistory& history) -> Result<Record> {
        const Claim& head = history.head().record;
        Claim claim = complete_claim(*written);
        claim.supersedes = head.claim_id;
        claim.serial = head.serial + 1;
        claim.wm_id = head.wm_id;
        claim.bindings = head.bindings;
        return claim;
    });
}

/// A subcommand that changes a claim's status.
Command add_status_command(CLI::App& app, const std::shared_ptr<Arguments>& arguments, const char* name,
                           ClaimStatus status, const char* description) {
    CLI::App* command = app.add_subcommand(name, description);
    add_recording_argument(*command, arguments->rights.recording);
    add_registry_option(*command, arguments->rights.registry);
    add_identity_option(*command, arguments->rights.identity);
    command->add_option("--reason", arguments->rights.reason, "Kept in the log")->type_name("TEXT");
    command->add_flag("--json", arguments->rights.json, "Print a JSON document");
    return {command, [arguments, status] { return change_status(*arguments, status); }};
}

Command add_reading_command(CLI::App& app, const std::shared_ptr<Arguments>& arguments, const char* name,
                            ExitCode (*run)(const Arguments&), const char* description) {
    CLI::App* command = app.add_subcommand(name, description);
    add_recording_argument(*command, arguments->rights.recording);
    add_registry_option(*command, arguments->rights.registry);
    command->add_option("--as-of", arguments->as_of, "As it was at the end of that second, or day")->type_name("TIME");
    command->add_flag("--json", arguments->rights.json, "Print JSON, one document a claim or entry");
    return {command, [arguments, run] { return run(*arguments); }};
}

} // namespace

Command add_claim(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("claim", "Show, correct, suspend, dispute and revoke claims");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    CLI::App* correct =
        app->add_subcommand("supersede", "Correct a claim: the new record counts, the old one stays in the log");
    add_recording_argument(*correct, arguments->rights.recording);
    add_registry_option(*correct, arguments->rights.registry);
    add_identity_option(*correct, arguments->rights.identity);
    correct->add_option("--claim", arguments->claim_file, "The corrected claim, whole (.toml or .json)")
        ->required()
        ->type_name("FILE");
    correct->add_flag("--json", arguments->rights.json, "Print a JSON document");
    return group(
        app,
        {add_reading_command(*app, arguments, "show", show, "What is claimed, and how it stands"),
         add_reading_command(*app, arguments, "history", print_history, "All that was recorded about a claim"),
         {correct, [arguments] { return supersede(*arguments); }},
         add_status_command(*app, arguments, "suspend", ClaimStatus::kSuspended, "Suspend one's own claim"),
         add_status_command(*app, arguments, "dispute", ClaimStatus::kDisputed, "Dispute another's claim"),
         add_status_command(*app, arguments, "reinstate", ClaimStatus::kActive,
                            "Take back one's suspension or dispute"),
         add_status_command(*app, arguments, "revoke", ClaimStatus::kRevoked, "Revoke one's own claim, for good")});
}

} // namespace wm::cli
