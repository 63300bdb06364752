/// One suite over every store: the same calls give the same entries, proofs and histories.

#include "memory_registry_store.h"
#include "provenance/log_entries.h"
#include "provenance/registrations.h"
#include "registries.h"

namespace wm {
namespace {

using test::expect_value;

struct OpenRegistryStore {
    test::TemporaryFolder folder;
    std::unique_ptr<RegistryStore> store;
};

std::unique_ptr<OpenRegistryStore> open_sqlite() {
    auto open = std::make_unique<OpenRegistryStore>();
    open->store = expect_value(open_registry_store("sqlite:" + open->folder / "x.db", StoreMode::kCreate));
    return open;
}

std::unique_ptr<OpenRegistryStore> open_memory() {
    auto open = std::make_unique<OpenRegistryStore>();
    open->store = std::make_unique<test::MemoryRegistryStore>();
    return open;
}

class EachRegistryStore : public testing::TestWithParam<std::unique_ptr<OpenRegistryStore> (*)()> {
protected:
    /// Entry number `index`, which was appended at 1000 * index ms, under a key that all of its parity share.
    NewEntry entry_at(std::uint64_t index) {
        NewEntry added;
        added.entry = {index, static_cast<std::int64_t>(1000 * index), "subject", "text " + std::to_string(index)};
        added.keys = {{KeyKind::kIsrc, index % 2 == 0 ? "even" : "odd"}};
        added.nodes = expect_value(nodes_completed_by(index, leaf_of(added.entry), nodes_of(store_)));
        return added;
    }

    void append(std::uint64_t count) {
        for (std::uint64_t index = 0; index < count; ++index) {
            const NewEntry added = entry_at(index);
            ASSERT_TRUE(expect_value(store_.append({&added, 1}, std::nullopt)));
        }
    }

    std::vector<std::uint64_t> found(const LookupKey& key, std::uint64_t end) {
        std::vector<std::uint64_t> indices;
        for (const LogEntry& entry : expect_value(store_.find(key, end))) {
            EXPECT_EQ(entry.text, "text " + std::to_string(entry.index));
            indices.push_back(entry.index);
        }
        return indices;
    }

    std::unique_ptr<OpenRegistryStore> open_ = GetParam()();
    RegistryStore& store_ = *open_->store;
    Identity signer_ = test::new_identity("Label");
};

TEST_P(EachRegistryStore, GivesBackWhatWasAppendedInItsOrder) {
    EXPECT_EQ(expect_value(store_.size()), 0U);
    append(7);
    EXPECT_EQ(expect_value(store_.size()), 7U);
    EXPECT_EQ(expect_value(store_.read(3))->text, "text 3");
    EXPECT_FALSE(expect_value(store_.read(7)));
    std::vector<std::uint64_t> seen;
    ASSERT_TRUE(store_.scan(2, [&](const LogEntry& entry) {
        seen.push_back(entry.index);
        return entry.index < 5;
    }));
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{2, 3, 4, 5}));
}

TEST_P(EachRegistryStore, FindsByKeyAmongTheFirst) {
    append(7);
    EXPECT_EQ(found({KeyKind::kIsrc, "odd"}, 7), (std::vector<std::uint64_t>{1, 3, 5}));
    EXPECT_EQ(found({KeyKind::kIsrc, "odd"}, 5), (std::vector<std::uint64_t>{1, 3}));
    EXPECT_TRUE(found({KeyKind::kClaimId, "odd"}, 7).empty());
    EXPECT_TRUE(expect_value(store_.has_key({KeyKind::kIsrc, "even"}, 6)));
    EXPECT_FALSE(expect_value(store_.has_key({KeyKind::kIsrc, "even"}, 5)));
    EXPECT_EQ(expect_value(store_.num_keys()), 7U);
}

