#pragma once

#include <functional>

namespace wm {

/// Called now and then by long work with the share done, 0 to 1. Return false to stop: the call fails with kCancelled and
/// leaves nothing behind. Called on the thread that does the work.
using Progress = std::function<bool(double share_done)>;

} // namespace wm
