#include <filesystem>
#include <memory>
#include <optional>

#include "duplicate_groups.h"
#include "index_sources.h"
#include "input_walk.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

ExaminedUpload upload_of(const WalkedInput& input) {
    ExaminedUpload examined;
    examined.upload.file = input.path;
    examined.upload.name = input.title.empty() ? fs::path(input.path).stem().string() : input.title;
    examined.upload.account = input.account;
    examined.upload.time_s = input.time_s;
    examined.problem = input.error;
    return examined;
}

} // namespace

Result<std::vector<ExaminedUpload>> find_uploads(const std::vector<std::string>& paths) {
    std::vector<ExaminedUpload> uploads;
    for (const std::string& path : paths) {
        std::error_code ignored; // opening says what is wrong
        if (!fs::is_directory(path, ignored) && has_ending_of_recording(path)) {
            uploads.push_back(upload_of({path, "", "", "", {}}));
            continue;
        }
        const Result<std::unique_ptr<InputWalk>> walk = InputWalk::open(path);
        if (!walk) {
            return tl::unexpected(walk.error());
        }
        while (const std::optional<WalkedInput> input = (*walk)->next()) {
            uploads.push_back(upload_of(*input));
        }
    }
    return uploads;
}

} // namespace wm::cli
