#pragma once

/// What `wm check` was asked, and how its verdicts read.

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "documents.h"
#include "wm/verdict.h"

namespace wm::cli {

/// The options that make up a question.
struct QuestionArguments {
    std::vector<std::string> uses;
    std::vector<std::string> territories;
    std::string licensee;
    std::string as_of;
    std::string profile;
};

void add_question_options(CLI::App& app, QuestionArguments& arguments);

/// A question with the profile that it is decided by.
struct AskedQuestion {
    Question question;
    Profile profile;
    std::optional<std::int64_t> as_of_s; ///< absent: now
};

/// The profile in a TOML file; the default one where no file is named. errors: kIo, kFormat
Result<Profile> read_profile(const std::string& path);

/// errors   kUsage (no use is named, unknown names or times), kIo and kFormat of the profile
Result<AskedQuestion> parse_question(const QuestionArguments& arguments);

/// A verdict in five lines for people, and one for each signal about the upload.
std::string describe_verdict(const std::string& file, const Verdict& verdict);

/// A verdict, or why there is none, as a document (docs/schemas/wm.check-1.json).
Document check_document(const std::string& file, const Result<Verdict>& verdict);

/// What a question is, without its time.
Document question_document(const Question& question);

/// A line of a usage log: what was asked about which claims, and the decision (docs/schemas/wm.usage-1.json).
Document usage_document(const std::string& file, const Verdict& verdict);

} // namespace wm::cli
