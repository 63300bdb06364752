#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audio/audio_file.h"

namespace wm {

/// The hash of wm/audio_hash.h, block by block: add() the recording's blocks in order, then read hex().
class AudioHasher {
public:
    explicit AudioHasher(const AudioSpec& spec);
    ~AudioHasher();
    AudioHasher(const AudioHasher&) = delete;
    AudioHasher& operator=(const AudioHasher&) = delete;

    void add(const AudioBlock& block);

    /// 32 lower-case hex digits for what was added so far.
    std::string hex() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace wm
