#pragma once

#include <nlohmann/json.hpp>

#include "evaluate/statistics/summary.h"

namespace wm {

/// summary.json, as docs/schemas/wm.evaluation-1.json has it. Figures that are absent or infinite are null.
nlohmann::ordered_json summary_document(const EvaluationSummary& summary);

} // namespace wm
