#pragma once

#include <optional>
#include <string>

#include "audio/true_peak.h"
#include "watermark/reading.h"
#include "watermark/residual_maker.h"
#include "wm/watermark.h"

namespace wm {

/// The accepted chance of any false finding, when embedding looks for marks.
inline constexpr double kEmbedFalsePositiveBound = 1e-9;

/// Fills in what was changed, of a recording whose duration is known.
void describe_change(const ChangeTally& change, const EmbedTally& tally, EmbedReport& report);

/// Whether enough of the recording `name` can hold a mark; warns where it is little.
/// errors   kCannotCarry
Result<void> check_carrying(const EmbedTally& tally, const std::string& name, const EmbedOptions& options,
                            EmbedReport& report);

/// Whether what was read back from the recording `name` is the id of `mark`, beyond chance; fills in by how much.
///
/// what     the mark is called in messages
/// errors   kVerifyFailed
Result<void> check_reading(const std::optional<Reading>& reading, const std::string& name, const std::string& what,
                           const EmbedOptions& options, EmbeddedMark& mark, std::vector<std::string>& warnings);

} // namespace wm
