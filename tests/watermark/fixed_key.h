#pragma once

/// Keys for tests, the same on every run and machine.

#include <cstdint>
#include <string>

#include "wm/key.h"

namespace wm::test {

/// A key whose secret is derived from `seed`.
Key fixed_key(std::uint64_t seed, const std::string& name = "fixed");

/// The key whose secret is 00 01 02 ... 1f: that of tests/golden.
Key golden_key();

} // namespace wm::test
