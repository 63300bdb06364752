#pragma once

/// Attacks with other recordings and other people's tools.

#include <cstdint>
#include <functional>
#include <vector>

#include "wm/audio.h"
#include "wm/key.h"

namespace wm {

/// Collusion: the mean of several differently marked copies of one recording, over the shortest one's length.
/// errors   kUsage: another sample rate or number of channels
Result<Audio> average_copies(const Audio& audio, const std::vector<Audio>& others);

/// Copies a mark: what `audio` has over `host`, its unmarked original, is added to `target`, over the shortest one's length.
/// errors   kUsage: another sample rate or number of channels
Result<Audio> transplant_residual(const Audio& audio, const Audio& host, const Audio& target);

/// Marks the recording once more, under another key, whatever it carries already.
/// errors   what embed_file() gives, but for a mark that cannot be read back: that is this attack's own affair
Result<Audio> mark_again(const Audio& audio, const Key& key, std::uint64_t id, double strength);

/// Runs a command with {in} and {out} replaced by WAV files (24 bits in; anything readable out).
/// errors   kIo: it failed (the message has its standard error); kCancelled; what reading its output gives
Result<Audio> run_external(const Audio& audio, const std::string& command, const std::function<bool()>& goes_on);

} // namespace wm
