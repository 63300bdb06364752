/// Look-ups in a large registry beside SQLite's own by primary key in the same file, decisions about many licences, and whole
/// checks beside the work on sound that they do.
///
///   bench_provenance look-ups FOLDER [claims]         default: 1000000; FOLDER keeps the registry for the next run
///   bench_provenance decisions [licences]             default: 100000
///   bench_provenance checks RECORDING REGISTRY KEY    as `wm check` takes them; the registry with its index of fingerprints
///   bench_provenance copies REGISTRY CLAIM IDENTITY N prints `recipient,id` of N copies that it publishes without files
///
/// Prints the median and the extremes of the rounds, in microseconds of processor time a call. The rounds of the look-ups
/// that are compared take turns.

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/random_stream.h"
#include "provenance/log_entries.h"
#include "wm/evidence.h"
#include "wm/id.h"
#include "wm/verdict.h"

namespace {

using namespace wm;

constexpr int kNumRounds = 9;
constexpr std::int64_t kTime_s = 1'790'812'800;

[[noreturn]] void stop(const std::string& message) {
    fmt::print(stderr, "bench_provenance: {}\n", message);
    std::exit(2);
}

template <class T>
T take(Result<T> result) {
    if (!result) {
        stop(result.error().message);
    }
    return *std::move(result);
}

double processor_time_us() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

/// Times of one kind of call, a round's mean each.
struct Times {
    std::string name;
    std::function<void(std::uint64_t)> call; ///< with the number of a claim
    std::vector<double> means_us = {};

    void run(const std::vector<std::uint64_t>& numbers) {
        const double began_us = processor_time_us();
        for (const std::uint64_t number : numbers) {
            call(number);
        }
        means_us.push_back((processor_time_us() - began_us) / static_cast<double>(numbers.size()));
    }

    double median_us() {
        std::sort(means_us.begin(), means_us.end());
        return means_us[means_us.size() / 2];
    }

    void print(double reference_us) {
        fmt::print("{:<28} {:8.2f} us ({:.2f} to {:.2f})  {:.2f} x\n", name, median_us(), means_us.front(),
                   means_us.back(), median_us() / reference_us);
    }
};

std::string isrc_of(std::uint64_t number) {
    return fmt::format("USRC{}{:07}", number / 10'000'000, number % 10'000'000);
}

std::string claim_id_of(std::uint64_t number) {
    return fmt::format("019a2f6e-0000-7000-8000-{:012x}", number);
}

std::uint64_t wm_id_of(std::uint64_t number) {
    return number * 0x9e3779b97f4a7c15U + 1;
}

Claim claim_of(std::uint64_t number) {
    Claim claim;
    claim.claim_id = claim_id_of(number);
    claim.wm_id = wm_id_of(number);
    claim.recording = {isrc_of(number), fmt::format("Recording {}", number), 180'000, ""};
    claim.training_mining[Use::kAiTraining] = {Choice::kNotAllowed, ""};
    claim.bindings = {{"wm.fingerprint/1", "fingerprint", claim.claim_id}};
    Contributor artist;
    artist.ref = "P1";
    artist.name = "A. Artist";
    artist.roles = {"MainArtist"};
    claim.parties = {artist};
    claim.issued_at = Moment{kTime_s, false};
    return claim;
}

/// Fills a registry as publishing one by one would, in large transactions.
void fill(RegistryStore& store, std::uint64_t num_claims) {
    const Identity signer = take(Identity::generate("Bench"));
    std::map<std::pair<unsigned, std::uint64_t>, Hash> right_edge;
    const NodeReader nodes = [&](unsigned level, std::uint64_t index) -> Result<Hash> {
        return right_edge.at({level, index});
    };
    std::vector<NewEntry> batch;
    for (std::uint64_t number = take(store.size()); number < num_claims; ++number) {
        const SignedRecord record = take(sign_record(claim_of(number), signer));
        NewEntry added;
        added.entry = {number, kTime_s * 1000, claim_id_of(number), record.text};
        added.keys = keys_of(record, added.entry.subject, {});
        added.nodes = take(nodes_completed_by(number, leaf_of(added.entry), nodes));
        for (const TreeNode& node : added.nodes) {
            right_edge[{node.level, node.index}] = node.hash;
            right_edge.erase({node.level, node.index - 2});
        }
        batch.push_back(std::move(added));
        if (batch.size() == 20'000 || number + 1 == num_claims) {
            take(store.append(batch, std::nullopt));
            batch.clear();
        }
    }
}

/// SQLite by itself: one prepared statement, one row by its primary key, all columns read.
class PrimaryKeyReader {
public:
    explicit PrimaryKeyReader(const std::string& path) {
        if (sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) !=
                SQLITE_OK ||
            sqlite3_prepare_v2(database_, "SELECT idx, time_ms, subject, text FROM entry WHERE idx = ?", -1,
                               &statement_, nullptr) != SQLITE_OK) {
            stop(sqlite3_errmsg(database_));
        }
    }
    ~PrimaryKeyReader() {
        sqlite3_finalize(statement_);
        sqlite3_close(database_);
    }
    PrimaryKeyReader(const PrimaryKeyReader&) = delete;
    PrimaryKeyReader& operator=(const PrimaryKeyReader&) = delete;

    std::string read(std::uint64_t index) {
        sqlite3_bind_int64(statement_, 1, static_cast<sqlite3_int64>(index));
        if (sqlite3_step(statement_) != SQLITE_ROW) {
            stop("a row is missing");
        }
        std::string text(reinterpret_cast<const char*>(sqlite3_column_text(statement_, 3)),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement_, 3)));
        sqlite3_reset(statement_);
        return text;
    }