TEST_P(EachRegistryStore, KnowsHowLongItWasAtAnyTime) {
    append(4);
    for (const auto& [time_ms, size] : {std::pair(-1, 0U), {0, 1U}, {999, 1U}, {1000, 2U}, {100'000, 4U}}) {
        EXPECT_EQ(expect_value(store_.size_at(time_ms)), size) << time_ms;
    }
}

TEST_P(EachRegistryStore, TakesNothingThatDoesNotFollow) {
    append(3);
    const std::int64_t intent = expect_value(store_.add_intent("an intent"));
    const NewEntry late[] = {entry_at(2), entry_at(3)};
    EXPECT_FALSE(expect_value(store_.append(late, intent)));
    EXPECT_EQ(expect_value(store_.size()), 3U);
    EXPECT_EQ(expect_value(store_.num_keys()), 3U);
    EXPECT_EQ(expect_value(store_.intents()).size(), 1U);
}

TEST_P(EachRegistryStore, ForgetsAnIntentWithTheEntryThatFinishesIt) {
    const std::int64_t first = expect_value(store_.add_intent("first"));
    const std::int64_t second = expect_value(store_.add_intent("second"));
    const NewEntry added = entry_at(0);
    EXPECT_TRUE(expect_value(store_.append({&added, 1}, first)));
    ASSERT_EQ(expect_value(store_.intents()).size(), 1U);
    EXPECT_EQ(expect_value(store_.intents())[0].text, "second");
    ASSERT_TRUE(store_.remove_intent(second));
    EXPECT_TRUE(expect_value(store_.intents()).empty());
    EXPECT_GT(expect_value(store_.add_intent("third")), second) << "an id is never used again";
}

TEST_P(EachRegistryStore, KeepsASealUntilItIsRemoved) {
    EXPECT_FALSE(expect_value(store_.seal()));
    ASSERT_TRUE(store_.set_seal("a head"));
    ASSERT_TRUE(store_.set_seal("another"));
    EXPECT_EQ(expect_value(store_.seal()), "another");
    expect_value(store_.add_intent("another machine's"));
    ASSERT_TRUE(store_.remove_seal());
    EXPECT_FALSE(expect_value(store_.seal()));
    EXPECT_TRUE(expect_value(store_.intents()).empty());
}

TEST_P(EachRegistryStore, CommitsToItsEntriesAsEveryOtherDoes) {
    append(11);
    test::MemoryRegistryStore other;
    for (std::uint64_t index = 0; index < 11; ++index) {
        NewEntry added = entry_at(index);
        added.nodes = expect_value(nodes_completed_by(index, leaf_of(added.entry), nodes_of(other)));
        expect_value(other.append({&added, 1}, std::nullopt));
    }
    for (std::uint64_t size = 0; size <= 11; ++size) {
        EXPECT_EQ(expect_value(tree_root(size, nodes_of(store_))), expect_value(tree_root(size, nodes_of(other))));
    }
    test::expect_failure(store_.node(3, 1), ErrorCode::kFormat, {"missing"});
}

TEST_P(EachRegistryStore, HoldsClaimsThatAreProved) {
    const Claim claim = test::new_claim();
    const Record records[] = {claim, test::correction_of(claim), test::status_change(claim, ClaimStatus::kSuspended)};
    for (const Record& record : records) {
        expect_value(append_record(store_, expect_value(sign_record(record, signer_)), std::nullopt));
    }
    const Result<Entry> again = append_record(store_, expect_value(sign_record(claim, signer_)), std::nullopt);
    test::expect_failure(again, ErrorCode::kUsage, {"already"});
    const TreeHead head = {3, hash_text(expect_value(tree_root(3, nodes_of(store_))))};
    const std::vector<LogEntry> entries = expect_value(store_.find({KeyKind::kSubject, claim.claim_id}, 3));
    const ClaimHistory history = expect_value(proven_history(store_, claim.claim_id, entries, head));
    EXPECT_EQ(history.defect, "");
    EXPECT_EQ(history.claims.size(), 2U);
    EXPECT_EQ(history.status(), ClaimStatus::kSuspended);
}

INSTANTIATE_TEST_SUITE_P(Stores, EachRegistryStore, testing::Values(&open_sqlite, &open_memory));

} // namespace
} // namespace wm
