#include "signed_folder.h"

#include <filesystem>

#include <fmt/format.h>

#include "line_log.h"
#include "text_file.h"
#include "wm/registry.h"
#include "wm/statement.h"

namespace wm::cli {
namespace {

namespace fs = std::filesystem;

Result<std::string> signed_text(const Document& document, const std::string& identity) {
    if (identity.empty()) {
        return to_line(document);
    }
    return Identity::load(identity)
        .and_then([&](const Identity& signer) { return sign_statement(to_line(document), signer); })
        .map([](const std::string& text) { return text + "\n"; });
}

} // namespace

Result<std::string> seal_folder(const std::string& folder, const std::vector<std::string>& files,
                                const std::string& name, Document document, const std::string& identity) {
    document["files"] = Document::array();
    for (const std::string& file : files) {
        const Result<std::string> hash = hash_file((fs::path(folder) / file).string());
        if (!hash) {
            return hash;
        }
        document["files"].push_back({{"name", file}, {"sha256", *hash}});
    }
    return signed_text(document, identity).and_then([&](const std::string& text) {
        return write_text_file((fs::path(folder) / name).string(), text).map([&] { return text; });
    });
}

Result<void> make_folder(const std::string& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) {
        return fail(ErrorCode::kIo, fmt::format("cannot make the folder {}: {}", folder, failure.message()));
    }
    return {};
}

Result<void> verify_signed_folder(const std::string& path, const std::string& text, const Party& party) {
    if (const Result<void> holds = verify_statement(text, party); !holds) {
        return holds;
    }
    const Document document = Document::parse(text);
    for (const Document& file : document.value("files", Document::array())) {
        const std::string beside = (fs::path(path).parent_path() / text_at(file, "name")).string();
        const Result<std::string> hash = hash_file(beside);
        if (!hash) {
            return tl::unexpected(hash.error());
        }
        if (*hash != text_at(file, "sha256")) {
            return fail(ErrorCode::kFormat, fmt::format("{} is not the file that {} speaks of", beside, path));
        }
    }
    return {};
}

} // namespace wm::cli
