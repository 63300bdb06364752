#pragma once

/// Independent pieces of work on several threads, their results handed over in order.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace wm::cli {

/// Calls work(0) ... work(count - 1) on up to `num_threads` threads, and deliver(k, result) for every result in the order of
/// k, one at a time. Neither may throw.
template <class T>
void run_in_order(std::size_t count, std::size_t num_threads, const std::function<T(std::size_t)>& work,
                  const std::function<void(std::size_t, T)>& deliver) {
    std::atomic<std::size_t> next_to_start = 0;
    std::mutex mutex;
    std::size_t next_to_deliver = 0;
    std::map<std::size_t, T> waiting; // results whose predecessors are not there yet

    const auto take_shares = [&] {
        for (std::size_t index = next_to_start++; index < count; index = next_to_start++) {
            T result = work(index);
            const std::lock_guard lock(mutex);
            waiting.emplace(index, std::move(result));
            while (!waiting.empty() && waiting.begin()->first == next_to_deliver) {
                deliver(next_to_deliver++, std::move(waiting.begin()->second));
                waiting.erase(waiting.begin());
            }
        }
    };
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < std::min(num_threads, count); ++k) {
        threads.emplace_back(take_shares);
    }
}

} // namespace wm::cli
