#include "rights.h"

#include <algorithm>

#include <fmt/format.h>

#include "text.h"

namespace wm::cli {
namespace {

const char* kind_name(const Record& record) {
    constexpr const char* kNames[] = {"claim", "status", "consent", "licence", "revocation", "copy"};
    return kNames[record.index()];
}

std::string describe(const Entry& entry) {
    return fmt::format("entry {}: {} published, about claim {}\n", entry.index, kind_name(entry.record.record),
                       entry.subject);
}

} // namespace

void add_registry_option(CLI::App& app, std::string& registry) {
    app.add_option("--registry,-r", registry, "The registry")->required()->type_name("FILE");
}

void add_identity_option(CLI::App& app, std::string& identity) {
    app.add_option("--as", identity, "Who signs: an identity (.id)")->required()->type_name("FILE");
}

void add_recording_argument(CLI::App& app, std::string& recording) {
    app.add_option("recording", recording, "An ISRC, or a claim's id")->required()->type_name("ISRC");
}

Result<std::vector<ClaimHistory>> find_claims(const Registry& registry, const std::string& recording,
                                              const TreeHead& head) {
    ClaimQuery query;
    (check_isrc(recording) ? query.isrc : query.claim_id) = recording;
    return registry.find(query, head);
}

Result<ClaimHistory> find_claim(const Registry& registry, const std::string& recording, const std::string& kid) {
    return registry.head()
        .and_then([&](const TreeHead& head) { return find_claims(registry, recording, head); })
        .and_then([&](std::vector<ClaimHistory> claims) -> Result<ClaimHistory> {
            const auto counts = [&](const ClaimHistory& claim) {
                return claim.defect.empty() && claim.owner_kid() == kid && claim.status() != ClaimStatus::kRevoked;
            };
            const auto own = std::find_if(claims.begin(), claims.end(), counts);
            if (own != claims.end()) {
                return std::move(*own);
            }
            if (claims.empty()) {
                return fail(ErrorCode::kUsage,
                            fmt::format("nothing is registered as {}: give an ISRC or a claim's id", recording));
            }
            if (claims.size() > 1) {
                std::vector<std::string> ids;
                for (const ClaimHistory& claim : claims) {
                    ids.push_back(claim.claim_id());
                }
                return fail(ErrorCode::kUsage,
                            fmt::format("there are {} claims on {}, and none is this signer's: name one by its "
                                        "id ({})",
                                        claims.size(), recording, fmt::join(ids, ", ")));
            }
            if (!claims.front().defect.empty()) {
                return fail(ErrorCode::kFormat, claims.front().defect);
            }
            return std::move(claims.front());
        });
}

ExitCode publish_about(const RightsArguments& arguments,
                       const std::function<Result<Record>(const ClaimHistory& claim)>& make) {
    const Result<Identity> signer = Identity::load(arguments.identity);
    if (!signer) {
        return report_failure(signer.error());
    }
    Result<Registry> registry = Registry::open(arguments.registry, Registry::Mode::kWrite);
    if (!registry) {
        return report_failure(registry.error());
    }
    const Result<Entry> entry = find_claim(*registry, arguments.recording, signer->party().kid())
                                    .and_then(make)
                                    .and_then([&](const Record& record) { return sign_record(record, *signer); })
                                    .and_then([&](const SignedRecord& record) { return registry->publish(record); });
    const Result<TreeHead> head = entry ? registry->head() : tl::unexpected(entry.error());
    if (!head) {
        return report_failure(head.error());
    }
    if (arguments.json) {
        print_document(published_document(*entry, *head));
    } else {
        fmt::print("{}", printable(describe(*entry)));
    }
    return kDone;
}

Document published_document(const Entry& entry, const TreeHead& head) {
    return {
        {"schema", "wm.published/1"},
        {"entry", entry.index},
        {"time", format_moment({entry.time_ms / 1000, false})},
        {"kind", kind_name(entry.record.record)},
        {"claim", entry.subject},
        {"record", Document::parse(entry.record.text)},
        {"registry", {{"size", head.size}, {"root", head.root}}},
    };
}

ExitCode report_failure(const Error& error) {
    Console console(false);
    console.error(error.message);
    return exit_code_of(error);
}

Result<std::optional<std::int64_t>> parse_as_of(const std::string& text) {
    if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    return parse_moment(text)
        .map([](const Moment& moment) { return std::optional(moment.unix_s); })
        .map_error([](const Error& error) {
            return Error{ErrorCode::kUsage, "--as-of: " + error.message};
        });
}

} // namespace wm::cli
