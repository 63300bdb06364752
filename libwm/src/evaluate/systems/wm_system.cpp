#include <algorithm>

#include "base/random_stream.h"
#include "evaluate/systems/system.h"
#include "wm/id.h"
#include "wm/watermark.h"

namespace wm {
namespace {

class WmSystem final : public WatermarkSystem {
public:
    explicit WmSystem(std::uint64_t seed)
        : own_({Key::for_measurement(derived_seed(seed, "own key"), "own")}),
          strangers_({Key::for_measurement(derived_seed(seed, "stranger's key"), "stranger")}) {}

    const std::string& name() const override { return name_; }
    int num_bits() const override { return 64; }
    std::string description() const override {
        return "wm, in process, keys " + own_[0].id() + " " + strangers_[0].id();
    }

    Result<double> embed(const std::string& input, const std::string& output, const std::string& message,
                         const std::function<bool()>& goes_on) override {
        EmbedOptions options;
        options.force = true;
        options.verify = false; // a mark that cannot be read is what the trials are to find
        options.allow_weak = true;
        return parse_id(message)
            .and_then(
                [&](std::uint64_t id) { return embed_file(input, output, own_[0], id, options, progress_of(goes_on)); })
            .map([](const EmbedReport&) { return 0.0; });
    }

    Result<SystemFinding> detect(const std::string& clip, WhichKey key, const std::string& message,
                                 const std::function<bool()>& goes_on) override {
        const std::vector<Key>& keys = key == WhichKey::kOwn ? own_ : strangers_;
        return detect_file(clip, keys, {}, progress_of(goes_on)).map([&](const DetectReport& report) {
            return finding_of(report, message);
        });
    }

private:
    static Progress progress_of(const std::function<bool()>& goes_on) {
        return [goes_on](double) { return !goes_on || goes_on(); };
    }

    static SystemFinding finding_of(const DetectReport& report, const std::string& message) {
        SystemFinding finding;
        finding.false_positive_bound = report.false_positive_bound;
        if (report.outcome == DetectOutcome::kInconclusive) {
            finding.outcome = TrialOutcome::kInconclusive;
            finding.message = report.reason;
        }
        if (report.marks.empty()) {
            return finding;
        }
        const auto own = std::find_if(report.marks.begin(), report.marks.end(),
                                      [&](const Mark& mark) { return format_id(mark.id) == message; });
        const Mark& mark = own == report.marks.end() ? report.marks[0] : *own;
        finding.outcome = own == report.marks.end() ? TrialOutcome::kWrong : TrialOutcome::kDetected;
        finding.score = mark.score;
        finding.log10_p_value = mark.log10_p_value;
        finding.bit_errors = __builtin_popcountll(mark.id ^ parse_id(message).value_or(0));
        return finding;
    }

    std::string name_ = "wm";
    std::vector<Key> own_;
    std::vector<Key> strangers_;
};

} // namespace

std::unique_ptr<WatermarkSystem> make_wm_system(std::uint64_t seed) {
    return std::make_unique<WmSystem>(seed);
}

} // namespace wm
