#include "wm/receipt.h"

#include <algorithm>

#include "provenance/signed_document.h"
#include "provenance/verdict_fields.h"

namespace wm {

template <>
struct Fields<InclusionProof> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        std::int64_t index = static_cast<std::int64_t>(self.index);
        a.required("entry", index);
        if constexpr (!std::is_const_v<Self>) {
            self.index = static_cast<std::uint64_t>(index);
        }
        a.required("leaf", self.leaf);
        a("path", self.path);
    }
};

template <>
struct Fields<Receipt> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("file", self.file);
        a("sha256", self.file_hash);
        a.required("verdict", self.verdict);
        a("proofs", self.proofs);
        a.required("issuedAt", self.issued_at);
    }
};

namespace {

constexpr const char* kSchema = "wm-receipt/1";

/// Takes the `schema` off an object. errors: kFormat unless it is `wanted`
Result<void> take_schema(Json& document, const char* wanted) {
    if (!document.is_object() || document.value("schema", Json()) != wanted) {
        return fail(ErrorCode::kFormat, fmt::format("its schema is not {}", wanted));
    }
    document.erase("schema");
    return {};
}

Result<void> check_proofs(const Receipt& receipt) {
    for (const NamedClaim& claim : receipt.verdict.claims) {
        const bool is_proved =
            std::any_of(receipt.proofs.begin(), receipt.proofs.end(), [&](const InclusionProof& proof) {
                return proof.index == claim.index && verify_inclusion(proof, receipt.verdict.registry);
            });
        if (!is_proved) {
            return fail(ErrorCode::kFormat,
                        fmt::format("the receipt does not prove that claim {} was in the registry", claim.claim_id));
        }
    }
    return {};
}

} // namespace

std::string sign_receipt(const Receipt& receipt, const Identity& signer) {
    Json document = write_value(receipt);
    document["schema"] = kSchema;
    document["verdict"] = verdict_document(receipt.verdict);
    return canonical_json(sign_document(std::move(document), signer));
}

Result<Receipt> verify_receipt(std::string_view text, const Party& party) {
    const Result<Json> document = parse_json(text);
    const Result<std::string> kid = document.and_then(verify_document);
    if (!kid) {
        return tl::unexpected(kid.error());
    }
    if (*kid != party.kid()) {
        return fail(ErrorCode::kNotPermitted,
                    fmt::format("the receipt was signed by {}, and not by {} ({})", *kid, party.name, party.kid()));
    }
    Json fields = *document;
    fields.erase("sig");
    return take_schema(fields, kSchema)
        .and_then([&] { return take_schema(fields["verdict"], kVerdictSchema); })
        .and_then([&] { return read_fields<Receipt>(fields); })
        .and_then([](Receipt receipt) -> Result<Receipt> {
            return check_proofs(receipt).map([&] { return std::move(receipt); });
        });
}

} // namespace wm
