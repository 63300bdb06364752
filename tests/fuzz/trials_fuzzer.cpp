/// The parser of results.csv. Trials that are read are written as rows that are read and written as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/trial.h"

namespace {

std::string csv_of(const std::vector<wm::Trial>& trials) {
    std::string csv = wm::trial_csv_header();
    for (const wm::Trial& trial : trials) {
        csv += wm::trial_csv_row(trial);
    }
    return csv;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (const auto trials = wm::parse_trials(std::string_view(reinterpret_cast<const char*>(bytes), size))) {
        const std::string csv = csv_of(*trials);
        const wm::Result<std::vector<wm::Trial>> again = wm::parse_trials(csv);
        if (!again || csv_of(*again) != csv) {
            std::abort();
        }
    }
    return 0;
}
