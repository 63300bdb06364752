#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "commands.h"
#include "sound_question.h"
#include "text.h"
#include "wm/id.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm trace leaked.mp3 --registry rights.db --key label.key
  wm trace leaked.mp3 --registry rights.db --key label.key --json

Says whose copy a recording is: the marks in it, where the sound is that of the marked recording, and who received the copies that bear
them. Nobody is named for a mark on other sound, or for an id that no copy has. Several recipients' copies in one file are named as
several; copies that were averaged mostly name nobody (docs/provenance.md).

Exit codes: 0 one recipient is named; 1 none is; 3 several are, or it cannot be told; 2 wrong usage or an error.)";

/// Averaged copies share the pilot of their key, and lose of the payload what their ids do not have in common: it shows 1.7 times the
/// pilot in one copy, 1.0 in the mean of two, and less in that of more.
constexpr double kMixedPayload = 1.3;
/// Only of readings so sure that chance does not make a payload look so weak.
constexpr double kSureReading = 1e-30;

/// A copy whose mark was found.
struct TracedCopy {
    MarkEvidence mark;
    std::string recipient; ///< empty: the recording as it was registered, which nobody else received
    const ClaimHistory* claim = nullptr;
};

struct Trace {
    std::string problem; ///< why it could not be told; empty when it could
    std::vector<TracedCopy> copies;
    std::vector<ClaimHistory> claims;
    std::size_t num_recipients = 0; ///< of the recordings that were found
    double false_accusation_bound = 0;
};

/// Whether the marks of the claim were found on the claim's own sound.
bool is_confirmed(const Verdict& verdict, const ClaimHistory& claim) {
    return std::any_of(verdict.claims.begin(), verdict.claims.end(), [&](const NamedClaim& named) {
        return named.subject == claim.id && named.found_by.starts_with("mark");
    });
}

void name_copies(const Evidence& evidence, const Verdict& verdict, Trace& trace) {
    for (const ClaimHistory& claim : trace.claims) {
        if (!claim.defect.empty() || !is_confirmed(verdict, claim)) {
            continue;
        }
        for (const MarkEvidence& mark : evidence.marks) {
            for (const Logged<CopyIssue>& copy : claim.copies) {
                if (copy.record.wm_id == mark.wm_id && mark.p_value <= Profile().max_mark_p_value) {
                    trace.copies.push_back({mark, copy.record.recipient, &claim});
                }
            }
            if (claim.head().record.wm_id == mark.wm_id && mark.p_value <= Profile().max_mark_p_value) {
                trace.copies.push_back({mark, "", &claim});
            }
        }
    }
}

/// Ids are 64 random bits, drawn without regard to any sound. So whatever a mark is wrongly read as, it is the id of one of R other copies
/// with a probability of at most R / 2^64; and of D marks read, of at most D times that.
Result<void> bound_accusations(const Registry& registry, const TreeHead& head, std::size_t num_marks, Trace& trace) {
    std::set<std::string> subjects;
    for (const TracedCopy& copy : trace.copies) {
        subjects.insert(copy.claim->id);
    }
    for (const std::string& subject : subjects) {
        const Result<ClaimHistory> whole = registry.whole_history(subject, head);
        if (!whole) {
            return tl::unexpected(whole.error());
        }
        trace.num_recipients += whole->copies.size();
    }
    trace.false_accusation_bound =
        std::ldexp(static_cast<double>(num_marks) * static_cast<double>(trace.num_recipients), -64);
    return {};
}

/// Why nothing can be said, if so.
std::string problem_of(const Evidence& evidence, const Verdict& verdict) {
    if (!evidence.unreadable.empty()) {
        return evidence.unreadable;
    }
    const auto doubt = std::find_if(verdict.reasons.begin(), verdict.reasons.end(), [](const Reason& reason) {
        return reason.code == "WM_UNCONFIRMED" || reason.code == "MARK_UNREGISTERED" || reason.code == "CLAIM_TAMPERED";
    });
    return doubt == verdict.reasons.end() ? "" : fmt::format("{}: {}", doubt->code, doubt->detail);
}

