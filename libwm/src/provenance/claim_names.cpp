#include "provenance/claim_fields.h"

namespace wm {

const NameTable<Use>& Names<Use>::table() {
    static const NameTable<Use> names = {
        {"distribute", Use::kDistribute},
        {"stream", Use::kStream},
        {"monetise", Use::kMonetise},
        {"derive", Use::kDerive},
        {"sync", Use::kSync},
        {"cawg.data_mining", Use::kDataMining},
        {"cawg.ai_inference", Use::kAiInference},
        {"cawg.ai_training", Use::kAiTraining},
        {"cawg.ai_generative_training", Use::kAiGenerativeTraining},
    };
    return names;
}

const NameTable<Choice>& Names<Choice>::table() {
    static const NameTable<Choice> names = {
        {"allowed", Choice::kAllowed}, {"constrained", Choice::kConstrained}, {"notAllowed", Choice::kNotAllowed}};
    return names;
}

const NameTable<AiShare>& Names<AiShare>::table() {
    static const NameTable<AiShare> names = {
        {"None", AiShare::kNone}, {"Partly", AiShare::kPartly}, {"All", AiShare::kAll}};
    return names;
}

const NameTable<Decision>& Names<Decision>::table() {
    static const NameTable<Decision> names = {{"allow", Decision::kAllow},
                                              {"allow_with_terms", Decision::kAllowWithTerms},
                                              {"unknown", Decision::kUnknown},
                                              {"review", Decision::kReview},
                                              {"block", Decision::kBlock}};
    return names;
}

const NameTable<ClaimStatus>& Names<ClaimStatus>::table() {
    static const NameTable<ClaimStatus> names = {{"active", ClaimStatus::kActive},
                                                 {"suspended", ClaimStatus::kSuspended},
                                                 {"disputed", ClaimStatus::kDisputed},
                                                 {"revoked", ClaimStatus::kRevoked}};
    return names;
}

const char* name_of(Use use) {
    return written_name(use).c_str();
}

const char* name_of(Decision decision) {
    return written_name(decision).c_str();
}

const char* name_of(ClaimStatus status) {
    return written_name(status).c_str();
}

bool is_ai_use(Use use) {
    return use >= Use::kDataMining;
}

Result<Use> parse_use(std::string_view name) {
    std::string_view bare = name;
    for (const std::string_view prefix : {"cawg.", "c2pa."}) {
        bare.remove_prefix(bare.starts_with(prefix) && bare.size() == name.size() ? prefix.size() : 0);
    }
    const bool has_prefix = bare.size() != name.size();
    for (const auto& [known, use] : Names<Use>::table()) {
        if (is_ai_use(use) ? known.substr(5) == bare : known == bare && !has_prefix) {
            return use;
        }
    }
    return fail(ErrorCode::kUsage,
                fmt::format("there is no use \"{}\": {}", name, suggest_name(name, all_names<Use>())));
}

} // namespace wm
