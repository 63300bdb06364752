#include <algorithm>

#include <fmt/format.h>

#include "provenance/verdict_fields.h"
#include "wm/usage.h"

namespace wm {
namespace {

/// More than any line earns; sums of nine million such lines still fit.
constexpr std::int64_t kMaxAmount = 1'000'000'000'000;

/// A claim as a line names it.
struct UsedClaim {
    std::string claim_id;
    std::string subject;
    std::string isrc;
};

/// The line's own fields.
struct UsageLine {
    UsageEvent event;
    std::vector<UsedClaim> claims;
};

} // namespace

template <>
struct Fields<UsedClaim> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claim", self.claim_id);
        a.required("subject", self.subject);
        a("isrc", self.isrc);
    }
};

template <>
struct Fields<UsageLine> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        Moment time{self.event.time_s, false};
        a.required("id", self.event.id);
        a.required("time", time);
        self.event.time_s = time.unix_s;
        a("file", self.event.file);
        a("licensee", self.event.licensee);
        a.required("decision", self.event.decision);
        a.required("claims", self.claims);
        a.required("answers", self.event.answers);
        a("count", self.event.num_uses);
        a("amount", self.event.amount);
        a("currency", self.event.currency);
    }
};

namespace {

bool is_currency(const std::string& text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<void> check_event(const UsageEvent& event) {
    if (event.id.empty()) {
        return fail(ErrorCode::kFormat, "id: it is empty");
    }
    if (event.num_uses < 1 || event.num_uses > kMaxAmount) {
        return fail(ErrorCode::kFormat, fmt::format("count: {} is not from 1 to {}", event.num_uses, kMaxAmount));
    }
    if (event.amount < 0 || event.amount > kMaxAmount) {
        return fail(ErrorCode::kFormat, fmt::format("amount: {} is not from 0 to {}", event.amount, kMaxAmount));
    }
    if (event.amount > 0 && event.currency.empty()) {
        return fail(ErrorCode::kFormat, "currency: an amount needs one");
    }
    if (!event.currency.empty() && !is_currency(event.currency)) {
        return fail(ErrorCode::kFormat, "currency: three capital letters (ISO 4217) are wanted");
    }
    return {};
}

Result<UsageEvent> parse_line(std::string_view line) {
    Result<Json> document = parse_json(line);
    if (!document || !document->is_object() || document->value("schema", Json()) != "wm.usage/1") {
        return fail(ErrorCode::kFormat, document ? "it is no wm.usage/1" : document.error().message);
    }
    const std::string text = canonical_json(*document);
    document->erase("schema");
    return read_fields<UsageLine>(*document).and_then([&](UsageLine read) -> Result<UsageEvent> {
        for (const UsedClaim& claim : read.claims) {
            read.event.subjects.push_back(claim.subject);
        }
        read.event.text = text;
        return check_event(read.event).map([&] { return std::move(read.event); });
    });
}

} // namespace

UsageLog read_usage_log(std::string_view text, const std::string& name) {
    UsageLog log;
    for (std::size_t line_number = 1; !text.empty(); ++line_number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::string place = fmt::format("{}:{}", name, line_number);
        Result<UsageEvent> event = parse_line(line);
        if (event) {
            event->place = place;
            log.events.push_back(*std::move(event));
        } else if (!line.empty()) {
            log.exceptions.push_back({"USAGE_LINE_UNREADABLE", place, event.error().message, 0, ""});
        }
    }
    return log;
}

} // namespace wm
