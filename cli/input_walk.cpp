#include "input_walk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/csv.h"
#include "index_sources.h"
#include "table.h"
#include "text_file.h"

namespace wm::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"input", "title", "account", "time"};

bool read_line(std::ifstream& file, std::string& line) {
    if (!std::getline(file, line)) {
        return false;
    }
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    return true;
}

/// Whether a list's first line is a manifest's header, and no recording's name.
bool is_header(const std::string& line) {
    const Result<std::vector<CsvRecord>> records = parse_csv(line);
    return records && records->size() == 1 &&
           std::count(records->front().fields.begin(), records->front().fields.end(), kColumns[0]) > 0;
}

} // namespace

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
    return walk->read_header().map([&] { return std::move(walk); }).map_error([&](const Error& error) {
        return in_file(path, error);
    });
}

Result<void> InputWalk::read_header() {
    std::string line;
    if (!read_line(list_, line) || !is_header(line)) {
        list_.clear();
        list_.seekg(0);
        return {};
    }
    header_ = line;
    line_number_ = 1;
    return parse_table(header_, kColumns).map([](const auto&) {});
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
            return WalkedInput{path, "", "", "", {}};
        }
        Result<Level> inner = read_folder(path.substr(0, path.size() - 1));
        if (!inner) {
            return WalkedInput{path, inner.error().message, "", "", {}};
        }
        levels_.push_back(*std::move(inner));
    }
    return std::nullopt;
}

std::optional<WalkedInput> InputWalk::next_of_list() {
    for (std::string line; read_line(list_, line);) {
        ++line_number_;
        if (!line.empty()) {
            return header_.empty() ? WalkedInput{find_input(line, list_folder_), "", "", "", {}} : parse_row(line);
        }
    }
    return std::nullopt;
}

WalkedInput InputWalk::parse_row(const std::string& line) const {
    const Result<std::vector<TableRow>> rows = parse_table(header_ + "\n" + line, kColumns);
    if (!rows || rows->empty()) {
        return {line, fmt::format("line {} does not fit the header {}", line_number_, header_), "", "", {}};
    }
    const std::vector<std::string>& fields = rows->front().fields;
    WalkedInput input{find_input(fields[0], list_folder_), "", fields[1], fields[2], {}};
    if (const Result<std::optional<std::int64_t>> time = parse_time_field(fields[3])) {
        input.time_s = *time;
    } else {
        input.error = fmt::format("line {}: {}", line_number_, time.error().message);
    }
    return input;
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
