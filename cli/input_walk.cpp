#include "input_walk.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "index_sources.h"
#include "table.h"

namespace wm::cli {

namespace fs = std::filesystem;

Result<std::unique_ptr<InputWalk>> InputWalk::open(const std::string& path) {
    std::unique_ptr<InputWalk> walk(new InputWalk);
    std::error_code ignored; // opening says what is wrong
    if (fs::is_directory(path, ignored)) {
        return walk->read_folder(path).map([&](Level level) {
            walk->levels_.push_back(std::move(level));
            return std::move(walk);
        });
    }
    walk->list_.open(path, std::ios::binary);
    if (!walk->list_.is_open()) {
        return fail(ErrorCode::kIo, fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
    }
    walk->list_folder_ = fs::path(path).parent_path().string();
    return walk;
}

std::optional<WalkedInput> InputWalk::next() {
    if (list_.is_open()) {
        return next_of_list();
    }
    while (!levels_.empty()) {
        Level& level = levels_.back();
        if (level.names.empty()) {
            levels_.pop_back();
            continue;
        }
        const std::string path = (fs::path(level.folder) / level.names.back()).string();
        level.names.pop_back();
        if (path.back() != '/') {
            return WalkedInput{path, ""};
        }
        Result<Level> inner = read_folder(path.substr(0, path.size() - 1));
        if (!inner) {
            return WalkedInput{path, inner.error().message};
        }
        levels_.push_back(*std::move(inner));
    }
    return std::nullopt;
}

std::optional<WalkedInput> InputWalk::next_of_list() {
    for (std::string line; std::getline(list_, line);) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (!line.empty()) {
            return WalkedInput{find_input(line, list_folder_), ""};
        }
    }
    return std::nullopt;
}

Result<InputWalk::Level> InputWalk::read_folder(const std::string& folder) const {
    Level level{folder, {}};
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        std::error_code ignored; // a file that went away meanwhile is none
        const std::string name = entry->path().filename().string();
        if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) { // links could lead in a circle
            level.names.push_back(name + "/");
        } else if (has_ending_of_recording(name)) {
            level.names.push_back(name);
        }
    }
    if (failure) {
        return fail(ErrorCode::kIo, fmt::format("cannot read the folder {}: {}", folder, failure.message()));
    }
    std::sort(level.names.rbegin(), level.names.rend());
    return level;
}

} // namespace wm::cli