private:
    sqlite3* database_ = nullptr;
    sqlite3_stmt* statement_ = nullptr;
};

void time_look_ups(const std::string& path, std::uint64_t num_claims) {
    const bool is_there = std::filesystem::exists(path);
    {
        const auto store = take(open_registry_store(path, is_there ? StoreMode::kReadWrite : StoreMode::kCreate));
        if (take(store->size()) < num_claims && is_there) {
            stop(path + " holds fewer claims: remove it first");
        }
        fill(*store, num_claims);
    }
    const auto store = take(open_registry_store(path, StoreMode::kReadOnly));
    const Registry registry = take(Registry::open(path, Registry::Mode::kRead));
    const TreeHead head = take(registry.head());
    PrimaryKeyReader rival(path);
    const auto find = [&](KeyKind kind, const std::string& value) {
        if (take(store->find({kind, value}, num_claims)).size() != 1) {
            stop("a claim is missing");
        }
    };
    std::vector<Times> all = {
        {"SQLite by primary key", [&](std::uint64_t n) { static_cast<void>(rival.read(n)); }},
        {"registry by mark", [&](std::uint64_t n) { find(KeyKind::kWmId, format_id(wm_id_of(n))); }},
        {"registry by ISRC", [&](std::uint64_t n) { find(KeyKind::kIsrc, isrc_of(n)); }},
        {"registry by claim id", [&](std::uint64_t n) { find(KeyKind::kClaimId, claim_id_of(n)); }},
        {"history, verified and proved", [&](std::uint64_t n) {
             if (take(registry.find({.wm_id = wm_id_of(n), .isrc = "", .claim_id = "", .track = ""}, head)).size() !=
                 1) {
                 stop("a history is missing");
             }
         }}};
    RandomStream random(20261122);
    for (int round = 0; round < kNumRounds; ++round) {
        std::vector<std::uint64_t> numbers(5'000);
        std::generate(numbers.begin(), numbers.end(), [&] { return random.below(num_claims); });
        for (Times& times : all) {
            times.run(numbers);
        }
    }
    fmt::print("{} claims, {:.2f} GB\n", num_claims, 1e-9 * static_cast<double>(std::filesystem::file_size(path)));
    const double reference_us = all.front().median_us();
    for (Times& times : all) {
        times.print(reference_us);
    }
}

void time_decisions(std::uint64_t num_licences) {
    ClaimHistory history;
    Claim claim = claim_of(1);
    history.id = claim.claim_id;
    for (std::uint64_t k = 0; k < num_licences; ++k) {
        Licence licence;
        licence.id = claim_id_of(k);
        // One in a thousand is the asker's, and all but the last of those have ended.
        licence.licensee = k % 1000 == 0 ? "dpid:PADPIDA2014" : fmt::format("dpid:{}", k);
        licence.uses = {Use::kStream, Use::kAiTraining};
        licence.territories.included = {"FR", "DE"};
        licence.validity = {Moment{kTime_s - 1'000'000, false},
                            Moment{k + 1000 < num_licences ? kTime_s - 1 : kTime_s + 1, false}};
        history.licences.push_back({{claim.claim_id, licence, std::nullopt}, "owner", k + 1, kTime_s});
    }
    history.claims = {{std::move(claim), "owner", 0, kTime_s}};
    const std::vector<ClaimHistory> claims = {std::move(history)};
    Evidence evidence;
    evidence.duration_s = 180;
    evidence.matches = {{claims[0].id, 0, 180, 0, 180, 1, 0, 1, 1e-12}};
    const Question question = {{Use::kStream}, {"FR"}, "dpid:PADPIDA2014", kTime_s, false};
    Times times{fmt::format("decide(), {} licences", num_licences), [&](std::uint64_t) {
                    if (decide(evidence, claims, question).decision != Decision::kAllow) {
                        stop("the licence was not found");
                    }
                }};
    for (int round = 0; round < kNumRounds; ++round) {
        times.run(std::vector<std::uint64_t>(20));
    }
    fmt::print("{:<28} {:8.2f} us ({:.2f} to {:.2f})\n", times.name, times.median_us(), times.means_us.front(),
               times.means_us.back());
}

/// Reading, detection and identification by themselves, and a whole check.
void time_checks(const std::string& recording, const std::string& registry_path, const std::string& key_path) {
    const std::vector<Key> keys = {take(Key::load(key_path))};
    const std::string index_path = index_path_of(registry_path);
    const Question question = {{Use::kStream}, {"FR"}, "dpid:PADPIDA2014", kTime_s, false};
    Times sound{"decode, detect, identify", [&](std::uint64_t) {
                    take(detect_file(recording, keys));
                    take(take(Index::open(index_path, Index::Mode::kRead)).identify_file(recording));
                }};
    Times whole{"check", [&](std::uint64_t) {
                    const Registry registry = take(Registry::open(registry_path, Registry::Mode::kRead));
                    const TreeHead head = take(registry.head());
                    const Evidence evidence = take(gather_evidence(recording, {keys, index_path, true}));
                    decide(evidence, take(find_claims(registry, evidence, head, question.licensee)), question);
                }};
    for (int round = 0; round < kNumRounds; ++round) {
        sound.run({0});
        whole.run({0});
    }
    const double reference_us = sound.median_us();
    sound.print(reference_us);
    whole.print(reference_us);
}

/// Publishes copies of a claim's recording whose files are made elsewhere, for bench/tracing.py.
void publish_copies(const std::string& registry_path, const std::string& claim_id, const std::string& identity,
                    std::uint64_t count) {
    Registry registry = take(Registry::open(registry_path, Registry::Mode::kWrite));
    const Identity signer = take(Identity::load(identity));
    for (std::uint64_t k = 0; k < count; ++k) {
        const CopyIssue copy{claim_id, random_id(), fmt::format("recipient {}", k), now()};
        take(registry.publish(take(sign_record(copy, signer))));
        fmt::print("{},{}\n", copy.recipient, format_id(copy.wm_id));
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() >= 2 && words[0] == "look-ups") {
        const std::uint64_t num_claims = words.size() > 2 ? std::stoull(words[2]) : 1'000'000;
        time_look_ups((std::filesystem::path(words[1]) / fmt::format("bench-{}.db", num_claims)).string(), num_claims);
    } else if (!words.empty() && words[0] == "decisions") {
        time_decisions(words.size() > 1 ? std::stoull(words[1]) : 100'000);
    } else if (words.size() == 4 && words[0] == "checks") {
        time_checks(words[1], words[2], words[3]);
    } else if (words.size() == 5 && words[0] == "copies") {
        publish_copies(words[1], words[2], words[3], std::stoull(words[4]));
    } else {
        stop("say look-ups FOLDER [claims], decisions [licences], checks RECORDING REGISTRY KEY, or copies REGISTRY CLAIM "
             "IDENTITY N");
    }
    return 0;
}
