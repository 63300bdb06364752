#include "wm/statement.h"

#include <fmt/format.h>

#include "provenance/signed_document.h"

namespace wm {

Result<std::string> sign_statement(std::string_view json, const Identity& signer) {
    return parse_json(json).and_then([&](Json document) -> Result<std::string> {
        if (!document.is_object() || document.contains("sig")) {
            return fail(ErrorCode::kFormat, "it is no document that could be signed");
        }
        return canonical_json(sign_document(std::move(document), signer));
    });
}

Result<void> verify_statement(std::string_view text, const Party& party) {
    return parse_json(text).and_then(verify_document).and_then([&](const std::string& kid) -> Result<void> {
        if (kid != party.kid()) {
            return fail(ErrorCode::kNotPermitted,
                        fmt::format("it was signed by {}, and not by {} ({})", kid, party.name, party.kid()));
        }
        return {};
    });
}

} // namespace wm
