#include "evaluate/report/clips.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <sodium/utils.h>

namespace wm {
namespace {

constexpr std::size_t kMostBytes = std::size_t{30} * 1000 * 1000;

bool stays_inside(const std::filesystem::path& name) {
    if (name.empty() || name.is_absolute()) {
        return false;
    }
    for (const std::filesystem::path& part : name) {
        if (part == "..") {
            return false;
        }
    }
    return true;
}

std::string to_base64(const std::vector<char>& bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the terminator
    return text;
}

} // namespace

void EmbeddedClips::add(const std::string& name) {
    if (!stays_inside(name) || document_.contains(name)) {
        return;
    }
    std::ifstream file(std::filesystem::path(folder_) / name, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::string url = "data:audio/ogg;base64," + to_base64(bytes);
    if (bytes.empty() || num_bytes_ + url.size() > kMostBytes) {
        return;
    }
    num_bytes_ += url.size();
    document_[name] = url;
}

} // namespace wm
