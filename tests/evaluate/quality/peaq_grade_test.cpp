#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "base/csv.h"
#include "evaluate/quality/peaq_meter.h"
#include "temporary_folder.h"

namespace wm {
namespace {

/// gstpeaq's model output variables and what its network made of them; bench/peaq_comparison.py wrote the table.
TEST(PeaqGrade, AgreesWithGstpeaqOnTheSameVariables) {
    const auto records = parse_csv(test::read_text(WM_PEAQ_GOLDEN));
    ASSERT_TRUE(records.has_value());
    ASSERT_GE(records->size(), 57U);
    const std::vector<std::string>& names = records->front().fields;
    for (auto record = records->begin() + 1; record != records->end(); ++record) {
        const auto value = [&](const std::string& name) {
            const auto column = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
            return std::atof(record->fields.at(column).c_str());
        };
        if (std::isnan(value("odg"))) {
            continue; // gstpeaq gives none where no frame has a bandwidth (docs/quality.md)
        }
        const PeaqGrade result =
            grade({value("BandwidthRef"), value("BandwidthTest"), value("Total NMR"), value("WinModDiff1"),
                   value("ADB"), value("EHS"), value("AvgModDiff1"), value("AvgModDiff2"), value("RmsNoiseLoud"),
                   value("MFPD"), value("RelDistFrames")});
        EXPECT_NEAR(result.distortion_index, value("distortion_index"), 0.001) << "line " << record->line_number;
        EXPECT_NEAR(result.odg, value("odg"), 0.001) << "line " << record->line_number;
    }
}

} // namespace
} // namespace wm
