#include "index_sources.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>
#include <sys/stat.h>

#include "table.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 24> kEndings = {
    ".wav",  ".wave", ".rf64", ".bw64", ".w64", ".aif", ".aiff", ".aifc", ".flac", ".mp3", ".ogg", ".oga",
    ".opus", ".m4a",  ".aac",  ".mp4",  ".mka", ".mkv", ".webm", ".wv",   ".caf",  ".au",  ".wma", ".mov"};

} // namespace

bool has_ending_of_recording(const std::string& path) {
    std::string ending = fs::path(path).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

namespace {

IndexSource source_of(const std::string& path) {
    IndexSource source;
    source.path = path;
    source.track.id = fs::path(path).stem().string();
    return source;
}

Result<void> append_folder(const std::string& folder, std::vector<IndexSource>& sources) {
    std::vector<std::string> paths;
    std::error_code failure;
    for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        std::error_code ignored; // a file that went away meanwhile is none
        if (entry->is_regular_file(ignored) && has_ending_of_recording(entry->path().string())) {
            paths.push_back(entry->path().string());
        }
    }
    if (failure) {
        return fail(ErrorCode::kIo, fmt::format("cannot read the folder {}: {}", folder, failure.message()));
    }
    std::sort(paths.begin(), paths.end());
    std::transform(paths.begin(), paths.end(), std::back_inserter(sources), source_of);
    return {};
}

Result<std::string> read_all(const std::string& path) {
    if (path == "-") {
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    return file.is_open() && !file.bad() ? Result<std::string>(std::move(text))
                                         : fail(ErrorCode::kIo, fmt::format("cannot read {}", path));
}

} // namespace

Result<std::vector<IndexSource>> find_index_sources(const std::vector<std::string>& paths) {
    std::vector<IndexSource> sources;
    for (const std::string& path : paths) {
        std::error_code failure;
        if (fs::is_directory(path, failure)) {
            if (Result<void> done = append_folder(path, sources); !done) {
                return tl::unexpected(done.error());
            }
        } else {
            sources.push_back(source_of(path));
        }
    }
    return sources;
}

Result<std::vector<IndexSource>> read_index_manifest(const std::string& path) {
    constexpr std::array<std::string_view, 4> kColumns = {"input", "id", "isrc", "title"};
    const Result<std::vector<TableRow>> rows =
        read_all(path).and_then([&](const std::string& text) { return parse_table(text, kColumns); });
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    const std::string folder = path == "-" ? "." : fs::path(path).parent_path().string();
    std::vector<IndexSource> sources;
    for (const TableRow& row : *rows) {
        IndexSource source = source_of(find_input(row.fields[0], folder.empty() ? "." : folder));
        if (!row.fields[1].empty()) {
            source.track.id = row.fields[1];
        }
        source.track.isrc = row.fields[2];
        source.track.title = row.fields[3];
        sources.push_back(std::move(source));
    }
    return sources;
}

std::string source_stamp(const std::string& path) {
    struct stat status = {};
    if (stat(path.c_str(), &status) != 0) {
        return {};
    }
    std::error_code ignored;
    return fmt::format("{}|{}|{}.{:09}", fs::absolute(path, ignored).string(), status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec);
}

} // namespace wm::cli
