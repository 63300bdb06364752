#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "rights.h"
#include "sound_question.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm who clip.mp3 --registry rights.db --key label.key
  wm who clip.mp3 --registry rights.db --key label.key --json

Names the registered recordings in a file: title, artists, rightsholders, what AI did, and who signed that. Whether anything may be
done with it is for `wm check` to say.

Exit codes: 0 named; 1 nothing registered was found; 2 wrong usage or an error; 3 cannot tell (unreadable, silent, too short), a
mark on sound that is not its own, or a claim that was tampered with.)";

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

void print_document_of(const SoundQuestion& question, const Verdict& verdict,
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
    print_document({{"schema", "wm.who/1"}, {"file", question.file}, {"claims", list}, {"reasons", reasons}});
}

/// Whether a reason keeps the sound from naming anybody.
bool casts_doubt(const Reason& reason) {
    constexpr std::array kCodes = {"UNREADABLE", "WM_UNCONFIRMED", "WM_FP_CONFLICT", "MARK_UNREGISTERED",
                                   "CLAIM_TAMPERED"};
    return std::find(kCodes.begin(), kCodes.end(), reason.code) != kCodes.end();
}

ExitCode print_answer(const SoundQuestion& question, const Verdict& verdict, const std::vector<ClaimHistory>& claims) {
    const std::vector<const ClaimHistory*> named = named_claims(verdict, claims);
    if (question.json) {
        print_document_of(question, verdict, named);
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
    Console(question.quiet).note(fmt::format("{}: {}: {}", question.file, reason.code, reason.detail));
    return is_doubtful ? kRefused : kNotFound;
}

ExitCode run(const SoundQuestion& question) {
    Console console(question.quiet);
    const Result<SoundAnswer> answer = answer_by_sound(question, console);
    if (!answer) {
        console.error_about(question.file, answer.error().message);
        return exit_code_of(answer.error());
    }
    return print_answer(question, answer->judgement.verdict, answer->judgement.claims);
}

} // namespace

Command add_who(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("who", "Say whose a recording is");
    const auto question = std::make_shared<SoundQuestion>();
    app->footer(kExamples);
    add_sound_question(*app, *question);
    return {app, [question] { return run(*question); }};
}

} // namespace wm::cli
