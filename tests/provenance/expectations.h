#pragma once

#include <initializer_list>
#include <string_view>

#include <gtest/gtest.h>

#include "wm/result.h"

namespace wm::test {

/// That `result` failed with `code`, and that its message has each of `words`.
template <class T>
void expect_failure(const Result<T>& result, ErrorCode code, std::initializer_list<std::string_view> words) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    for (const std::string_view word : words) {
        EXPECT_NE(result.error().message.find(word), std::string::npos)
            << result.error().message << "\nlacks: " << word;
    }
}

/// The value, or a fatal failure of the test that says why there is none.
template <class T>
T expect_value(Result<T> result) {
    if (!result) {
        ADD_FAILURE() << result.error().message;
    }
    return *std::move(result);
}

} // namespace wm::test
