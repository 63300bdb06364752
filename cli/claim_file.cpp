#include "claim_file.h"

#include <array>

#include <fmt/format.h>

#include "text_file.h"

namespace wm::cli {

Result<Claim> read_claim_file(const std::string& path) {
    return read_text_file(path)
        .and_then([&](const std::string& text) {
            return path.ends_with(".json") ? parse_claim_json(text) : parse_claim_toml(text);
        })
        .map_error([&](const Error& error) { return in_file(path, error); });
}

Claim complete_claim(Claim claim) {
    claim.claim_id = new_uuid();
    claim.issued_at = now();
    for (Licence& licence : claim.licences) {
        if (licence.id.empty()) {
            licence.id = new_uuid();
        }
    }
    return claim;
}

Result<Choice> parse_choice(const std::string& name) {
    if (name == "allowed") {
        return Choice::kAllowed;
    }
    if (name == "notAllowed") {
        return Choice::kNotAllowed;
    }
    if (name == "constrained") {
        return Choice::kConstrained;
    }
    return fail(ErrorCode::kUsage, fmt::format("\"{}\" is no choice: write allowed, notAllowed or constrained", name));
}

Result<void> set_contains_ai(Claim& claim, const std::string& text) {
    if (text.empty()) {
        return {};
    }
    constexpr std::array<std::pair<std::string_view, AiShare>, 3> kShares = {
        {{"None", AiShare::kNone}, {"Partly", AiShare::kPartly}, {"All", AiShare::kAll}}};
    for (const auto& [name, share] : kShares) {
        if (name == text) {
            claim.ai.contains_ai = share;
            return {};
        }
    }
    return fail(ErrorCode::kUsage, fmt::format("\"{}\" does not say what AI did: write None, Partly or All", text));
}

} // namespace wm::cli
