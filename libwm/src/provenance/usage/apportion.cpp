#include "provenance/usage/apportion.h"

#include <algorithm>
#include <numeric>

namespace wm {

std::vector<std::int64_t> apportion(std::int64_t amount, std::span<const std::int64_t> weights) {
    __extension__ using Wide = __int128; // an amount times a weight
    const auto sum = std::accumulate(weights.begin(), weights.end(), Wide{0});
    std::vector<std::int64_t> parts;
    std::vector<Wide> remainders;
    std::int64_t left = amount;
    for (const std::int64_t weight : weights) {
        const Wide product = Wide{amount} * weight;
        parts.push_back(static_cast<std::int64_t>(product / sum));
        remainders.push_back(product % sum);
        left -= parts.back();
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (std::int64_t k = 0; k < left; ++k) {
        ++parts[order[static_cast<std::size_t>(k)]];
    }
    return parts;
}

} // namespace wm
