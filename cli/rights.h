#pragma once

/// What the commands around the registry share: its options, opening it, finding the claim that is meant, publishing.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "console.h"
#include "documents.h"
#include "exit_code.h"
#include "text_file.h"
#include "wm/registry.h"

namespace wm::cli {

/// The options of a command that publishes a record.
struct RightsArguments {
    std::string recording; ///< an ISRC, or a claim's id
    std::string registry;
    std::string identity;
    std::string reason;
    bool json = false;
};

void add_registry_option(CLI::App& app, std::string& registry);
void add_identity_option(CLI::App& app, std::string& identity);
void add_recording_argument(CLI::App& app, std::string& recording);

/// The claims on a recording at a log's head. errors: as Registry::find()
Result<std::vector<ClaimHistory>> find_claims(const Registry& registry, const std::string& recording,
                                              const TreeHead& head);

/// The one claim on the recording that `kid` owns, or else the only one there is.
/// errors   kUsage: none, or several of which none is the signer's
Result<ClaimHistory> find_claim(const Registry& registry, const std::string& recording, const std::string& kid);

/// Signs and publishes a record about the recording's claim, and prints what came of it.
/// make   the record, of the claim and of the arguments
ExitCode publish_about(const RightsArguments& arguments,
                       const std::function<Result<Record>(const ClaimHistory& claim)>& make);

/// Where a record was published (docs/schemas/wm.published-1.json).
Document published_document(const Entry& entry, const TreeHead& head);

/// Prints an error and gives its exit code.
ExitCode report_failure(const Error& error);

/// A time of day or date from the command line, else this second. errors: kUsage
Result<std::optional<std::int64_t>> parse_as_of(const std::string& text);

} // namespace wm::cli
