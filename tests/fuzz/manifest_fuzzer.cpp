/// The parser of batch manifests. Rows that it lets through name files inside the output folder, each once.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string_view>

#include "manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto rows = wm::cli::parse_manifest({reinterpret_cast<const char*>(bytes), size}, "");
    std::set<std::string> outputs;
    for (const wm::cli::ManifestRow& row : rows.value_or(std::vector<wm::cli::ManifestRow>())) {
        const std::filesystem::path output = row.output;
        if (output.is_absolute() || output.empty() || *output.begin() == ".." || !outputs.insert(row.output).second) {
            std::abort();
        }
    }
    return 0;
}
