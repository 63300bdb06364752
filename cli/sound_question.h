#pragma once

/// What commands share that answer for one recording, by what a registry knows of its sound.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "checking.h"
#include "console.h"
#include "wm/evidence.h"
#include "wm/registry.h"

namespace wm::cli {

struct SoundQuestion {
    std::string file;
    std::string registry;
    std::vector<std::string> keys;
    std::string passphrase_file;
    bool json = false;
    bool quiet = false;
};

void add_sound_question(CLI::App& app, SoundQuestion& question);

/// The verdict is about no use: what remains of it is what the recording is, and which of its marks are on their own sound.
struct SoundAnswer {
    Registry registry;
    TreeHead head;
    Evidence evidence;
    Judgement judgement;
};

/// errors   as Key::load(), Registry::open(), gather_evidence() and Registry::find()
Result<SoundAnswer> answer_by_sound(const SoundQuestion& question, Console& console);

} // namespace wm::cli