Result<Trace> trace_copies(SoundAnswer answer) {
    Trace trace;
    trace.claims = std::move(answer.judgement.claims);
    trace.problem = problem_of(answer.evidence, answer.judgement.verdict);
    name_copies(answer.evidence, answer.judgement.verdict, trace);
    return bound_accusations(answer.registry, answer.head, answer.evidence.marks.size(), trace).map([&] {
        return std::move(trace);
    });
}

/// Those who received the copies, each once.
std::set<std::string> recipients_of(const Trace& trace) {
    std::set<std::string> recipients;
    for (const TracedCopy& copy : trace.copies) {
        recipients.insert(copy.recipient);
    }
    recipients.erase("");
    return recipients;
}

/// Whether a copy's mark is one of several that were averaged, whoever had the others.
bool is_mixed(const TracedCopy& copy) {
    return copy.mark.p_value <= kSureReading && copy.mark.payload_to_pilot < kMixedPayload;
}

const char* outcome_of(const Trace& trace) {
    const std::set<std::string> recipients = recipients_of(trace);
    if (recipients.size() > 1 || std::any_of(trace.copies.begin(), trace.copies.end(), is_mixed)) {
        return "several";
    }
    if (!trace.problem.empty()) {
        return "inconclusive";
    }
    return recipients.empty() ? "none" : "one";
}

Document trace_document(const std::string& file, const Trace& trace) {
    Document copies = Document::array();
    for (const TracedCopy& copy : trace.copies) {
        const Claim& claim = copy.claim->head().record;
        copies.push_back({{"recipient", copy.recipient},
                          {"id", format_id(copy.mark.wm_id)},
                          {"claim", claim.claim_id},
                          {"title", claim.recording.title},
                          {"isrc", claim.recording.isrc},
                          {"start_s", copy.mark.start_s},
                          {"end_s", copy.mark.end_s},
                          {"p_value", copy.mark.p_value},
                          {"payload_to_pilot", copy.mark.payload_to_pilot},
                          {"is_mixed", is_mixed(copy)}});
    }
    return {{"schema", "wm.trace/1"},
            {"file", file},
            {"outcome", outcome_of(trace)},
            {"reason", trace.problem},
            {"copies", copies},
            {"num_recipients", trace.num_recipients},
            {"false_accusation_bound", trace.false_accusation_bound}};
}

std::string describe(const std::string& file, const Trace& trace) {
    std::string text = fmt::format("{}: {}\n", file, outcome_of(trace));
    for (const TracedCopy& copy : trace.copies) {
        const Recording& recording = copy.claim->head().record.recording;
        text += fmt::format("  {:.0f} to {:.0f} s: \"{}\" {}, {}\n", copy.mark.start_s, copy.mark.end_s,
                            recording.title, recording.isrc,
                            copy.recipient.empty() ? "as it was registered" : "the copy of " + copy.recipient);
        text += is_mixed(copy) ? "    averaged with other copies\n" : "";
    }
    if (!trace.problem.empty()) {
        text += fmt::format("  {}\n", trace.problem);
    }
    return trace.copies.empty()
               ? text
               : text + fmt::format("  the chance that it names somebody wrongly, among {}: at most {:.1e}\n",
                                    trace.num_recipients, trace.false_accusation_bound);
}

ExitCode run(const SoundQuestion& question) {
    Console console(question.quiet);
    const Result<Trace> trace = answer_by_sound(question, console).and_then(trace_copies);
    if (!trace) {
        console.error_about(question.file, trace.error().message);
        return exit_code_of(trace.error());
    }
    if (question.json) {
        print_document(trace_document(question.file, *trace));
    } else {
        console.result(printable(describe(question.file, *trace)));
    }
    const std::string_view outcome = outcome_of(*trace);
    return outcome == "one" ? kDone : outcome == "none" ? kNotFound : kRefused;
}

} // namespace

Command add_trace(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("trace", "Say whose copy a leaked recording is");
    const auto question = std::make_shared<SoundQuestion>();
    app->footer(kExamples);
    add_sound_question(*app, *question);
    return {app, [question] { return run(*question); }};
}

} // namespace wm::cli
