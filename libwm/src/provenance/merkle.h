#pragma once

/// The Merkle tree over a log (RFC 9162, section 2.1): a root hash commits to all entries in their order, and short paths prove
/// that one entry is in the log, or that a later log begins with an earlier one.

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "wm/result.h"

namespace wm {

using Hash = std::array<std::uint8_t, 32>; // SHA-256

/// The place of a complete subtree: the 2^level leaves from index * 2^level on.
struct TreeNode {
    unsigned level = 0;
    std::uint64_t index = 0;
    Hash hash{};
};

/// Gives the hash of a complete subtree of the log.
using NodeReader = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

Hash hash_leaf(std::string_view entry);
Hash hash_children(const Hash& left, const Hash& right);

/// The subtrees that become complete when leaf number `index` is added, the leaf itself first; their left halves are read.
Result<std::vector<TreeNode>> nodes_completed_by(std::uint64_t index, const Hash& leaf, const NodeReader& nodes);

/// The root of the first `size` leaves. cost: logarithmic, as for the paths
Result<Hash> tree_root(std::uint64_t size, const NodeReader& nodes);

/// Proves that leaf number `index` is among the first `size`. index < size
Result<std::vector<Hash>> inclusion_path(std::uint64_t index, std::uint64_t size, const NodeReader& nodes);

/// Proves that the tree of the first `old_size` leaves is a prefix of that of the first `size`. 0 < old_size <= size
Result<std::vector<Hash>> consistency_path(std::uint64_t old_size, std::uint64_t size, const NodeReader& nodes);

/// Whether `path` proves it; needs no log. RFC 9162, sections 2.1.3.2 and 2.1.4.2
bool proves_inclusion(std::span<const Hash> path, const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      const Hash& root);
bool proves_consistency(std::span<const Hash> path, std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                        const Hash& root);

} // namespace wm
