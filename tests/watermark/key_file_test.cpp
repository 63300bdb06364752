#include "watermark/key_file.h"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <xxhash.h>

namespace wm {
namespace {

using testing::HasSubstr;

const std::string kPlainLines = "wm-key 1\n"
                                "name Label 2026\n"
                                "id 0123456789abcdef\n"
                                "secret 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
const std::string kSealedLines = "wm-key 1\n"
                                 "name Label 2026\n"
                                 "id 0123456789abcdef\n"
                                 "argon2id-passes 3\n"
                                 "argon2id-memory-kib 65536\n"
                                 "salt 000102030405060708090a0b0c0d0e0f\n"
                                 "nonce 000102030405060708090a0b0c0d0e0f1011121314151617\n"
                                 "sealed 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                                 "202122232425262728292a2b2c2d2e2f\n";

std::string with_checksum(const std::string& lines) {
    return lines + fmt::format("checksum {:016x}\n", XXH3_64bits(lines.data(), lines.size()));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
}

void expect_refused(const std::string& text, const std::string& why) {
    const Result<KeyFile> file = parse_key_file(text);
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, ErrorCode::kKey);
    EXPECT_THAT(file.error().message, HasSubstr(why)) << text;
}

TEST(KeyFile, ReadsAPlainFile) {
    const Result<KeyFile> file = parse_key_file(with_checksum(kPlainLines));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->name, "Label 2026");
    EXPECT_EQ(file->key_id, "0123456789abcdef");
    EXPECT_FALSE(file->sealed);
    ASSERT_TRUE(file->secret);
    for (std::uint8_t k = 0; k < kSecretSize; ++k) {
        EXPECT_EQ(file->secret->span()[k], k);
    }
}

TEST(KeyFile, ReadsAProtectedFile) {
    const Result<KeyFile> file = parse_key_file(with_checksum(kSealedLines));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_FALSE(file->secret);
    ASSERT_TRUE(file->sealed);
    EXPECT_EQ(file->sealed->passes, 3U);
    EXPECT_EQ(file->sealed->memory_kib, 65536U);
    EXPECT_EQ(file->sealed->salt[15], 15);
    EXPECT_EQ(file->sealed->nonce[23], 23);
    EXPECT_EQ(file->sealed->box[47], 47);
}

TEST(KeyFile, WritesWhatItRead) {
    for (const std::string& text : {with_checksum(kPlainLines), with_checksum(kSealedLines)}) {
        EXPECT_EQ(format_key_file(parse_key_file(text).value()).view(), text);
    }
}

TEST(KeyFile, NoticesAMissingByteAnywhere) {
    for (const std::string& text : {with_checksum(kPlainLines), with_checksum(kSealedLines)}) {
        for (std::size_t k = 0; k < text.size(); ++k) {
            std::string shorter = text;
            expect_refused(shorter.erase(k, 1), "damaged");
        }
    }
}

TEST(KeyFile, NoticesACutAnywhere) {
    const std::string text = with_checksum(kPlainLines);
    for (std::size_t size = 0; size < text.size(); ++size) {
        expect_refused(text.substr(0, size), "damaged");
    }
}

TEST(KeyFile, NoticesAnAlteredBitAnywhere) {
    const std::string text = with_checksum(kPlainLines);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
        std::string altered = text;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
        ASSERT_FALSE(parse_key_file(altered)) << bit;
    }
}

TEST(KeyFile, SaysThatANewerVersionNeedsANewerProgram) {
    expect_refused("wm-key 2\nwhatever\n", "version 2, which this program is too old for");
}

