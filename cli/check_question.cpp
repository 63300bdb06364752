#include "check_question.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "exit_code.h"
#include "options.h"
#include "rights.h"
#include "text.h"
#include "upload_documents.h"

namespace wm::cli {
namespace {

std::string decision_text(Decision decision) {
    std::string text = name_of(decision);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

/// "ai_training in FR: block".
std::string answer_text(const Answer& answer) {
    return fmt::format("{}{}: {}", name_of(answer.use), answer.territory.empty() ? "" : " in " + answer.territory,
                       decision_text(answer.decision));
}

std::string reasons_text(const Verdict& verdict) {
    if (verdict.reasons.empty()) {
        return "nothing was asked";
    }
    const Reason& first = verdict.reasons.front();
    std::set<std::string> others;
    for (const Reason& reason : verdict.reasons) {
        others.insert(reason.code);
    }
    others.erase(first.code);
    return fmt::format("{}: {}{}", first.code, first.detail,
                       others.empty() ? "" : fmt::format(" (also {})", fmt::join(others, ", ")));
}

std::string claims_text(const Verdict& verdict) {
    std::string text;
    for (const NamedClaim& claim : verdict.claims) {
        text += fmt::format("{}\"{}\" {} by {}{}", text.empty() ? "" : "; ", claim.title, claim.isrc, claim.found_by,
                            claim.recipient.empty() ? "" : ", the copy of " + claim.recipient);
    }
    return text.empty() ? "no registered recording" : text;
}

std::string obligations_text(const Verdict& verdict) {
    std::string text;
    for (const Obligation& obligation : verdict.obligations) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", obligation.code, obligation.detail);
    }
    return text.empty() ? "nothing" : text;
}

} // namespace

void add_question_options(CLI::App& app, QuestionArguments& arguments) {
    add_list_option(app, "--use,-u", arguments.uses, "USE", "What is to be done with it; may be given again");
    add_list_option(app, "--territory,-t", arguments.territories, "CODE",
                    "Where; may be given again (default: the strictest of all)");
    app.add_option("--licensee", arguments.licensee, "Who asks, as licences name it")->type_name("ID");
    app.add_option("--as-of", arguments.as_of, "Answer as at the end of that second or day")->type_name("TIME");
    app.add_option("--profile", arguments.profile, "The platform's policy (TOML)")->type_name("FILE");
}

Result<Profile> read_profile(const std::string& path) {
    if (path.empty()) {
        return Profile();
    }
    return read_text_file(path).and_then(parse_profile_toml).map_error([&](const Error& error) {
        return in_file(path, error);
    });
}

Result<AskedQuestion> parse_question(const QuestionArguments& arguments) {
    AskedQuestion asked;
    const Result<Profile> profile = read_profile(arguments.profile);
    if (!profile) {
        return tl::unexpected(profile.error());
    }
    asked.profile = *profile;
    const Result<std::optional<std::int64_t>> as_of = parse_as_of(arguments.as_of);
    if (!as_of) {
        return tl::unexpected(as_of.error());
    }
    asked.as_of_s = *as_of;
    asked.question.time_s = as_of->value_or(now().unix_s);
    asked.question.licensee = arguments.licensee;
    for (const std::string& name : arguments.uses) {
        const Result<Use> use = parse_use(name);
        if (!use) {
            return tl::unexpected(use.error());
        }
        asked.question.uses.push_back(*use);
    }
    for (const std::string& territory : arguments.territories) {
        if (const Result<void> known = check_territory(territory); !known) {
            return fail(ErrorCode::kUsage, known.error().message);
        }
        asked.question.territories.push_back(territory);
    }
    asked.question = with_profile(std::move(asked.question), asked.profile);
    if (asked.question.uses.empty()) {
        return fail(ErrorCode::kUsage,
                    "say what is to be done with it: --use stream, for one (wm check --help has them all)");
    }
    return asked;
}

std::string describe_verdict(const std::string& file, const Verdict& verdict) {
    std::vector<std::string> answers;
    std::transform(verdict.answers.begin(), verdict.answers.end(), std::back_inserter(answers), answer_text);
    const bool is_allowed = verdict.decision <= Decision::kAllowWithTerms;
    std::string text = fmt::format("{}: {}\n", file, decision_text(verdict.decision));
    text += fmt::format("  why     {}\n", reasons_text(verdict));
    text += fmt::format("  found   {}\n", claims_text(verdict));
    text += fmt::format("  asked   {}\n", fmt::join(answers, "; "));
    text += is_allowed
                ? fmt::format("  duties  {}\n", obligations_text(verdict))
                : fmt::format("  more    wm explain {}\n", verdict.reasons.empty() ? "" : verdict.reasons.front().code);
    return printable(text + describe_signals(verdict.signals));
}

Document check_document(const std::string& file, const Result<Verdict>& verdict) {
    if (!verdict) {
        return {{"schema", "wm.check/1"},
                {"file", file},
                {"error", {{"code", name_of(verdict.error().code)}, {"message", verdict.error().message}}}};
    }
    Document document = {{"schema", "wm.check/1"}, {"file", file}, {"decision", name_of(verdict->decision)}};
    document.update(Document::parse(verdict_json(*verdict)));
    return document;
}

Document question_document(const Question& question) {
    Document uses = Document::array();
    for (const Use use : question.uses) {
        uses.push_back(name_of(use));
    }
    return {{"uses", uses}, {"territories", question.territories}, {"licensee", question.licensee}};
}

Document usage_document(const std::string& file, const Verdict& verdict) {
    Document claims = Document::array();
    for (const NamedClaim& claim : verdict.claims) {
        if (claim.found_by == "lineage") {
            continue; // what a use of the derived recording owes it is for the report to say
        }
        claims.push_back({{"claim", claim.claim_id}, {"subject", claim.subject}, {"isrc", claim.isrc}});
    }
    Document answers = Document::array();
    for (const Answer& answer : verdict.answers) {
        answers.push_back({{"use", name_of(answer.use)},
                           {"territory", answer.territory},
                           {"decision", name_of(answer.decision)},
                           {"licence", answer.licence_id}});
    }
    return {{"schema", "wm.usage/1"},
            {"id", new_uuid()},
            {"time", format_moment({verdict.question.time_s, false})},
            {"file", file},
            {"licensee", verdict.question.licensee},
            {"decision", name_of(verdict.decision)},
            {"claims", claims},
            {"answers", answers}};
}

} // namespace wm::cli
