/// The parsers of claims (TOML and JSON), of signed records, profiles and receipts. A claim that is read is written as JSON that reads
/// as the same claim; what is canonical stays as it is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provenance/canonical_json.h"
#include "wm/claim.h"
#include "wm/receipt.h"
#include "wm/verdict.h"

namespace {

void expect(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_claim_reading(const wm::Result<wm::Claim>& claim) {
    if (claim) {
        const wm::Result<wm::Claim> again = wm::parse_claim_json(wm::describe_claim_json(*claim));
        expect(again && *again == *claim);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    check_claim_reading(wm::parse_claim_toml(text));
    check_claim_reading(wm::parse_claim_json(text));
    static_cast<void>(wm::parse_profile_toml(text));
    static_cast<void>(wm::verify_receipt(text, wm::Party{}));
    expect(!wm::read_signed_record(text) || text.find("\"sig\"") != std::string_view::npos);
    if (const wm::Result<wm::Json> json = wm::parse_json(text)) {
        const std::string canonical = wm::canonical_json(*json);
        const wm::Result<wm::Json> again = wm::parse_json(canonical);
        expect(again && wm::canonical_json(*again) == canonical);
    }
    return 0;
}
