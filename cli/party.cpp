#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "commands.h"
#include "rights.h"
#include "text.h"
#include "wm/party.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm party new "Label" --out label.id        writes label.id (secret) and label.pub (to give away)
  wm party show label.pub

Keep label.id in a safe place: who has it can sign claims, licences and receipts in this name. A party is known by its kid, its
public key; the name beside it is for people, and is worth what you know of who gave you the file.)";

struct Arguments {
    std::string name;
    std::string file;
    bool json = false;
};

void print_party(const Arguments& arguments, const Party& party) {
    if (arguments.json) {
        print_document(
            {{"schema", "wm.party/1"}, {"file", arguments.file}, {"name", party.name}, {"kid", party.kid()}});
    } else {
        fmt::print("{}", printable(fmt::format("{}: party \"{}\", kid {}\n", arguments.file, party.name, party.kid())));
    }
}

ExitCode make_party(const Arguments& arguments) {
    const std::filesystem::path path = arguments.file;
    const std::string public_path = std::filesystem::path(path).replace_extension(".pub").string();
    const Result<Identity> identity =
        public_path == arguments.file
            ? Result<Identity>(
                  fail(ErrorCode::kUsage, "--out names the secret file, and .pub is the public one's ending: use .id"))
            : Identity::generate(arguments.name);
    if (!identity) {
        return report_failure(identity.error());
    }
    if (const Result<void> saved = identity->party().save(public_path); !saved) {
        return report_failure(saved.error());
    }
    if (const Result<void> saved = identity->save(arguments.file); !saved) {
        unlink(public_path.c_str()); // a public file without its secret would be taken for somebody's
        return report_failure(saved.error());
    }
    print_party(arguments, identity->party());
    return kDone;
}

ExitCode show_party(const Arguments& arguments) {
    Result<Party> party = Party::load(arguments.file);
    if (!party) {
        const Result<Identity> identity = Identity::load(arguments.file);
        if (!identity) {
            return report_failure(party.error());
        }
        party = identity->party();
    }
    print_party(arguments, *party);
    return kDone;
}

} // namespace

Command add_party(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("party", "Make and show the identities that sign");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);

    CLI::App* make = app->add_subcommand("new", "Make an identity: a secret .id and a public .pub file");
    make->add_option("name", arguments->name, "Shown in reports")->required()->type_name("NAME");
    make->add_option("--out,-o", arguments->file, "The secret file to write; never overwritten")
        ->required()
        ->type_name("FILE");
    make->add_flag("--json", arguments->json, "Print a JSON document");

    CLI::App* show = app->add_subcommand("show", "Show an identity's name and kid");
    show->add_option("file", arguments->file, "A .pub or .id file")->required()->type_name("FILE");
    show->add_flag("--json", arguments->json, "Print a JSON document");
    return group(app, {{make, [arguments] { return make_party(*arguments); }},
                       {show, [arguments] { return show_party(*arguments); }}});
}

} // namespace wm::cli
