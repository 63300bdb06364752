/// The reader of usage logs, in which a line may be cut or made up. Each line is an event, an exception or empty; an event's canonical
/// text is read as the same event, and the report over any log adds up: what comes in goes out.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wm/usage.h"

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_event(const wm::UsageEvent& event) {
    require(event.num_uses > 0 && event.amount >= 0 && !event.id.empty());
    const wm::UsageLog again = wm::read_usage_log(event.text, "again");
    require(again.exceptions.empty() && again.events.size() == 1);
    require(again.events[0].text == event.text && again.events[0].amount == event.amount);
}

void check_sums(const wm::UsageReport& report) {
    wm::Amounts out;
    const auto add = [&](const wm::Amounts& amounts) {
        for (const auto& [unit, amount] : amounts) {
            out[unit] += amount;
        }
    };
    for (const wm::UsageShare& share : report.shares) {
        add(share.amounts);
    }
    for (const wm::HeldAmount& held : report.held) {
        add(held.amounts);
    }
    for (const auto& [unit, amount] : report.in) {
        require(out[unit] == amount);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const wm::UsageLog log = wm::read_usage_log({reinterpret_cast<const char*>(bytes), size}, "usage.ndjson");
    for (const wm::UsageEvent& event : log.events) {
        check_event(event);
    }
    wm::UsageReportOptions options;
    options.pool = 100;
    options.currency = "EUR";
    check_sums(wm::report_usage(log, {}, options));
    return 0;
}
