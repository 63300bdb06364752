#include <sodium.h>

#include "base/hex.h"
#include "provenance/claim_fields.h"
#include "provenance/toml_json.h"
#include "wm/verdict.h"

namespace wm {

template <>
struct Fields<SignalLimits> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("shortSeconds", self.short_s);
        a("paddedShare", self.padded_share);
        a("loopedShare", self.looped_share);
        a("loopRepeats", self.least_repeats);
        a("duplicateShare", self.duplicate_share);
        a("duplicateShareOfLonger", self.duplicate_share_of_longer);
        a("manyNames", self.many_names);
        a("burstUploads", self.burst_uploads);
        a("burstSeconds", self.burst_s);
    }
};

template <>
struct Fields<Profile> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("name", self.name);
        a("unknown", self.unknown);
        a("maxMarkPValue", self.max_mark_p_value);
        a("maxMatchPValue", self.max_match_p_value);
        a("minMatchSeconds", self.min_match_s);
        a("minIdentifiedShare", self.min_identified_share);
        a("uses", self.uses);
        a("territories", self.territories);
        a("licensee", self.licensee);
        a("signals", self.signals);
    }
};

namespace {

/// Changes whenever the rules of decide() do, so that no two policies share a hash.
constexpr const char* kRules = "wm-policy/2";
constexpr const char* kSchema = "wm-profile/1";

Result<void> check_limits(const SignalLimits& limits) {
    for (const auto& [name, share] :
         {std::pair("paddedShare", limits.padded_share), std::pair("loopedShare", limits.looped_share),
          std::pair("duplicateShare", limits.duplicate_share),
          std::pair("duplicateShareOfLonger", limits.duplicate_share_of_longer)}) {
        if (!(share > 0 && share <= 1)) {
            return fail(ErrorCode::kFormat, fmt::format("signals.{}: above 0 and at most 1 is wanted", name));
        }
    }
    for (const auto& [name, value] :
         {std::pair("shortSeconds", limits.short_s), std::pair("burstSeconds", limits.burst_s)}) {
        if (!(value >= 0)) {
            return fail(ErrorCode::kFormat, fmt::format("signals.{}: it is below 0", name));
        }
    }
    for (const auto& [name, value] : {std::pair("loopRepeats", limits.least_repeats),
                                      std::pair("manyNames", static_cast<double>(limits.many_names)),
                                      std::pair("burstUploads", static_cast<double>(limits.burst_uploads))}) {
        if (!(value >= 2)) {
            return fail(ErrorCode::kFormat, fmt::format("signals.{}: 2 or more is wanted", name));
        }
    }
    return {};
}

Result<void> check(const Profile& profile) {
    const auto expect = [](bool holds, const char* what) {
        return holds ? Result<void>() : fail(ErrorCode::kFormat, what);
    };
    Result<void> result =
        expect(profile.unknown != Decision::kAllowWithTerms, "unknown: allow, unknown, review or block is wanted")
            .and_then([&] {
                return expect(profile.max_mark_p_value > 0 && profile.max_mark_p_value <= 1e-3,
                              "maxMarkPValue: above 0 and at most 0.001 is wanted");
            })
            .and_then([&] {
                return expect(profile.max_match_p_value > 0 && profile.max_match_p_value <= 1e-3,
                              "maxMatchPValue: above 0 and at most 0.001 is wanted");
            })
            .and_then([&] { return expect(profile.min_match_s >= 0, "minMatchSeconds: it is below 0"); })
            .and_then([&] {
                return expect(profile.min_identified_share >= 0 && profile.min_identified_share <= 1,
                              "minIdentifiedShare: 0 to 1 is wanted");
            })
            .and_then([&] { return check_limits(profile.signals); });
    for (const std::string& territory : profile.territories) {
        result = result.and_then([&] { return check_territory(territory); });
    }
    return result;
}

} // namespace

std::string Profile::hash() const {
    Json document = write_value(*this);
    document["rules"] = kRules;
    const std::string text = canonical_json(document);
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return to_hex(digest);
}

Result<Profile> parse_profile_toml(std::string_view text) {
    return toml_to_json(text).and_then([](Json document) -> Result<Profile> {
        if (document.value("schema", Json()) != kSchema) {
            return fail(ErrorCode::kFormat, fmt::format("schema: write schema = \"{}\"", kSchema));
        }
        document.erase("schema");
        return read_fields<Profile>(document).and_then(
            [](const Profile& profile) { return check(profile).map([&] { return profile; }); });
    });
}

} // namespace wm
