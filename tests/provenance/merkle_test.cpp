#include "provenance/merkle.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/hex.h"

namespace wm {
namespace {

/// A tree in memory.
class Tree {
public:
    void append(std::string_view entry) {
        const Result<std::vector<TreeNode>> completed = nodes_completed_by(size_, hash_leaf(entry), nodes());
        for (const TreeNode& node : *completed) {
            hashes_[{node.level, node.index}] = node.hash;
        }
        ++size_;
    }
    NodeReader nodes() const {
        return [this](unsigned level, std::uint64_t index) -> Result<Hash> {
            const auto found = hashes_.find({level, index});
            return found == hashes_.end() ? Result<Hash>(fail(ErrorCode::kFormat, "no such node")) : found->second;
        };
    }
    Hash root(std::uint64_t size) const { return *tree_root(size, nodes()); }
    Hash leaf(std::uint64_t index) const { return hashes_.at({0, index}); }
    std::uint64_t size() const { return size_; }

private:
    std::map<std::pair<unsigned, std::uint64_t>, Hash> hashes_;
    std::uint64_t size_ = 0;
};

Tree tree_of_size(std::uint64_t size) {
    Tree tree;
    for (std::uint64_t k = 0; k < size; ++k) {
        tree.append("entry " + std::to_string(k));
    }
    return tree;
}

TEST(Merkle, HasTheRootsOfTheReferenceTree) {
    // The eight leaves and roots that Certificate Transparency implementations have used as test vectors since RFC
    // 6962.
    using namespace std::string_view_literals;
    constexpr std::array kEntries = {""sv,   "\x00"sv, "\x10"sv,     "\x20\x21"sv,
                                     "01"sv, "@ABC"sv, "PQRSTUVW"sv, "`abcdefghijklmno"sv};
    constexpr std::array kRoots = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    Tree tree;
    EXPECT_EQ(to_hex(tree.root(0)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t k = 0; k < kEntries.size(); ++k) {
        tree.append(kEntries[k]);
        EXPECT_EQ(to_hex(tree.root(k + 1)), kRoots[k]) << k;
    }
}

TEST(Merkle, ProvesEveryEntryOfEverySmallTree) {
    const Tree tree = tree_of_size(70);
    for (std::uint64_t size = 1; size <= tree.size(); ++size) {
        for (std::uint64_t index = 0; index < size; ++index) {
            const std::vector<Hash> path = *inclusion_path(index, size, tree.nodes());
            ASSERT_TRUE(proves_inclusion(path, tree.leaf(index), index, size, tree.root(size)));
            ASSERT_FALSE(proves_inclusion(path, tree.leaf((index + 1) % 70), index, size, tree.root(size)));
            ASSERT_FALSE(proves_inclusion(path, tree.leaf(index), index + 1, size, tree.root(size)) && size > 1);
        }
    }
}

TEST(Merkle, ProvesThatEverySmallTreeGrewFromItsPast) {
    const Tree tree = tree_of_size(70);
    for (std::uint64_t size = 1; size <= tree.size(); ++size) {
        for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
            const std::vector<Hash> path = *consistency_path(old_size, size, tree.nodes());
            ASSERT_TRUE(proves_consistency(path, old_size, tree.root(old_size), size, tree.root(size)));
            const std::uint64_t other = old_size == 1 ? 2 : old_size - 1;
            ASSERT_FALSE(proves_consistency(path, old_size, tree.root(other), size, tree.root(size)));
        }
    }
}

RC_GTEST_PROP(Merkle, NoPathSurvivesAChange, ()) {
    const auto size = *rc::gen::inRange<std::uint64_t>(2, 200);
    const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
    const auto old_size = *rc::gen::inRange<std::uint64_t>(1, size);
    const Tree tree = tree_of_size(size);
    const auto change = [](std::vector<Hash>& path) {
        const auto place = *rc::gen::inRange<std::size_t>(0, path.size());
        switch (*rc::gen::inRange(0, 3)) {
        case 0:
            path[place][*rc::gen::inRange<std::size_t>(0, 32)] ^=
                static_cast<std::uint8_t>(1U << *rc::gen::inRange(0, 8));
            break;
        case 1:
            path.erase(path.begin() + static_cast<std::ptrdiff_t>(place));
            break;
        default:
            path.insert(path.begin() + static_cast<std::ptrdiff_t>(place), path[place]);
        }
    };
    std::vector<Hash> inclusion = *inclusion_path(index, size, tree.nodes());
    change(inclusion);
    RC_ASSERT(!proves_inclusion(inclusion, tree.leaf(index), index, size, tree.root(size)));
    std::vector<Hash> consistency = *consistency_path(old_size, size, tree.nodes());
    change(consistency);
    RC_ASSERT(!proves_consistency(consistency, old_size, tree.root(old_size), size, tree.root(size)));
}

} // namespace
} // namespace wm
