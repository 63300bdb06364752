#include "index_exchange.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "base/hex.h"
#include "documents.h"
#include "interrupt.h"

namespace wm::cli {
namespace {

constexpr char kSchema[] = "wm.index-track/1";
constexpr std::size_t kBatchTracks = 64;

Document track_document(const IndexTrack& track, const Fingerprint& fingerprint) {
    return {{"schema", kSchema},    {"track", track.id},      {"isrc", track.isrc},
            {"title", track.title}, {"source", track.source}, {"fingerprint", to_hex(encode_fingerprint(fingerprint))}};
}

tl::unexpected<Error> wrong_line(std::size_t line_number, const std::string& why) {
    return fail(ErrorCode::kFormat, fmt::format("line {}: {}", line_number, why));
}

Result<IndexEntry> parse_track(const std::string& line, std::size_t line_number) {
    const Document document = Document::parse(line, nullptr, false);
    if (!document.is_object() || document.value("schema", Document()) != kSchema) {
        return wrong_line(line_number, "this is no track that wm index export printed");
    }
    IndexEntry entry;
    std::string digits;
    try {
        entry.track.id = document.at("track").get<std::string>();
        entry.track.isrc = document.at("isrc").get<std::string>();
        entry.track.title = document.at("title").get<std::string>();
        entry.track.source = document.at("source").get<std::string>();
        digits = document.at("fingerprint").get<std::string>();
    } catch (const Document::exception& failure) {
        return wrong_line(line_number, failure.what());
    }
    std::vector<std::uint8_t> bytes(digits.size() / 2);
    if (!from_hex(digits, bytes)) {
        return wrong_line(line_number, "the fingerprint is not written in hexadecimal");
    }
    Result<Fingerprint> fingerprint = decode_fingerprint(bytes);
    if (!fingerprint) {
        return wrong_line(line_number, fingerprint.error().message);
    }
    entry.fingerprint = *std::move(fingerprint);
    return entry;
}

/// Adds the lines of `in`, a batch at a time. returns  whether no id was there with other audio
Result<bool> import_lines(Index& index, std::istream& in, bool replace, Console& console) {
    std::vector<IndexEntry> batch;
    bool all_added = true;
    const auto publish = [&]() -> Result<void> {
        return index.add(batch, replace).map([&](const std::vector<AddOutcome>& outcomes) {
            for (std::size_t k = 0; k < batch.size(); ++k) {
                if (outcomes[k] == AddOutcome::kConflict) {
                    console.error(
                        fmt::format("the index has other audio under the id '{}': see --replace", batch[k].track.id));
                    all_added = false;
                }
            }
            batch.clear();
        });
    };
    Result<void> done;
    std::size_t line_number = 0;
    for (std::string line; done && std::getline(in, line);) {
        ++line_number;
        Result<IndexEntry> entry = parse_track(line, line_number);
        if (!entry) {
            return tl::unexpected(entry.error());
        }
        batch.push_back(*std::move(entry));
        if (interrupted()) {
            return fail(ErrorCode::kCancelled, "interrupted");
        }
        done = batch.size() < kBatchTracks ? Result<void>() : publish();
    }
    return done.and_then(publish).map([&] { return all_added; });
}

} // namespace

Result<void> export_tracks(const Index& index, Console& console) {
    const Result<std::vector<IndexTrack>> tracks = index.tracks();
    if (!tracks) {
        return tl::unexpected(tracks.error());
    }
    for (const IndexTrack& track : *tracks) {
        const Result<Fingerprint> fingerprint = index.fingerprint(track.id);
        if (!fingerprint) {
            return tl::unexpected(fingerprint.error());
        }
        console.result(to_line(track_document(track, *fingerprint)));
        if (interrupted()) {
            return fail(ErrorCode::kCancelled, "interrupted");
        }
    }
    return {};
}

ExitCode import_tracks(const std::string& path, const std::string& file, bool replace, bool quiet) {
    Console console(quiet);
    std::ifstream opened(file);
    if (file != "-" && !opened) {
        console.error(fmt::format("cannot read {}", file));
        return kFailed;
    }
    std::error_code ignored;
    Result<Index> index =
        std::filesystem::exists(path, ignored) ? Index::open(path, Index::Mode::kWrite) : Index::create(path);
    const Result<bool> all_added =
        index ? import_lines(*index, file == "-" ? std::cin : opened, replace, console) : tl::unexpected(index.error());
    if (!all_added) {
        console.error_about(file, all_added.error().message);
        return exit_code_of(all_added.error());
    }
    return *all_added ? kDone : kRefused;
}

} // namespace wm::cli
