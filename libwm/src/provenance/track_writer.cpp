#include <cerrno>
#include <chrono>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "provenance/canonical_json.h"
#include "provenance/registrations.h"

namespace wm {
namespace {

Result<Index> open_index(const std::string& path) {
    if (access(path.c_str(), F_OK) != 0) {
        // Another program may make it first; then it is opened like any.
        static_cast<void>(Index::create(path));
    }
    return Index::open(path, Index::Mode::kWrite);
}

/// The track that an intent is about; empty when it is about something else.
std::string track_in(const Intent& intent) {
    const Result<Json> json = parse_json(intent.text);
    return json && json->contains("track") && json->at("track").is_string() ? json->at("track").get<std::string>() : "";
}

Result<void> settle(RegistryStore& store, Index& index, const Intent& intent, const std::string& track) {
    return store.size()
        .and_then([&](std::uint64_t end) {
            return store.find({KeyKind::kTrack, track}, end);
        })
        .and_then([&](const std::vector<LogEntry>& claims) {
            return claims.empty() ? index.remove(track).map([](bool) {}) : Result<void>();
        })
        .and_then([&] { return store.remove_intent(intent.id); });
}

} // namespace

std::string index_path_of(const std::string& registry_url) {
    return path_in(registry_url) + ".fingerprints";
}

Result<void> drop_dead_tracks(RegistryStore& store, Index& index) {
    return store.intents().and_then([&](const std::vector<Intent>& intents) -> Result<void> {
        for (const Intent& intent : intents) {
            const std::string track = track_in(intent);
            if (Result<void> settled = track.empty() ? Result<void>() : settle(store, index, intent, track); !settled) {
                return settled;
            }
        }
        return {};
    });
}

Result<TrackWriter> TrackWriter::open(RegistryStore& store, const std::string& index_path) {
    constexpr int kMaxTries = 600; // a minute: others hold it for as long as it takes to publish
    Result<Index> index = open_index(index_path);
    for (int k = 0; k < kMaxTries && !index && index.error().code == ErrorCode::kUsage; ++k) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        index = open_index(index_path);
    }
    if (!index) {
        return tl::unexpected(index.error());
    }
    // Files first: one that can be published needs its track.
    return recover_files(store).and_then([&] { return drop_dead_tracks(store, *index); }).map([&] {
        return TrackWriter(store, *std::move(index));
    });
}

Result<void> TrackWriter::add(const IndexEntry& track) {
    track_ = track.track.id;
    return store_->add_intent(canonical_json({{"track", track_}})).and_then([&](std::int64_t intent_id) {
        intent_id_ = intent_id;
        return index_.add({&track, 1}).map([](const std::vector<AddOutcome>&) {});
    });
}

void TrackWriter::keep() {
    // If this fails, the next writer finds the intent, and the claim.
    static_cast<void>(store_->remove_intent(intent_id_));
}

void TrackWriter::take_back() {
    // If this fails, the next writer finds the intent, and no claim.
    static_cast<void>(index_.remove(track_).and_then([&](bool) { return store_->remove_intent(intent_id_); }));
}

Result<void> recover_registrations(RegistryStore& store, const std::string& index_path) {
    return recover_files(store).and_then([&]() -> Result<void> {
        if (access(index_path.c_str(), F_OK) != 0) {
            return {};
        }
        const Result<std::vector<Intent>> intents = store.intents();
        if (!intents || intents->empty()) {
            return intents.map([](const std::vector<Intent>&) {});
        }
        Result<Index> index = Index::open(index_path, Index::Mode::kWrite);
        // Somebody who writes to the index settles it, or will be followed by one who does.
        return index ? drop_dead_tracks(store, *index) : Result<void>();
    });
}

} // namespace wm
