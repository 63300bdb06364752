#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "provenance/registry_store.h"

namespace wm::test {

/// A log in memory: what the conformance tests hold the SQLite store against.
class MemoryRegistryStore final : public RegistryStore {
public:
    Result<std::uint64_t> size() override { return entries_.size(); }

    Result<std::uint64_t> size_at(std::int64_t time_ms) override {
        return static_cast<std::uint64_t>(
            std::count_if(entries_.begin(), entries_.end(), [&](const LogEntry& e) { return e.time_ms <= time_ms; }));
    }

    Result<std::optional<LogEntry>> read(std::uint64_t index) override {
        return index < entries_.size() ? std::optional(entries_[index]) : std::nullopt;
    }

    Result<std::vector<LogEntry>> find(const LookupKey& key, std::uint64_t end) override {
        std::vector<LogEntry> found;
        for (auto at = keys_.lower_bound({key, 0}); at != keys_.end() && at->first == key && at->second < end; ++at) {
            found.push_back(entries_[at->second]);
        }
        return found;
    }

    Result<void> scan(std::uint64_t begin, const std::function<bool(const LogEntry&)>& visit) override {
        for (std::uint64_t index = begin; index < entries_.size() && visit(entries_[index]); ++index) {
        }
        return {};
    }

    Result<bool> has_key(const LookupKey& key, std::uint64_t index) override { return keys_.contains({key, index}); }

    Result<std::uint64_t> num_keys() override { return keys_.size(); }

    Result<Hash> node(unsigned level, std::uint64_t index) override {
        const auto found = nodes_.find({level, index});
        return found != nodes_.end() ? Result<Hash>(found->second) : fail(ErrorCode::kFormat, "a hash is missing");
    }

    Result<bool> append(std::span<const NewEntry> entries, std::optional<std::int64_t> finished_intent) override {
        if (!entries.empty() && entries.front().entry.index != entries_.size()) {
            return false;
        }
        for (const NewEntry& added : entries) {
            entries_.push_back(added.entry);
            for (const LookupKey& key : added.keys) {
                keys_.emplace(key, added.entry.index);
            }
            for (const TreeNode& node : added.nodes) {
                nodes_[{node.level, node.index}] = node.hash;
            }
        }
        if (finished_intent) {
            intents_.erase(*finished_intent);
        }
        return true;
    }

    Result<std::int64_t> add_intent(const std::string& text) override {
        intents_[++last_intent_] = text;
        return last_intent_;
    }

    Result<void> remove_intent(std::int64_t id) override {
        intents_.erase(id);
        return {};
    }

    Result<std::vector<Intent>> intents() override {
        std::vector<Intent> all;
        for (const auto& [id, text] : intents_) {
            all.push_back({id, text});
        }
        return all;
    }

    Result<void> copy_to(const std::string& path) override {
        return fail(ErrorCode::kUnsupported, path + ": this log has no file");
    }

    Result<void> set_seal(const std::string& text) override {
        seal_ = text;
        return {};
    }

    Result<std::optional<std::string>> seal() override { return seal_; }

    Result<void> remove_seal() override {
        seal_.reset();
        intents_.clear();
        return {};
    }

private:
    std::vector<LogEntry> entries_;
    std::set<std::pair<LookupKey, std::uint64_t>> keys_;
    std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes_;
    std::map<std::int64_t, std::string> intents_;
    std::int64_t last_intent_ = 0;
    std::optional<std::string> seal_;
};

} // namespace wm::test
