#include "sound_question.h"

#include <utility>

#include "check_question.h"
#include "options.h"
#include "passphrase.h"
#include "rights.h"

namespace wm::cli {

void add_sound_question(CLI::App& app, SoundQuestion& question) {
    app.add_option("file", question.file, "A recording, in any format that can be read; - is standard input")
        ->required()
        ->type_name("FILE");
    add_registry_option(app, question.registry);
    add_key_options(app, question.keys, question.passphrase_file);
    add_output_options(app, question.json, question.quiet);
}

Result<SoundAnswer> answer_by_sound(const SoundQuestion& question, Console& console) {
    const Result<std::vector<Key>> keys = load_keys(question.keys, question.passphrase_file, console);
    Result<Registry> registry =
        keys ? Registry::open(question.registry, Registry::Mode::kRead) : tl::unexpected(keys.error());
    const Result<TreeHead> head = registry ? registry->head() : tl::unexpected(registry.error());
    Result<Evidence> evidence =
        head ? gather_evidence(question.file, {*keys, index_path_of(question.registry), false}, console.progress_of(0))
             : tl::unexpected(head.error());
    const AskedQuestion nothing = {{{}, {}, "", now().unix_s, false}, {}, {}};
    return evidence.and_then([&](Evidence& found) {
        return judge(*registry, found, *head, nothing).map([&](Judgement judgement) {
            return SoundAnswer{std::move(*registry), *head, std::move(found), std::move(judgement)};
        });
    });
}

} // namespace wm::cli
