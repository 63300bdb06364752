#include "interrupt.h"

#include <atomic>
#include <csignal>

namespace wm::cli {
namespace {

std::atomic<int> caught_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "signal handlers may touch lock-free atomics only");

void remember(int signal_number) {
    caught_signal = signal_number;
}

} // namespace

void catch_interrupts() {
    struct sigaction action = {};
    action.sa_handler = remember;
    action.sa_flags =
        static_cast<int>(SA_RESETHAND); // and no SA_RESTART: a read that waits for a person or a pipe ends
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before = {};
        sigaction(signal_number, nullptr, &before);
        if (before.sa_handler != SIG_IGN) { // nohup and background jobs ignore some on purpose
            sigaction(signal_number, &action, nullptr);
        }
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

bool interrupted() {
    return caught_signal != 0;
}

void die_if_interrupted() {
    if (interrupted()) {
        std::signal(caught_signal, SIG_DFL);
        std::raise(caught_signal);
    }
}

} // namespace wm::cli
