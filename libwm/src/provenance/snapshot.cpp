#include <unistd.h>

#include <fmt/format.h>

#include "base/new_file.h"
#include "index/index_schema.h"
#include "provenance/fields.h"
#include "provenance/log_entries.h"
#include "provenance/signed_document.h"
#include "store/database.h"
#include "wm/registry.h"

namespace wm {

namespace {

constexpr const char* kSchema = "wm-snapshot/1";

/// What the seal of a snapshot says.
struct Seal {
    std::string schema;
    std::int64_t size = 0;
    std::string root;
    std::optional<Moment> issued_at;
};

} // namespace

template <>
struct Fields<Seal> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("schema", self.schema);
        a.required("size", self.size);
        a.required("root", self.root);
        a.required("issuedAt", self.issued_at);
    }
};

namespace {

Result<SnapshotSeal> read_seal(const std::string& text) {
    const Result<Json> document = parse_json(text);
    const Result<std::string> kid = document.and_then(verify_document);
    if (!kid) {
        return tl::unexpected(kid.error());
    }
    Json fields = *document;
    fields.erase("sig");
    return read_fields<Seal>(fields).and_then([&](const Seal& seal) -> Result<SnapshotSeal> {
        if (seal.schema != kSchema || seal.size < 0) {
            return fail(ErrorCode::kFormat, fmt::format("its schema is \"{}\" and not {}", seal.schema, kSchema));
        }
        return SnapshotSeal{{static_cast<std::uint64_t>(seal.size), seal.root}, *kid, *seal.issued_at};
    });
}

/// Copies the fingerprint index that goes with a registry, if there is one.
Result<void> copy_index(const std::string& from, const std::string& to) {
    if (access(from.c_str(), F_OK) != 0) {
        return {};
    }
    return Database::open(from, kIndexKind, OpenMode::kReadOnly)
        .and_then([](const Database& database) { return database.prepare("VACUUM INTO ?"); })
        .and_then([&](Statement statement) { return statement.run({to}); });
}

/// Makes a registry of the copy of a snapshot, and closes it.
Result<void> unseal(const std::string& copy) {
    return open_registry_store(copy, StoreMode::kReadWrite).and_then([](const std::unique_ptr<RegistryStore>& store) {
        return store->remove_seal();
    });
}

} // namespace

Result<TreeHead> Registry::export_snapshot(const std::string& path, const Identity& signer) const {
    if (access(path.c_str(), F_OK) == 0) {
        return fail(ErrorCode::kUsage, fmt::format("{} exists already, and is not overwritten", path));
    }
    const auto seal_copy = [&](const Registry& copy) {
        return copy.head().and_then([&](const TreeHead& head) {
            const Seal seal{kSchema, static_cast<std::int64_t>(head.size), head.root, now()};
            return copy.store_->set_seal(canonical_json(sign_document(write_value(seal), signer))).map([&] {
                return head;
            });
        });
    };
    const Result<TreeHead> head = store_->copy_to(path)
                                      .and_then([&] { return open_registry_store(path, StoreMode::kReadWrite); })
                                      .and_then([&](std::unique_ptr<RegistryStore> store) {
                                          return seal_copy(Registry(std::move(store), index_path_of(path)));
                                      });
    const Result<void> indexed = head ? copy_index(index_path_, index_path_of(path)) : tl::unexpected(head.error());
    if (!indexed) {
        unlink(path.c_str());
        return tl::unexpected(indexed.error());
    }
    return head;
}

Result<std::optional<SnapshotSeal>> Registry::snapshot_seal() const {
    const Result<std::optional<std::string>> text = store_->seal();
    if (!text || !*text) {
        return text.map([](const std::optional<std::string>&) { return std::optional<SnapshotSeal>(); });
    }
    const Result<SnapshotSeal> seal = read_seal(**text);
    const Result<TreeHead> own_head = head();
    if (!seal || !own_head) {
        return tl::unexpected(own_head ? seal.error() : own_head.error());
    }
    if (seal->head != *own_head) {
        return fail(ErrorCode::kFormat,
                    fmt::format("the snapshot was tampered with: its log of {} entries is not the one of {} "
                                "entries that was signed",
                                own_head->size, seal->head.size));
    }
    return std::optional(*seal);
}

Result<SnapshotSeal> Registry::import_snapshot(const std::string& path, const std::string& to) {
    const Result<Registry> snapshot = open(path, Mode::kRead);
    const Result<std::optional<SnapshotSeal>> seal =
        snapshot ? snapshot->snapshot_seal() : tl::unexpected(snapshot.error());
    if (!seal) {
        return tl::unexpected(seal.error());
    }
    if (!*seal) {
        return fail(ErrorCode::kUsage,
                    fmt::format("{} is a registry and not a snapshot: it can be opened as it is", path));
    }
    const Result<std::vector<LogDefect>> defects = snapshot->verify(1);
    if (!defects) {
        return tl::unexpected(defects.error());
    }
    if (!defects->empty()) {
        const LogDefect& defect = defects->front();
        return fail(ErrorCode::kFormat,
                    fmt::format("{} was tampered with: {}{}", path,
                                defect.index ? fmt::format("entry {} ", *defect.index) : "", defect.what));
    }
    const std::string copy = to + ".importing";
    const Result<void> imported = copy_index(index_path_of(path), index_path_of(to))
                                      .and_then([&] { return snapshot->store_->copy_to(copy); })
                                      .and_then([&] { return unseal(copy); })
                                      .and_then([&] { return move_new_file(copy, to); });
    if (!imported) {
        unlink(copy.c_str());
        return tl::unexpected(imported.error());
    }
    return **seal;
}

} // namespace wm
