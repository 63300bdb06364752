#pragma once

/// Folders of results: files, and last a document that names them with their hashes and can be signed.

#include <string>
#include <vector>

#include "documents.h"
#include "wm/party.h"

namespace wm::cli {

/// Writes `document` to the folder, as `name`, with `files` (each name and SHA-256), signed where `identity` is given.
/// returns  the document, as it was written
/// errors   kUsage (a file of that name exists), kIo, kKey
Result<std::string> seal_folder(const std::string& folder, const std::vector<std::string>& files,
                                const std::string& name, Document document, const std::string& identity);

/// errors   kIo
Result<void> make_folder(const std::string& folder);

/// Checks a signed document, and that the files that it names stand beside it as they were.
/// errors   as verify_statement(); kFormat: a file was changed; kIo
Result<void> verify_signed_folder(const std::string& path, const std::string& text, const Party& party);

} // namespace wm::cli
