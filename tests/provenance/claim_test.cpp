#include "wm/claim.h"

#include "registries.h"

namespace wm {
namespace {

using namespace test;

const std::string kToml = R"(schema = "wm-claim/1"
[recording]
isrc = "USRC17607839"
title = "Night Train"
[ai]
containsAI = "None"
[trainingMining]
"cawg.ai_generative_training" = { use = "notAllowed" }
"cawg.ai_training" = { use = "constrained", constraint_info = "https://label.example/ai" }
[[parties]]
ref = "P1"
name = "A. Artist"
roles = ["MainArtist"]
[[rights]]
party = "P1"
sharePercent = 100
territories = ["Worldwide"]
)";

/// The claim with `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
    std::string text = kToml;
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
}

TEST(ClaimToml, IsReadAsALabelWritesIt) {
    const Claim claim = expect_value(parse_claim_toml(kToml));
    EXPECT_EQ(claim.recording.isrc, "USRC17607839");
    EXPECT_EQ(claim.ai.contains_ai, AiShare::kNone);
    EXPECT_EQ(claim.training_mining.at(Use::kAiTraining), (Consent{Choice::kConstrained, "https://label.example/ai"}));
    EXPECT_EQ(claim.parties.at(0).roles, std::vector<std::string>{"MainArtist"});
    EXPECT_EQ(claim.rights.at(0).territories.included, std::vector<std::string>{"Worldwide"});
    EXPECT_EQ(claim.status, ClaimStatus::kActive);
}

TEST(ClaimToml, NeedsOnlySchemaAndTitle) {
    EXPECT_TRUE(parse_claim_toml("schema = \"wm-claim/1\"\nrecording.title = \"x\""));
    expect_failure(parse_claim_toml("recording.title = \"x\""), ErrorCode::kFormat, {"schema", "wm-claim/1"});
    expect_failure(parse_claim_toml("schema = \"wm-claim/2\"\nrecording.title = \"x\""), ErrorCode::kFormat,
                   {"wm-claim/2", "not known"});
    expect_failure(parse_claim_toml("schema = \"wm-claim/1\"\n[recording]"), ErrorCode::kFormat,
                   {"recording.title", "missing"});
}

TEST(ClaimToml, TakesDatesWithAndWithoutQuotes) {
    const std::string dates =
        changed("territories =", "validFrom = 2026-01-01\nvalidTo = \"2026-12-31\"\nterritories =");
    EXPECT_EQ(expect_value(parse_claim_toml(dates)).rights.at(0).validity,
              (Period{*parse_moment("2026-01-01"), *parse_moment("2026-12-31")}));
    EXPECT_TRUE(parse_claim_toml(changed("territories =", "validFrom = 2026-01-01T00:00:00Z\nterritories =")));
}

TEST(ClaimToml, NamesTheFieldThatIsWrongAndTheOneThatIsMeant) {
    const auto expect = [](const std::string& text, std::initializer_list<std::string_view> words) {
        expect_failure(parse_claim_toml(text), ErrorCode::kFormat, words);
    };
    expect(changed("isrc", "irsc"), {"recording.irsc", "did you mean \"isrc\"?"});
    expect(changed("containsAI", "containsAi"), {"ai.containsAi", "did you mean \"containsAI\"?"});
    expect(changed("[ai]", "[aii]"), {"aii", "did you mean \"ai\"?"});
    expect(changed("sharePercent", "zzzzzzzzzzzzzzzzz"), {"rights[0].zzzz", "known are party, rightsType"});
    expect(changed("\"None\"", "\"Nones\""), {"ai.containsAI", "\"Nones\"", "did you mean \"None\"?"});
    expect(changed("cawg.ai_training\"", "cawg.ai_trainings\""),
           {"trainingMining.cawg.ai_trainings", "cawg.ai_training"});
    expect(changed("notAllowed", "forbidden"), {"use", "forbidden", "notAllowed"});
    expect(changed("USRC17607839", "USRC1760783"), {"recording.isrc", "11 characters"});
    expect(changed("= 100", "= 101"), {"rights[0].sharePercent", "101"});
    expect(changed("= 100", "= \"100\""), {"rights[0].sharePercent", "a number"});
    expect(changed("\"Worldwide\"", "\"UK\""), {"rights[0].territories", "UK"});
    expect(changed("[\"Worldwide\"]", "[]"), {"rights[0].territories", "at least one"});
    expect(changed("party = \"P1\"", "party = \"P2\""), {"rights[0].party", "P2"});
    expect(changed("name = ", "name = \"x\"\nname = "), {"line 13"});
    expect(changed("\"Night Train\"", "\"\""), {"recording.title", "empty"});
    expect(changed("territories =", "validFrom = 2026-02-01\nvalidTo = 2026-01-01\nterritories ="),
           {"rights[0]", "before it begins"});
    expect(changed("name = \"A. Artist\"", "name = \"A. Artist\"\nisni = \"0000000081266408\""),
           {"parties[0].isni", "check digit"});
    expect("schema = \"wm-claim/1\"\n= 3", {"line 2"});
}

