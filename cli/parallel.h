#pragma once

/// Independent pieces of work on several threads, their results handed over in order.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace wm::cli {

/// Calls work(task) for every task that next() gives, until it gives none, on up to `num_threads` threads, and deliver(task, result)
/// in the order of the tasks, one at a time. next() and deliver() are never called at once, and none of them may throw.
///
/// At most `max_waiting` tasks are begun and not delivered, so that memory is bounded however many there are.
template <class Task, class T>
void run_stream_in_order(std::size_t num_threads, std::size_t max_waiting,
                         const std::function<std::optional<Task>()>& next, const std::function<T(const Task&)>& work,
                         const std::function<void(const Task&, T)>& deliver) {
    std::mutex mutex;
    std::condition_variable delivered;
    std::size_t num_started = 0;
    std::size_t num_delivered = 0;
    bool is_over = false;
    std::map<std::size_t, std::pair<Task, T>> waiting; // results whose predecessors are not there yet

    const auto take_shares = [&] {
        std::unique_lock lock(mutex);
        for (;;) {
            delivered.wait(lock, [&] { return is_over || num_started < num_delivered + max_waiting; });
            std::optional<Task> task = is_over ? std::nullopt : next();
            if (!task) {
                is_over = true;
                delivered.notify_all();
                return;
            }
            const std::size_t index = num_started++;
            lock.unlock();
            T result = work(*task);
            lock.lock();
            waiting.emplace(index, std::pair(*std::move(task), std::move(result)));
            while (!waiting.empty() && waiting.begin()->first == num_delivered) {
                deliver(waiting.begin()->second.first, std::move(waiting.begin()->second.second));
                waiting.erase(waiting.begin());
                ++num_delivered;
            }
            delivered.notify_all();
        }
    };
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < num_threads; ++k) {
        threads.emplace_back(take_shares);
    }
}

/// The same for work(0) ... work(count - 1).
template <class T>
void run_in_order(std::size_t count, std::size_t num_threads, const std::function<T(std::size_t)>& work,
                  const std::function<void(std::size_t, T)>& deliver) {
    std::size_t next_index = 0;
    run_stream_in_order<std::size_t, T>(
        std::min(num_threads, count), count,
        [&] { return next_index < count ? std::optional(next_index++) : std::nullopt; },
        [&](const std::size_t& index) { return work(index); },
        [&](const std::size_t& index, T result) { deliver(index, std::move(result)); });
}

} // namespace wm::cli
