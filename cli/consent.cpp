#include <memory>

#include <fmt/format.h>

#include "claim_file.h"
#include "commands.h"
#include "rights.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm consent set USRC17607839 --registry rights.db ai_training=notAllowed --as label.id
  wm consent set USRC17607839 --registry rights.db ai_training=constrained ai_inference=allowed \
      --info https://label.example/ai --as label.id

The uses are data_mining, ai_inference, ai_training and ai_generative_training (with or without "cawg."); the choices allowed,
notAllowed and constrained, which asks for a licence. The claim's owner may choose, and so may a party that it names by its kid; of
several owners' choices the strictest holds.)";

struct Arguments {
    RightsArguments rights;
    std::vector<std::string> choices;
    std::string constraint_info;
};

Result<Consents> parse_choices(const Arguments& arguments) {
    Consents consents;
    for (const std::string& text : arguments.choices) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            return fail(ErrorCode::kUsage, fmt::format("\"{}\" is no choice: write a use, =, and what is chosen, as in "
                                                       "ai_training=notAllowed",
                                                       text));
        }
        const Result<Use> use = parse_use(text.substr(0, equals));
        const Result<Choice> choice = parse_choice(text.substr(equals + 1));
        if (!use || !choice) {
            return tl::unexpected(use ? choice.error() : use.error());
        }
        const bool is_constrained = *choice == Choice::kConstrained;
        if (!consents.emplace(*use, Consent{*choice, is_constrained ? arguments.constraint_info : ""}).second) {
            return fail(ErrorCode::kUsage, fmt::format("{} is chosen twice", name_of(*use)));
        }
    }
    return consents;
}

ExitCode run(const Arguments& arguments) {
    const Result<Consents> consents = parse_choices(arguments);
    if (!consents) {
        return report_failure(consents.error());
    }
    return publish_about(arguments.rights, [&](const ClaimHistory& claim) -> Result<Record> {
        return ConsentChange{claim.id, *consents, now()};
    });
}

} // namespace

Command add_consent(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("consent", "Choose what AI may do with a recording");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    CLI::App* set = app->add_subcommand("set", "Record a choice for some or all AI uses");
    add_recording_argument(*set, arguments->rights.recording);
    set->add_option("choices", arguments->choices, "USE=allowed, USE=notAllowed or USE=constrained")
        ->required()
        ->type_name("USE=CHOICE");
    add_registry_option(*set, arguments->rights.registry);
    add_identity_option(*set, arguments->rights.identity);
    set->add_option("--info", arguments->constraint_info, "Whom to ask, for what is constrained")->type_name("TEXT");
    set->add_flag("--json", arguments->rights.json, "Print a JSON document");
    return group(app, {{set, [arguments] { return run(*arguments); }}});
}

} // namespace wm::cli
