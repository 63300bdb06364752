#pragma once

/// Looking at a recording for a verdict, and finding the claims that what was found leads to.

#include <string>
#include <vector>

#include "wm/key.h"
#include "wm/registry.h"
#include "wm/verdict.h"
#include "wm/watermark.h"

namespace wm {

/// What recordings are searched with.
struct EvidenceSources {
    std::vector<Key> keys;   ///< marks of these are read, and public notices in any case; may be empty
    std::string index_path;  ///< recordings are named by this index; empty: by none
    bool want_shape = false; ///< and looked at for what signals are about
};

/// Searches the recording at `path`. What cannot be decoded, is silent or too short is evidence, too: it says so.
/// errors   kIo (no such file), kCancelled; kIo, kFormat and kUnsupported of the index
/// cost     that of detect_file() and Index::identify_file()
/// threads  reentrant
Result<Evidence> gather_evidence(const std::string& path, const EvidenceSources& sources,
                                 const Progress& progress = {});

/// The claims that the evidence's marks and matches lead to, and those of others on the same recordings (by ISRC), each as it
/// was at `head`, with the licences of `licensee`. And all that their recordings were made from, with the licences of who made
/// them as well.
/// errors   as Registry::find()
Result<std::vector<ClaimHistory>> find_claims(const Registry& registry, const Evidence& evidence, const TreeHead& head,
                                              const std::string& licensee);

} // namespace wm