TEST(KeyFile, RefusesOddSpellingsEvenWithTheRightChecksum) {
    for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
             {"name Label 2026\n", ""},
             {"name Label 2026\n", "name \n"},
             {"name Label 2026\n", "name Label\x1b\n"},
             {"name Label 2026\n", "name Label 2026\nname Label 2026\n"},
             {"id 0123456789abcdef\n", ""},
             {"secret 0001", "secret 001"},
             {"secret 0001", "secret g001"},
             {"secret 0001", "secret  0001"},
             {"0a0b", "0A0b"},
             {"1d1e1f\n", "1d1e1f\n\n"},
             {"1d1e1f\n", "1d1e1f\ncomment x\n"},
             {"1d1e1f\n", "1d1e1f\r\n"},
         }) {
        expect_refused(with_checksum(replaced(kPlainLines, from, to)), "damaged");
    }
    for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
             {"passes 3", "passes 03"},
             {"passes 3", "passes -3"},
             {"passes 3", "passes 99999999999999999999"},
             {"passes 3", "passes "},
             {"salt 00", "salt "},
             {"nonce 00", "nonce "},
             {"sealed 00", "sealed "},
             {"argon2id-passes 3\n", ""},
         }) {
        expect_refused(with_checksum(replaced(kSealedLines, from, to)), "damaged");
    }
}

TEST(KeyFile, BoundsWhatAFileMayAskOfItsReader) {
    for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
             {"passes 3", "passes 0"},
             {"passes 3", "passes 17"},
             {"passes 3", "passes 4294967295"},
             {"kib 65536", "kib 7"},
             {"kib 65536", "kib 1048577"},
             {"kib 65536", "kib 104857600"},
         }) {
        expect_refused(with_checksum(replaced(kSealedLines, from, to)), "asks for");
    }
}

TEST(KeyFile, TheLongestFileFits) {
    const std::string text = with_checksum(
        replaced(replaced(replaced(kSealedLines, "Label 2026", std::string(100, 'n')), "passes 3", "passes 16"),
                 "65536", "1048576"));
    EXPECT_TRUE(parse_key_file(text));
    EXPECT_LE(text.size(), kMaxKeyFileSize);
}

KeyFile sealed_file() {
    KeyFile file{"label", "0123456789abcdef", std::nullopt, std::nullopt};
    SecretBytes secret(kSecretSize);
    std::ranges::fill(secret.span(), 0x5a);
    file.sealed = seal_secret(secret.span(), file, "correct horse").value();
    return file;
}

TEST(KeyFile, UnsealingGivesTheSecretBack) {
    const SecretBytes secret = unseal_secret(sealed_file(), "correct horse").value();
    EXPECT_EQ(std::ranges::count(secret.span(), 0x5a), 32);
}

TEST(KeyFile, TheSealAlsoCoversNameAndId) {
    KeyFile renamed = sealed_file();
    renamed.name = "other";
    EXPECT_EQ(unseal_secret(renamed, "correct horse").error().code, ErrorCode::kKey);
    KeyFile relabelled = sealed_file();
    relabelled.key_id = "0123456789abcdee";
    EXPECT_EQ(unseal_secret(relabelled, "correct horse").error().code, ErrorCode::kKey);
}

TEST(KeyFile, SealsNeverRepeatSaltOrNonce) {
    const KeyFile a = sealed_file();
    const KeyFile b = sealed_file();
    EXPECT_NE(a.sealed->salt, b.sealed->salt);
    EXPECT_NE(a.sealed->nonce, b.sealed->nonce);
}

RC_GTEST_PROP(KeyFile, EveryKeyComesBackFromItsText, (std::array<std::uint8_t, 32> secret)) {
    const auto visible = rc::gen::inRange<char>(' ', '~' + 1);
    KeyFile file{*rc::gen::nonEmpty(rc::gen::resize(100, rc::gen::container<std::string>(visible))), "0123456789abcdef",
                 SecretBytes(kSecretSize), std::nullopt};
    std::ranges::copy(secret, file.secret->span().begin());
    const Result<KeyFile> read = parse_key_file(format_key_file(file).view());
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->name == file.name);
    RC_ASSERT(std::ranges::equal(read->secret->span(), secret));
}

} // namespace
} // namespace wm
