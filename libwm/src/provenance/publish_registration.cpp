#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sodium.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/new_file.h"
#include "provenance/canonical_json.h"
#include "provenance/fields.h"
#include "provenance/registrations.h"

namespace wm {

namespace {

/// An intent as it is stored.
struct IntentText {
    std::string record;
    std::string pending_path;
    std::string final_path;
    std::string file_hash;
};

} // namespace

template <>
struct Fields<IntentText> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("record", self.record);
        a.required("pending", self.pending_path);
        a.required("final", self.final_path);
        a.required("sha256", self.file_hash);
    }
};

namespace {

/// An exclusive lock on a file, which renaming does not loosen and which ends with the program.
class FileLock {
public:
    /// Check is_held(): somebody else may hold it, or the file may be gone.
    explicit FileLock(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        is_held_ = descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    }
    ~FileLock() {
        if (descriptor_ >= 0) {
            close(descriptor_);
        }
    }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    bool exists() const { return descriptor_ >= 0; }
    bool is_held() const { return is_held_; }

private:
    int descriptor_;
    bool is_held_ = false;
};

bool has_hash(const std::string& path, const std::string& hash) {
    return hash_file(path).value_or("") == hash;
}

/// The intents' paths must mean the same to a later program, wherever it is started.
Result<std::string> absolute(const std::string& path) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(path).parent_path();
    std::error_code error;
    const fs::path resolved = fs::canonical(folder.empty() ? "." : folder, error);
    if (error) {
        return fail(ErrorCode::kIo, fmt::format("cannot find the folder of {}: {}", path, error.message()));
    }
    return (resolved / fs::path(path).filename()).string();
}

/// Takes back a registration that cannot be published: nothing stands under either name.
void undo(RegistryStore& store, std::int64_t intent_id, const std::string& path) {
    unlink(path.c_str());
    // If this fails, the next opening finds an intent without a file, and drops it.
    static_cast<void>(store.remove_intent(intent_id));
}

/// Moves the file, publishes the record, forgets the intent. The caller holds the lock.
Result<Entry> finish(RegistryStore& store, std::int64_t intent_id, const Registration& registration, bool is_in_place) {
    Result<void> moved =
        is_in_place ? Result<void>() : move_new_file(registration.pending_path, registration.final_path);
    if (!moved) {
        undo(store, intent_id, registration.pending_path);
        return tl::unexpected(moved.error());
    }
    Result<Entry> entry = append_record(store, registration.record, intent_id);
    if (!entry) {
        undo(store, intent_id, registration.final_path);
    }
    return entry;
}

Result<bool> still_open(RegistryStore& store, std::int64_t intent_id) {
    return store.intents().map([&](const std::vector<Intent>& intents) {
        return std::any_of(intents.begin(), intents.end(),
                           [&](const Intent& intent) { return intent.id == intent_id; });
    });
}

Result<void> recover(RegistryStore& store, const Intent& intent) {
    const Result<Json> json = parse_json(intent.text);
    if (json && json->contains("track")) {
        return {}; // not about a file
    }
    const Result<IntentText> text = json.and_then(read_fields<IntentText>);
    if (!text) {
        return fail(ErrorCode::kFormat,
                    fmt::format("an unfinished registration cannot be read: {}", text.error().message));
    }
    const FileLock final_lock(text->final_path);
    const FileLock pending_lock(text->pending_path);
    const bool is_in_place = final_lock.exists() && !pending_lock.exists();
    const FileLock& lock = is_in_place ? final_lock : pending_lock;
    if (lock.exists() && !lock.is_held()) {
        return {}; // the program that registers it is alive
    }
    // Now that nobody else deals with it: was it settled since the list was read?
    const Result<bool> is_open = still_open(store, intent.id);
    if (!is_open || !*is_open) {
        return is_open.map([](bool) {});
    }
    const std::string& path = is_in_place ? text->final_path : text->pending_path;
    if (!lock.exists() || !has_hash(path, text->file_hash)) {
        // What stands under the final name with another content is not ours; a pending file always is.
        unlink(text->pending_path.c_str());
        return store.remove_intent(intent.id);
    }
    Result<SignedRecord> record = read_signed_record(text->record);
    if (!record) {
        return tl::unexpected(record.error());
    }
    const Result<Entry> finished = finish(
        store, intent.id, {*std::move(record), text->pending_path, text->final_path, text->file_hash, {}}, is_in_place);
    const bool is_settled = finished || finished.error().code == ErrorCode::kUsage ||
                            finished.error().code == ErrorCode::kNotPermitted; // refused, and so undone
    return is_settled ? Result<void>() : tl::unexpected(finished.error());
}

} // namespace

Result<std::string> hash_file(const std::string& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rbe");
    if (file == nullptr) {
        return fail(ErrorCode::kIo, fmt::format("cannot open {}: {}", path, errno_text(errno)));
    }
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::vector<unsigned char> block(std::size_t{1} << 18);
    std::size_t num_read = 0;
    while ((num_read = std::fread(block.data(), 1, block.size(), file)) > 0) {
        crypto_hash_sha256_update(&state, block.data(), num_read);
    }
    const bool failed = std::ferror(file) != 0;
    const int error_number = errno;
    std::fclose(file);
    if (failed) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", path, errno_text(error_number)));
    }
    Hash hash;
    crypto_hash_sha256_final(&state, hash.data());
    return to_hex(hash);
}

namespace {

Result<Entry> publish_file(RegistryStore& store, const Registration& registration) {
    const Result<std::string> pending = absolute(registration.pending_path);
    const Result<std::string> final_path = absolute(registration.final_path);
    if (!pending || !final_path) {
        return tl::unexpected(pending ? final_path.error() : pending.error());
    }
    const Registration absolute_one{registration.record, *pending, *final_path, registration.file_hash, {}};
    const FileLock lock(*pending);
    if (!lock.is_held()) {
        return fail(ErrorCode::kIo, fmt::format("cannot lock {}: {}", *pending, errno_text(errno)));
    }
    const IntentText text{registration.record.text, *pending, *final_path, registration.file_hash};
    const Result<std::int64_t> intent = store.add_intent(canonical_json(write_value(text)));
    if (!intent) {
        unlink(pending->c_str());
        return tl::unexpected(intent.error());
    }
    return finish(store, *intent, absolute_one, false);
}

} // namespace

Result<Entry> publish_registration(RegistryStore& store, const std::string& index_path,
                                   const Registration& registration) {
    if (!registration.track) {
        return publish_file(store, registration);
    }
    return TrackWriter::open(store, index_path).and_then([&](TrackWriter writer) -> Result<Entry> {
        const Result<void> added = writer.add(*registration.track);
        const Result<Entry> entry = added ? publish_file(store, registration) : tl::unexpected(added.error());
        entry ? writer.keep() : writer.take_back();
        if (!entry) {
            unlink(registration.pending_path.c_str());
        }
        return entry;
    });
}

Result<void> recover_files(RegistryStore& store) {
    return store.intents().and_then([&](const std::vector<Intent>& intents) -> Result<void> {
        for (const Intent& intent : intents) {
            if (Result<void> recovered = recover(store, intent); !recovered) {
                return recovered;
            }
        }
        return {};
    });
}

} // namespace wm
