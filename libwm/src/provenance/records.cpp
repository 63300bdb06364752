#include "provenance/records.h"

#include <array>

#include "provenance/claim_fields.h"
#include "provenance/signed_document.h"
#include "provenance/toml_json.h"

namespace wm {
namespace {

/// In the order of Record's alternatives.
constexpr std::array<const char*, 6> kKinds = {"claim", "status", "consent", "licence", "revocation", "copy"};
static_assert(kKinds.size() == std::variant_size_v<Record>);

std::string schema_of(std::size_t kind) {
    return fmt::format("wm-{}/1", kKinds[kind]);
}

/// Takes the `schema` off a document. errors: kFormat unless it is `wanted`
Result<void> take_schema(Json& document, const std::string& wanted) {
    const auto schema = document.is_object() ? document.find("schema") : document.end();
    if (!document.is_object() || schema == document.end()) {
        return fail(ErrorCode::kFormat, fmt::format("schema: it is missing: write schema = \"{}\"", wanted));
    }
    if (*schema != wanted) {
        return fail(ErrorCode::kFormat,
                    fmt::format("schema: {} is not known to this program, which reads \"{}\"", schema->dump(), wanted));
    }
    document.erase("schema");
    return {};
}

Result<Claim> claim_from(Json document) {
    return take_schema(document, schema_of(0))
        .and_then([&] { return read_fields<Claim>(document); })
        .and_then(
            [](Claim claim) -> Result<Claim> { return check_claim(claim).map([&] { return std::move(claim); }); });
}

Result<void> check_record(const Record& record) {
    if (claim_id_of(record).empty()) {
        return fail(ErrorCode::kFormat, "claimId: it is missing");
    }
    if (const auto* claim = std::get_if<Claim>(&record)) {
        return claim->issued_at ? check_claim(*claim) : fail(ErrorCode::kFormat, "issuedAt: it is missing");
    }
    if (const auto* grant = std::get_if<LicenceGrant>(&record)) {
        return grant->licence.id.empty() ? fail(ErrorCode::kFormat, "licence.id: it is missing")
                                         : check_licence(grant->licence);
    }
    if (const auto* change = std::get_if<ConsentChange>(&record)) {
        for (const auto& [use, consent] : change->training_mining) {
            if (!is_ai_use(use)) {
                return fail(ErrorCode::kFormat,
                            fmt::format("trainingMining.{}: only the four cawg uses have consent, and "
                                        "the others licences",
                                        name_of(use)));
            }
        }
    }
    return {};
}

/// Reads the alternative number `kind` of Record.
template <std::size_t kIndex = 0>
Result<Record> read_kind(std::size_t kind, const Json& document) {
    if constexpr (kIndex < std::variant_size_v<Record>) {
        if (kind != kIndex) {
            return read_kind<kIndex + 1>(kind, document);
        }
        return read_fields<std::variant_alternative_t<kIndex, Record>>(document).map(
            [](auto fields) { return Record(std::move(fields)); });
    } else {
        return fail(ErrorCode::kInternal, "no such kind of record");
    }
}

Result<Record> record_from(Json document) {
    document.erase("sig");
    const std::string schema =
        document.value("schema", Json()).is_string() ? document["schema"].get<std::string>() : "";
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        if (schema == schema_of(kind)) {
            document.erase("schema");
            return read_kind(kind, document).and_then([](Record record) -> Result<Record> {
                return check_record(record).map([&] { return std::move(record); });
            });
        }
    }
    return fail(ErrorCode::kFormat, fmt::format("schema: \"{}\" is no record that this program knows", schema));
}

Json to_document(const Record& record) {
    Json document = std::visit([](const auto& fields) { return write_value(fields); }, record);
    document["schema"] = schema_of(record.index());
    return document;
}

} // namespace

const std::string& claim_id_of(const Record& record) {
    return std::visit([](const auto& fields) -> const std::string& { return fields.claim_id; }, record);
}

const char* kind_of(const Record& record) {
    return kKinds[record.index()];
}

Result<Claim> parse_claim_toml(std::string_view text) {
    return toml_to_json(text).and_then(claim_from);
}

Result<Claim> parse_claim_json(std::string_view text) {
    return parse_json(text).and_then(claim_from);
}

Result<SignedRecord> sign_record(const Record& record, const Identity& signer) {
    return check_record(record).and_then([&]() -> Result<SignedRecord> {
        SignedRecord result{record, signer.party().kid(), canonical_json(sign_document(to_document(record), signer))};
        if (result.text.size() > kMaxRecordSize) {
            return fail(ErrorCode::kFormat,
                        fmt::format("the record has {} bytes, and may have {}", result.text.size(), kMaxRecordSize));
        }
        return result;
    });
}

Result<SignedRecord> read_signed_record(std::string_view text) {
    if (text.size() > kMaxRecordSize) {
        return fail(ErrorCode::kFormat, fmt::format("the record has more than {} bytes", kMaxRecordSize));
    }
    const Result<Json> document = parse_json(text);
    const Result<std::string> kid = document.and_then(verify_document);
    if (!kid) {
        return tl::unexpected(kid.error());
    }
    return record_from(*document).map([&](Record record) {
        return SignedRecord{std::move(record), *kid, canonical_json(*document)};
    });
}

std::string describe_claim_json(const Claim& claim) {
    return to_document(claim).dump(2) + "\n";
}

} // namespace wm
