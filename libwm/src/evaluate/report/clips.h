#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

namespace wm {

/// The clips of failed trials that go into the page itself, as data URLs, until they fill it; the others stay links.
/// threads  one at a time
class EmbeddedClips {
public:
    /// folder  what the clips' names are relative to
    explicit EmbeddedClips(std::string folder) : folder_(std::move(folder)) {}

    /// Takes the clip in unless it is there, would overfill the page, cannot be read, or leads out of the folder.
    void add(const std::string& name);

    /// name -> data URL
    const nlohmann::ordered_json& document() const { return document_; }

private:
    std::string folder_;
    std::size_t num_bytes_ = 0; ///< of data URLs
    nlohmann::ordered_json document_ = nlohmann::ordered_json::object();
};

} // namespace wm
