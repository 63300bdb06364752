#pragma once

/// Registering one recording: claim, mark, fingerprint, publication.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "line_log.h"
#include "wm/registry.h"
#include "wm/watermark.h"

namespace wm::cli {

/// What is to be registered, and how it goes out.
struct RegisterTask {
    std::string input;     ///< the recording; empty registers the claim alone
    std::string output;    ///< inside the output folder
    Claim claim;           ///< as the label wrote it
    std::string recipient; ///< whose copy it is; empty: the marked recording itself
};

/// What came of it.
struct Registered {
    std::string claim_id; ///< of the claim's first record
    std::uint64_t entry = 0;
    std::uint64_t wm_id = 0;
    std::string output;
    std::vector<std::string> warnings;
    bool was_there = false; ///< an earlier run did it
};

/// One run's registry, signer, key and output folder.
///
/// threads  any, for register_one()
class Registrar {
public:
    struct Options {
        std::string registry;
        std::string out_dir;
        bool resume = false; ///< skip what the journal says is done
        EmbedOptions embed;
    };

    /// Opens the registry, which finishes or undoes what killed runs left, and takes the output folder's journal.
    /// key   may be null when no recording is marked
    static Result<std::unique_ptr<Registrar>> open(Options options, Identity signer, const Key* key);

    ~Registrar();
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    /// errors   as embed_file(), Registry::publish_with_file(); on failure nothing stands under the output's name
    Result<Registered> register_one(const RegisterTask& task, const Progress& progress);

    /// The document of a registration, a failure included (docs/schemas/wm.register-1.json).
    Document document(const RegisterTask& task, const Result<Registered>& result) const;

private:
    Registrar(Options options, Identity signer, const Key* key)
        : options_(std::move(options)), signer_(std::move(signer)), key_(key) {}

    Result<Registered> register_claim(const Claim& claim);
    Result<Registered> register_recording(const RegisterTask& task, const Progress& progress);
    Result<Registered> publish_marked(const RegisterTask& task, const std::optional<ClaimHistory>& own,
                                      const std::string& pending, const EmbedReport& report);
    Result<std::optional<ClaimHistory>> own_claim(const Registry& registry, const std::string& isrc) const;
    Document task_document(const RegisterTask& task) const;

    Options options_;
    Identity signer_;
    const Key* key_;
    std::unique_ptr<LineLog> journal_;
    std::map<std::string, Document> earlier_; // results, by task
};

} // namespace wm::cli
