#include "provenance/merkle.h"

#include <bit>

#include <sodium.h>

namespace wm {
namespace {

// RFC 9162, section 2.1.1: a leaf can never pass for an inner node.
constexpr std::uint8_t kLeafPrefix = 0;
constexpr std::uint8_t kNodePrefix = 1;

Hash sha256(std::uint8_t prefix, std::span<const std::uint8_t> first, std::span<const std::uint8_t> second) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &prefix, 1);
    crypto_hash_sha256_update(&state, first.data(), first.size());
    crypto_hash_sha256_update(&state, second.data(), second.size());
    Hash hash;
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

/// The root over leaves begin to end, where begin is a multiple of the power of two that end - begin does not exceed.
Result<Hash> range_root(std::uint64_t begin, std::uint64_t end, const NodeReader& nodes) {
    const std::uint64_t size = end - begin;
    if (std::has_single_bit(size)) {
        const auto level = static_cast<unsigned>(std::countr_zero(size));
        return nodes(level, begin >> level);
    }
    const std::uint64_t left_size = std::bit_floor(size);
    return nodes(static_cast<unsigned>(std::countr_zero(left_size)), begin / left_size).and_then([&](const Hash& left) {
        return range_root(begin + left_size, end, nodes).map([&](const Hash& right) {
            return hash_children(left, right);
        });
    });
}

/// Collects hashes until one cannot be read.
class PathBuilder {
public:
    void add(const Result<Hash>& hash) {
        if (!hash && path_) {
            path_ = tl::unexpected(hash.error());
        }
        if (path_) {
            path_->push_back(*hash);
        }
    }
    Result<std::vector<Hash>> path() && { return std::move(path_); }

private:
    Result<std::vector<Hash>> path_;
};

/// The largest power of two below `size`, where a tree of that size is split.
std::uint64_t split_of(std::uint64_t size) {
    return std::bit_floor(size - 1);
}

void add_inclusion(PathBuilder& path, std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                   const NodeReader& nodes) {
    if (end - begin == 1) {
        return;
    }
    const std::uint64_t middle = begin + split_of(end - begin);
    if (index < middle) {
        add_inclusion(path, index, begin, middle, nodes);
        path.add(range_root(middle, end, nodes));
    } else {
        add_inclusion(path, index, middle, end, nodes);
        path.add(range_root(begin, middle, nodes));
    }
}

/// RFC 9162's SUBPROOF for the leaves from begin on; `is_old_root` when the old tree is all that was looked at so far.
void add_consistency(PathBuilder& path, std::uint64_t old_end, std::uint64_t begin, std::uint64_t end, bool is_old_root,
                     const NodeReader& nodes) {
    if (old_end == end) {
        if (!is_old_root) {
            path.add(range_root(begin, end, nodes));
        }
        return;
    }
    const std::uint64_t middle = begin + split_of(end - begin);
    if (old_end <= middle) {
        add_consistency(path, old_end, begin, middle, is_old_root, nodes);
        path.add(range_root(middle, end, nodes));
    } else {
        add_consistency(path, old_end, middle, end, false, nodes);
        path.add(range_root(begin, middle, nodes));
    }
}

} // namespace

Hash hash_leaf(std::string_view entry) {
    return sha256(kLeafPrefix, std::span(reinterpret_cast<const std::uint8_t*>(entry.data()), entry.size()), {});
}

Hash hash_children(const Hash& left, const Hash& right) {
    return sha256(kNodePrefix, left, right);
}

Result<std::vector<TreeNode>> nodes_completed_by(std::uint64_t index, const Hash& leaf, const NodeReader& nodes) {
    std::vector<TreeNode> completed = {{0, index, leaf}};
    while (completed.back().index % 2 == 1) {
        const TreeNode& right = completed.back();
        const Result<Hash> left = nodes(right.level, right.index - 1);
        if (!left) {
            return tl::unexpected(left.error());
        }
        completed.push_back({right.level + 1, right.index / 2, hash_children(*left, right.hash)});
    }
    return completed;
}

Result<Hash> tree_root(std::uint64_t size, const NodeReader& nodes) {
    if (size == 0) {
        Hash hash;
        crypto_hash_sha256(hash.data(), nullptr, 0);
        return hash;
    }
    return range_root(0, size, nodes);
}

Result<std::vector<Hash>> inclusion_path(std::uint64_t index, std::uint64_t size, const NodeReader& nodes) {
    PathBuilder path;
    add_inclusion(path, index, 0, size, nodes);
    return std::move(path).path();
}

Result<std::vector<Hash>> consistency_path(std::uint64_t old_size, std::uint64_t size, const NodeReader& nodes) {
    PathBuilder path;
    add_consistency(path, old_size, 0, size, true, nodes);
    return std::move(path).path();
}

bool proves_inclusion(std::span<const Hash> path, const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      const Hash& root) {
    if (index >= size) {
        return false;
    }
    std::uint64_t place = index;
    std::uint64_t last = size - 1;
    Hash hash = leaf;
    for (const Hash& sibling : path) {
        if (last == 0) {
            return false;
        }
        if (place % 2 == 1 || place == last) {
            hash = hash_children(sibling, hash);
            while (place % 2 == 0 && place != 0) {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = hash_children(hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    return last == 0 && hash == root;
}

bool proves_consistency(std::span<const Hash> path, std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                        const Hash& root) {
    if (old_size == 0 || old_size > size) {
        return false;
    }
    if (old_size == size) {
        return path.empty() && old_root == root;
    }
    std::uint64_t place = old_size - 1;
    std::uint64_t last = size - 1;
    for (; place % 2 == 1; place /= 2) {
        last /= 2;
    }
    // Where the old tree is complete, its root begins both.
    const bool is_complete = std::has_single_bit(old_size);
    if (!is_complete && path.empty()) {
        return false;
    }
    Hash old_hash = is_complete ? old_root : path.front();
    Hash hash = old_hash;
    for (const Hash& sibling : path.subspan(is_complete ? 0 : 1)) {
        if (last == 0) {
            return false;
        }
        if (place % 2 == 1 || place == last) {
            old_hash = hash_children(sibling, old_hash);
            hash = hash_children(sibling, hash);
            while (place % 2 == 0 && place != 0) {
                place /= 2;
                last /= 2;
            }
        } else {
            hash = hash_children(hash, sibling);
        }
        place /= 2;
        last /= 2;
    }
    return last == 0 && old_hash == old_root && hash == root;
}

} // namespace wm
