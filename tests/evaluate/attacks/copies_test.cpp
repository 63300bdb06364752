#include "evaluate/attacks/copies.h"

#include <gtest/gtest.h>

#include "evaluate/process.h"
#include "measures.h"
#include "signals.h"

namespace wm {
namespace {

TEST(Collusion, IsTheMeanOfTheCopies) {
    const Audio a = white_noise(2, 0.1, 0.2, 1);
    const Audio b = white_noise(2, 0.1, 0.1, 2);
    const Audio c = white_noise(2, 0.1, 0.2, 3);
    const Result<Audio> mean = average_copies(a, {b, c});
    ASSERT_TRUE(mean.has_value());
    EXPECT_EQ(mean->num_samples(), b.num_samples());
    EXPECT_NEAR(mean->channels[1][33], (a.channels[1][33] + b.channels[1][33] + c.channels[1][33]) / 3, 1e-7);
    EXPECT_EQ(average_copies(a, {white_noise(1, 0.1, 0.1)}).error().code, ErrorCode::kUsage);
}

TEST(Transplant, AddsTheDifferenceToTheTarget) {
    const Audio host = white_noise(1, 0.1, 0.1, 1);
    const Audio target = white_noise(1, 0.1, 0.1, 2);
    Audio marked = host;
    marked.channels[0][9] += 0.25F;
    const Result<Audio> forged = transplant_residual(marked, host, target);
    ASSERT_TRUE(forged.has_value());
    EXPECT_NEAR(forged->channels[0][9], target.channels[0][9] + 0.25F, 1e-6);
    EXPECT_EQ(forged->channels[0][10], target.channels[0][10]);
    EXPECT_EQ(transplant_residual(marked, host, white_noise(2, 0.1, 0.1)).error().code, ErrorCode::kUsage);
}

TEST(External, RunsItsCommandOnFiles) {
    const Audio noise = white_noise(2, 0.1, 0.2);
    const Result<Audio> copy = run_external(noise, "cp {in} {out}", {});
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    EXPECT_GT(snr_db(noise, *copy), 100);
}

TEST(External, SaysWhatTheCommandSaid) {
    const Audio noise = white_noise(1, 0.1, 0.1);
    const Result<Audio> failed = run_external(noise, "echo the codec is not there >&2; exit 3", {});
    ASSERT_FALSE(failed.has_value());
    EXPECT_NE(failed.error().message.find("exit code 3: the codec is not there"), std::string::npos)
        << failed.error().message;
    EXPECT_FALSE(run_external(noise, "true", {}).has_value()) << "it wrote nothing";
}

TEST(Commands, StopWhenTold) {
    const Result<ProcessOutcome> stopped = run_command("sleep 100 & wait", [] { return false; });
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(Commands, KeepOutputAndTheEndOfErrors) {
    const Result<ProcessOutcome> outcome = run_command("seq 1 100000 >&2; echo found; kill -9 $$");
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->output, "found\n");
    EXPECT_EQ(outcome->exit_code, 137);
    EXPECT_EQ(describe_failure(*outcome), "exit code 137: 99996\n99997\n99998\n99999\n100000");
}

TEST(Commands, PlaceholdersAreQuotedAndOtherBracesStay) {
    EXPECT_EQ(fill_command("f {in} ${x} {unknown} {out", {{"in", "a'b c"}}), "f 'a'\\''b c' ${x} {unknown} {out");
}

} // namespace
} // namespace wm
