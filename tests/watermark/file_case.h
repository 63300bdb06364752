#pragma once

#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "fixed_key.h"
#include "music.h"
#include "temporary_folder.h"
#include "wm/id.h"
#include "wm/watermark.h"

namespace wm::test {

/// Tests on files: a folder of their own, two keys, and an id.
class FileCase : public testing::Test {
protected:
    static constexpr std::uint64_t kId = 0x5f3a9c0212ab77e1U;

    std::string path(const std::string& name) const { return folder_ / name; }

    /// Music written as `name`; returns its path.
    std::string record(const std::string& name, const Planar& samples, int rate_hz = 44100, int bits = 16) const {
        write_wav(path(name), samples, rate_hz, bits);
        return path(name);
    }

    /// Marks without looking before or after; returns the output's path.
    std::string mark(const std::string& input, const std::string& name, const Key& key, std::uint64_t id = kId) const {
        EmbedOptions options;
        options.verify = false;
        const auto report = embed_file(input, path(name), key, id, options);
        EXPECT_TRUE(report.has_value()) << report.error().message;
        return path(name);
    }

    /// A report that must be there.
    static DetectReport detect(const std::string& input, const std::vector<Key>& keys, DesyncRange desync = DesyncRange::kNone) {
        DetectOptions options;
        options.desync = desync;
        auto report = detect_file(input, keys, options);
        EXPECT_TRUE(report.has_value()) << report.error().message;
        return report ? *report : DetectReport{};
    }

    TemporaryFolder folder_;
    Key label_ = fixed_key(1001, "label");
    Key other_ = fixed_key(1002, "other");
};

} // namespace wm::test
