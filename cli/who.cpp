#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "check_question.h"
#include "commands.h"
#include "options.h"
#include "passphrase.h"
#include "rights.h"
#include "text.h"
#include "wm/evidence.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm who clip.mp3 --registry rights.db --key label.key
  wm who clip.mp3 --registry rights.db --key label.key --json

Names the registered recordings in a file: title, artists, rightsholders, what AI did, and who signed that. Whether anything may be
done with it is for `wm check` to say.

Exit codes: 0 named; 1 nothing registered was found; 2 wrong usage or an error; 3 cannot tell (unreadable, silent, too short), a
mark on sound that is not its own, or a claim that was tampered with.)";

struct Arguments {
    std::string file;
    std::string registry;
    std::vector<std::string> keys;
    std::string passphrase_file;
    bool json = false;
    bool quiet = false;
};

std::string ai_text(const AiDisclosure& ai) {
    if (!ai.contains_ai) {
        return "undeclared";
    }
    const char* const kNames[] = {"none", "partly", "all"};
    return kNames[static_cast<std::size_t>(*ai.contains_ai)];
}

std::string describe_claim(const ClaimHistory& history, const NamedClaim& name) {
    const Claim& claim = history.head().record;
    std::string text = fmt::format("\"{}\" {}{}\n", claim.recording.title, claim.recording.isrc,
                                   name.found_by == "lineage" ? ", which it was made from" : "");
    for (const Contributor& party : claim.parties) {
        text += fmt::format("  by      {} ({})\n", party.name, fmt::join(party.roles, ", "));
    }
    for (const Right& right : claim.rights) {
        text += fmt::format("  right   {:g} % {} {} in {}\n", right.share_percent, right.party, right.rights_type,
                            fmt::join(right.territories.included, ", "));
    }
    for (const Derivation& parent : claim.derived_from) {
        text += fmt::format("  from    {}{}\n", parent.isrc.empty() ? parent.claim_id : parent.isrc,
                            parent.share_percent ? fmt::format(", {:g} %", *parent.share_percent) : "");
    }
    text += fmt::format("  AI      {}\n", ai_text(claim.ai));
    text +=
        fmt::format("  claim   {}, {}, signed by {}\n", claim.claim_id, name_of(history.status()), history.owner_kid());
    return claim.contact.empty() ? text : text + fmt::format("  contact {}\n", claim.contact);
}

/// The claims that the verdict found, whatever it says of them.
std::vector<const ClaimHistory*> named_claims(const Verdict& verdict, const std::vector<ClaimHistory>& claims) {
    std::vector<const ClaimHistory*> named;
    for (const NamedClaim& name : verdict.claims) {
        for (const ClaimHistory& claim : claims) {
            if (claim.id == name.subject) {
                named.push_back(&claim);
            }
        }
    }
    return named;
}

void print_document_of(const Arguments& arguments, const Verdict& verdict,
                       const std::vector<const ClaimHistory*>& named) {
    Document list = Document::array();
    for (std::size_t k = 0; k < named.size(); ++k) {
        list.push_back({{"found_by", verdict.claims[k].found_by},
                        {"recipient", verdict.claims[k].recipient},
                        {"status", name_of(named[k]->status())},
                        {"owner", named[k]->owner_kid()},
                        {"record", Document::parse(describe_claim_json(named[k]->head().record))}});
    }
    Document reasons = Document::array();
    for (const Reason& reason : verdict.reasons) {
        reasons.push_back({{"code", reason.code}, {"detail", reason.detail}});
    }
    print_document({{"schema", "wm.who/1"}, {"file", arguments.file}, {"claims", list}, {"reasons", reasons}});
}

/// Whether a reason keeps the sound from naming anybody.
bool casts_doubt(const Reason& reason) {
    constexpr std::array kCodes = {"UNREADABLE", "WM_UNCONFIRMED", "WM_FP_CONFLICT", "MARK_UNREGISTERED",
                                   "CLAIM_TAMPERED"};
    return std::find(kCodes.begin(), kCodes.end(), reason.code) != kCodes.end();
}

ExitCode print_answer(const Arguments& arguments, const Verdict& verdict, const std::vector<ClaimHistory>& claims) {
    const std::vector<const ClaimHistory*> named = named_claims(verdict, claims);
    if (arguments.json) {
        print_document_of(arguments, verdict, named);
    } else {
        for (std::size_t k = 0; k < named.size(); ++k) {
            fmt::print("{}", printable(describe_claim(*named[k], verdict.claims[k])));
        }
    }
    const bool is_doubtful = std::any_of(verdict.reasons.begin(), verdict.reasons.end(), casts_doubt);
    if (!named.empty() && !is_doubtful) {
        return kDone;
    }
    const Reason& reason = verdict.reasons.front();
    Console(arguments.quiet).note(fmt::format("{}: {}: {}", arguments.file, reason.code, reason.detail));
    return is_doubtful ? kRefused : kNotFound;
}

ExitCode run(const Arguments& arguments) {
    Console console(arguments.quiet);
    const Result<std::vector<Key>> keys = load_keys(arguments.keys, arguments.passphrase_file, console);
    const Result<Registry> registry =
        keys ? Registry::open(arguments.registry, Registry::Mode::kRead) : tl::unexpected(keys.error());
    const Result<TreeHead> head = registry ? registry->head() : tl::unexpected(registry.error());
    const Result<Evidence> evidence =
        head ? gather_evidence(arguments.file, {*keys, index_path_of(arguments.registry)}, console.progress_of(0))
             : tl::unexpected(head.error());
    const Result<std::vector<ClaimHistory>> claims =
        evidence ? find_claims(*registry, *evidence, *head, "") : tl::unexpected(evidence.error());
    if (!claims) {
        console.error_about(arguments.file, claims.error().message);
        return exit_code_of(claims.error());
    }
    // No use is asked for: what remains of the verdict is who it is about.
    return print_answer(arguments, decide(*evidence, *claims, {{}, {}, "", now().unix_s, false}), *claims);
}

} // namespace

Command add_who(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("who", "Say whose a recording is");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("file", arguments->file, "A recording, in any format that can be read; - is standard input")
        ->required()
        ->type_name("FILE");
    add_registry_option(*app, arguments->registry);
    add_key_options(*app, arguments->keys, arguments->passphrase_file);
    add_output_options(*app, arguments->json, arguments->quiet);
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