TEST(ClaimToml, AddsSharesUp) {
    const std::string second = "[[parties]]\nref = \"P2\"\nname = \"B\"\n[[rights]]\nparty = \"P2\"\n";
    const auto with = [&](const std::string& row) { return changed("= 100", "= 60") + second + row; };
    EXPECT_TRUE(parse_claim_toml(with("sharePercent = 40\nterritories = [\"Worldwide\"]")));
    expect_failure(parse_claim_toml(with("sharePercent = 41\nterritories = [\"FR\"]")), ErrorCode::kFormat,
                   {"rights", "101 % in FR"});
    expect_failure(
        parse_claim_toml(with("sharePercent = 41\nterritories = [\"Worldwide\"]\nexcludedTerritories = [\"FR\"]")),
        ErrorCode::kFormat, {"101 % worldwide"});
    EXPECT_TRUE(parse_claim_toml(with("sharePercent = 41\nrightsType = \"Publishing\"\nterritories = [\"FR\"]")));
    const std::string dated = changed("= 100", "= 60\nvalidTo = 2026-06-30") + second;
    EXPECT_TRUE(parse_claim_toml(dated + "sharePercent = 90\nvalidFrom = 2026-07-01\nterritories = [\"FR\"]"));
    expect_failure(parse_claim_toml(dated + "sharePercent = 90\nvalidFrom = 2026-06-30\nterritories = [\"FR\"]"),
                   ErrorCode::kFormat, {"150 % in FR"});
}

TEST(ClaimToml, RefusesRowsOfOnePartyThatOverlap) {
    const std::string row = "[[rights]]\nparty = \"P1\"\nsharePercent = 10\nterritories = [\"FR\"]\n";
    expect_failure(parse_claim_toml(changed("= 100", "= 60") + row), ErrorCode::kFormat,
                   {"rights[1]", "overlap", "rights[0]"});
    EXPECT_TRUE(parse_claim_toml(changed("[\"Worldwide\"]", "[\"DE\"]") + row));
}

TEST(ClaimJson, IsTheSameClaim) {
    const Claim claim = expect_value(parse_claim_toml(kToml));
    EXPECT_EQ(expect_value(parse_claim_json(describe_claim_json(claim))), claim);
}

TEST(SignedRecord, IsReadBackAsItWasSigned) {
    const Identity signer = new_identity("Label");
    Claim claim = expect_value(parse_claim_toml(kToml));
    claim.claim_id = new_uuid();
    claim.wm_id = 0x8000000000000001;
    claim.issued_at = now();
    claim.licences = {new_licence("dpid:A", {Use::kStream, Use::kAiTraining})};
    const Record records[] = {claim,
                              status_change(claim, ClaimStatus::kDisputed),
                              ConsentChange{claim.claim_id, claim.training_mining, now()},
                              LicenceGrant{claim.claim_id, claim.licences[0], now()},
                              LicenceRevocation{claim.claim_id, claim.licences[0].id, "not paid", now()},
                              CopyIssue{claim.claim_id, ~std::uint64_t{0}, "Radio \"1\"", now()}};
    for (const Record& record : records) {
        const SignedRecord signed_record = expect_value(sign_record(record, signer));
        const SignedRecord read = expect_value(read_signed_record(signed_record.text));
        EXPECT_EQ(read.record, record);
        EXPECT_EQ(read.kid, signer.party().kid());
        EXPECT_EQ(read.text, signed_record.text);
    }
}

TEST(SignedRecord, IsCheckedBeforeItIsSigned) {
    const Identity signer = new_identity("Label");
    Claim claim = new_claim();
    claim.recording.isrc = "nonsense";
    expect_failure(sign_record(claim, signer), ErrorCode::kFormat, {"recording.isrc"});
    expect_failure(sign_record(LicenceGrant{"id", {}, now()}, signer), ErrorCode::kFormat, {"licence.id"});
    expect_failure(sign_record(ConsentChange{"id", {{Use::kStream, {}}}, now()}, signer), ErrorCode::kFormat,
                   {"stream"});
    expect_failure(sign_record(StatusChange{"", ClaimStatus::kActive, "", now()}, signer), ErrorCode::kFormat,
                   {"claimId"});
}

} // namespace
} // namespace wm
