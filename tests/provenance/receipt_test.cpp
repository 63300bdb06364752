#include "wm/receipt.h"

#include "histories.h"

namespace wm {
namespace {

using namespace test;

/// A receipt about a registered recording, and who signed it.
struct ReceiptCase : RegistryCase {
    Identity platform = new_identity("Platform");
    Receipt receipt;

    ReceiptCase() {
        Claim claim = claim_named(new_uuid());
        claim.training_mining[Use::kAiTraining] = {Choice::kAllowed, ""};
        const Entry entry = expect_value(publish(claim));
        EXPECT_TRUE(publish(new_claim("GBAYE0000351")));
        receipt.file = "upload.mp3";
        receipt.verdict = decide(evidence_of({whole_mark()}, {whole_match(claim.claim_id)}), find_isrc(),
                                 ask({Use::kAiTraining, Use::kStream}));
        receipt.verdict.registry = head();
        receipt.proofs = {expect_value(registry.prove_inclusion(entry.index, head()))};
        receipt.issued_at = now();
    }
};

TEST(Receipt, IsVerifiedWithNothingButThePublicKey) {
    const ReceiptCase c;
    const std::string text = sign_receipt(c.receipt, c.platform);
    const Receipt read = expect_value(verify_receipt(text, c.platform.party()));
    EXPECT_EQ(read.file, "upload.mp3");
    EXPECT_EQ(verdict_json(read.verdict), verdict_json(c.receipt.verdict));
    EXPECT_EQ(read.verdict.decision, Decision::kBlock);
    EXPECT_EQ(read.verdict.answers.at(0).decision, Decision::kAllow);
}

TEST(Receipt, IsNobodyElses) {
    const ReceiptCase c;
    expect_failure(verify_receipt(sign_receipt(c.receipt, c.other), c.platform.party()), ErrorCode::kNotPermitted,
                   {"Platform", c.other.party().kid()});
}

TEST(Receipt, CannotBeChanged) {
    const ReceiptCase c;
    std::string text = sign_receipt(c.receipt, c.platform);
    text.replace(text.find("\"decision\":\"block\""), 18, "\"decision\":\"allow\"");
    expect_failure(verify_receipt(text, c.platform.party()), ErrorCode::kFormat, {"signature"});
    expect_failure(verify_receipt("{}", c.platform.party()), ErrorCode::kFormat, {"not signed"});
    expect_failure(verify_receipt("not json", c.platform.party()), ErrorCode::kFormat, {"JSON"});
}

TEST(Receipt, MustProveItsClaims) {
    ReceiptCase c;
    const std::vector<InclusionProof> proofs = c.receipt.proofs;
    c.receipt.proofs.clear();
    expect_failure(verify_receipt(sign_receipt(c.receipt, c.platform), c.platform.party()), ErrorCode::kFormat,
                   {"does not prove", c.receipt.verdict.claims.at(0).claim_id});
    c.receipt.proofs = proofs;
    c.receipt.verdict.registry.root[0] = c.receipt.verdict.registry.root[0] == '0' ? '1' : '0';
    expect_failure(verify_receipt(sign_receipt(c.receipt, c.platform), c.platform.party()), ErrorCode::kFormat,
                   {"does not prove"});
}

} // namespace
} // namespace wm
