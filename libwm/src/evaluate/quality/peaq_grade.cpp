#include <array>
#include <cmath>

#include "evaluate/quality/peaq_meter.h"

namespace wm {
namespace {

/// The constants of section 6.2. Variables stand in the standard's order, which is PeaqVariables's.
struct Input {
    double at_0; ///< the variable's value that the network sees as 0
    double at_1;
    std::array<double, 3> weights; ///< into the three hidden nodes
};

constexpr std::array<Input, 11> kInputs = {{
    {393.916656, 921, {-0.502657, 0.436333, 1.219602}},
    {361.965332, 881.131226, {4.307481, 3.246017, 1.123743}},
    {-24.045116, 16.212030, {4.984241, -2.211189, -0.192096}},
    {1.110661, 107.137772, {0.051056, -1.762424, 4.331315}},
    {-0.206623, 2.886017, {2.321580, 1.789971, -0.754560}},
    {0.074318, 13.933351, {-5.303901, -3.452257, -10.814982}},
    {1.113683, 63.257874, {2.730991, -6.111805, 1.519223}},
    {0.950345, 1145.018555, {0.624950, -1.331523, -5.955151}},
    {0.029985, 14.819740, {3.102889, 0.871260, -5.922878}},
    {0.000101, 1, {-1.051468, -0.939882, -0.142913}},
    {0, 1, {-1.804679, -0.503610, -0.620456}},
}};
constexpr std::array<double, 3> kHiddenBias = {-2.518254, 0.654841, -2.207228};
constexpr std::array<double, 3> kOutputWeights = {-3.817048, 4.107138, 4.629582};
constexpr double kOutputBias = -0.307594;
constexpr double kWorstGrade = -3.98;
constexpr double kBestGrade = 0.22;

double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

} // namespace

PeaqGrade grade(const PeaqVariables& variables) {
    const std::array<double, kInputs.size()> values = {variables.bandwidth_ref,
                                                       variables.bandwidth_test,
                                                       variables.total_nmr_db,
                                                       variables.win_mod_diff_1,
                                                       variables.adb,
                                                       variables.ehs,
                                                       variables.avg_mod_diff_1,
                                                       variables.avg_mod_diff_2,
                                                       variables.rms_noise_loud,
                                                       variables.mfpd,
                                                       variables.rel_dist_frames};
    std::array<double, 3> hidden = kHiddenBias;
    for (std::size_t k = 0; k < kInputs.size(); ++k) {
        const double scaled = (values[k] - kInputs[k].at_0) / (kInputs[k].at_1 - kInputs[k].at_0);
        for (std::size_t node = 0; node < hidden.size(); ++node) {
            hidden[node] += kInputs[k].weights[node] * scaled;
        }
    }
    double index = kOutputBias;
    for (std::size_t node = 0; node < hidden.size(); ++node) {
        index += kOutputWeights[node] * sigmoid(hidden[node]);
    }
    return {kWorstGrade + (kBestGrade - kWorstGrade) * sigmoid(index), index, variables};
}

} // namespace wm
