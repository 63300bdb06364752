#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "passphrase.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm keygen label.key                        named "label", after the file
  wm keygen label.key --name "Label 2026"
  wm keygen label.key --passphrase           asks for a passphrase, twice
  wm keygen label.key --passphrase-file secret.txt

Keep a copy in a safe place: without the key its marks cannot be read, and whoever has it can forge and remove them.
A passphrase can also come from the environment variable WM_PASSPHRASE.)";

struct Arguments {
    std::string file;
    std::string name;
    bool ask_passphrase = false;
    std::string passphrase_file;
    bool json = false;
};

Result<void> generate(const Arguments& arguments) {
    const std::string stem = std::filesystem::path(arguments.file).stem().string();
    const std::string name = arguments.name.empty() ? stem : arguments.name;
    if (Result<void> valid = check_key_name(name); !valid) {
        return valid; // before anybody types a passphrase
    }
    std::string passphrase;
    // A passphrase that is there, be it in the environment, means that keys are to be protected.
    if (arguments.ask_passphrase || passphrase_is_prepared(arguments.passphrase_file)) {
        Result<std::string> given = new_passphrase(arguments.passphrase_file);
        if (!given) {
            return tl::unexpected(given.error());
        }
        passphrase = *std::move(given);
    }
    const Key key = Key::generate(name);
    if (Result<void> saved = key.save(arguments.file, passphrase); !saved) {
        return saved;
    }
    if (arguments.json) {
        print_document(keygen_document(arguments.file, key, !passphrase.empty()));
    } else {
        fmt::print("{}: key \"{}\", key id {}{}\n", arguments.file, key.name(), key.id(),
                   passphrase.empty() ? "" : ", protected by a passphrase");
    }
    return {};
}

ExitCode run(const Arguments& arguments) {
    Console console(false);
    const Result<void> done = generate(arguments);
    if (!done) {
        console.error(done.error().message);
        return exit_code_of(done.error());
    }
    return kDone;
}

} // namespace

Command add_keygen(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("keygen", "Make a new secret key");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    app->add_option("file", arguments->file, "The key file to write; never overwritten")->required()->type_name("FILE");
    app->add_option("--name", arguments->name, "Shown in reports (default: the file's name without .key)")
        ->type_name("TEXT");
    CLI::Option* ask = app->add_flag("--passphrase", arguments->ask_passphrase, "Protect the key by a passphrase");
    app->add_option("--passphrase-file", arguments->passphrase_file, "Protect it by the first line of this file")
        ->type_name("FILE")
        ->excludes(ask);
    app->add_flag("--json", arguments->json, "Print a JSON document");
    return {app, [arguments] { return run(*arguments); }};
}

} // namespace wm::cli
