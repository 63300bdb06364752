#include "wm/notice.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <sodium.h>

#include "provenance/claim_fields.h"
#include "provenance/suggest_name.h"

namespace wm {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr unsigned kVersionShift = 60;
constexpr unsigned kAiShareShift = 50;
constexpr unsigned kReservedShift = 48;
constexpr unsigned kIssuerShift = 16;
constexpr unsigned kCheckBits = 16;

constexpr const char* kAiShareName = "containsAI";

/// Where two bits say what was chosen.
struct UseField {
    Use use;
    unsigned shift;
};
constexpr std::array<UseField, 4> kUseFields = {
    {{Use::kDataMining, 58}, {Use::kAiInference, 56}, {Use::kAiTraining, 54}, {Use::kAiGenerativeTraining, 52}}};

/// Undeclared is 0, the values of an enumeration follow in their order.
template <class T>
std::uint64_t code_of(T value) {
    return static_cast<std::uint64_t>(value) + 1;
}

template <class T>
std::optional<T> decode(std::uint64_t payload, unsigned shift) {
    const std::uint64_t code = payload >> shift & 3;
    return code == 0 ? std::nullopt : std::optional(static_cast<T>(code - 1));
}

/// CRC-16 of the upper 48 bits, first bit first: polynomial x^16 + x^12 + x^5 + 1, starting from all ones.
/// source   ITU-T X.25 (generator); Koopman and Chakravarty, DSN 2004: any three wrong bits are found at this length
std::uint64_t check_of(std::uint64_t payload) {
    std::uint64_t check = 0xffff;
    for (unsigned bit = 64; bit-- > kCheckBits;) {
        const bool is_odd = ((payload >> bit ^ check >> 15) & 1) != 0;
        check = (check << 1 & 0xffff) ^ (is_odd ? 0x1021 : 0);
    }
    return check;
}

template <class T>
Result<T> parse_value(std::string_view name, std::string_view value) {
    for (const auto& [known, named] : Names<T>::table()) {
        if (known == value) {
            return named;
        }
    }
    return fail(ErrorCode::kUsage,
                fmt::format("{}=\"{}\" is unknown: {}", name, value, suggest_name(value, all_names<T>())));
}

Result<void> declare_share(PublicNotice& notice, std::string_view value) {
    if (notice.contains_ai) {
        return fail(ErrorCode::kUsage, fmt::format("{} is declared twice", kAiShareName));
    }
    return parse_value<AiShare>(kAiShareName, value).map([&](AiShare share) { notice.contains_ai = share; });
}

/// What a notice can speak of.
std::vector<std::string> all_subjects() {
    std::vector<std::string> subjects{kAiShareName};
    for (const UseField& field : kUseFields) {
        subjects.emplace_back(name_of(field.use));
        subjects.push_back(subjects.back().substr(subjects.back().find('.') + 1));
    }
    return subjects;
}

Result<void> declare_use(PublicNotice& notice, std::string_view name, std::string_view value) {
    const Result<Use> use = parse_use(name);
    if (!use || !is_ai_use(*use)) {
        return fail(ErrorCode::kUsage, fmt::format("a public notice says nothing about \"{}\": {}", name,
                                                   suggest_name(name, all_subjects())));
    }
    if (notice.training_mining.contains(*use)) {
        return fail(ErrorCode::kUsage, fmt::format("{} is declared twice", name_of(*use)));
    }
    return parse_value<Choice>(name, value).map([&](Choice choice) { notice.training_mining[*use] = {choice, ""}; });
}

Result<void> declare(PublicNotice& notice, std::string_view declaration) {
    const std::size_t equals = declaration.find('=');
    if (equals == std::string_view::npos) {
        return fail(ErrorCode::kUsage, fmt::format("\"{}\" declares nothing: write ai_training=notAllowed, or {}=None",
                                                   declaration, kAiShareName));
    }
    const std::string_view name = declaration.substr(0, equals);
    const std::string_view value = declaration.substr(equals + 1);
    return name == kAiShareName ? declare_share(notice, value) : declare_use(notice, name, value);
}

} // namespace

std::uint64_t pack_notice(const PublicNotice& notice) {
    std::uint64_t payload = kVersion << kVersionShift | std::uint64_t{notice.issuer} << kIssuerShift;
    for (const auto& [use, shift] : kUseFields) {
        const auto consent = notice.training_mining.find(use);
        payload |= consent == notice.training_mining.end() ? 0 : code_of(consent->second.use) << shift;
    }
    payload |= notice.contains_ai ? code_of(*notice.contains_ai) << kAiShareShift : 0;
    return payload | check_of(payload);
}

Result<PublicNotice> unpack_notice(std::uint64_t payload) {
    if (check_of(payload) != (payload & 0xffff)) {
        return fail(ErrorCode::kFormat, "a mark of the public key that is no notice, or a damaged one");
    }
    if (payload >> kVersionShift != kVersion || (payload >> kReservedShift & 3) != 0) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("a public notice of a form that this version of wm does not know (version {})",
                                payload >> kVersionShift));
    }
    PublicNotice notice;
    for (const auto& [use, shift] : kUseFields) {
        if (const std::optional<Choice> choice = decode<Choice>(payload, shift)) {
            notice.training_mining[use] = {*choice, ""};
        }
    }
    notice.contains_ai = decode<AiShare>(payload, kAiShareShift);
    notice.issuer = static_cast<std::uint32_t>(payload >> kIssuerShift);
    return notice;
}

std::uint32_t issuer_code(std::string_view name) {
    if (name.empty()) {
        return 0;
    }
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const std::uint8_t*>(name.data()), name.size());
    std::uint32_t code = 0;
    for (std::size_t k = 0; k < sizeof code; ++k) {
        code = code << 8 | hash[k];
    }
    return std::max<std::uint32_t>(code, 1);
}

std::string format_issuer(std::uint32_t issuer) {
    return fmt::format("{:08x}", issuer);
}

Result<PublicNotice> parse_notice(const std::vector<std::string>& declarations, std::string_view issuer) {
    if (declarations.empty()) {
        return fail(ErrorCode::kUsage, "a public notice that declares nothing");
    }
    PublicNotice notice;
    notice.issuer = issuer_code(issuer);
    for (const std::string& declaration : declarations) {
        if (const Result<void> declared = declare(notice, declaration); !declared) {
            return tl::unexpected(declared.error());
        }
    }
    return notice;
}

PublicNotice strictest(const PublicNotice& a, const PublicNotice& b) {
    PublicNotice strict = a;
    for (const auto& [use, consent] : b.training_mining) {
        Consent& own = strict.training_mining.try_emplace(use, consent).first->second;
        own = consent.use > own.use ? consent : own;
    }
    strict.contains_ai = std::max(a.contains_ai, b.contains_ai); // undeclared comes before all
    strict.issuer = a.issuer == b.issuer ? a.issuer : 0;
    return strict;
}

std::string describe_notice(const PublicNotice& notice) {
    std::vector<std::string> parts;
    for (const auto& [use, consent] : notice.training_mining) {
        parts.push_back(fmt::format("{} {}", name_of(use), name_of(consent.use)));
    }
    if (notice.contains_ai) {
        parts.push_back(fmt::format("{} {}", kAiShareName, name_of(*notice.contains_ai)));
    }
    parts.push_back(notice.issuer == 0 ? "issuer undeclared" : "issuer " + format_issuer(notice.issuer));
    return fmt::format("{}", fmt::join(parts, ", "));
}

const char* name_of(Choice choice) {
    return written_name(choice).c_str();
}

const char* name_of(AiShare share) {
    return written_name(share).c_str();
}

} // namespace wm
