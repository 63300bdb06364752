#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "documents.h"
#include "index_add.h"
#include "index_exchange.h"
#include "interrupt.h"
#include "text.h"
#include "wm/index.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm index add catalogue.db releases/ a.flac --jobs 2 --resume     files, and all recordings of folders; makes the index
  wm index add catalogue.db --manifest releases.csv                with ids, ISRCs and titles
  wm index stat catalogue.db
  wm index verify catalogue.db                                     against all checksums: says what is damaged
  wm index remove catalogue.db a b
  wm index compact catalogue.db                                    gives back the space of what was removed
  wm index export catalogue.db > tracks.ndjson
  wm index import other.db tracks.ndjson
  wm index duplicates catalogue.db

Exit codes: 0 done, intact, no duplicates; 1 verify found damage, remove found no such track, duplicates found some; 2 wrong
usage or an error; 3 add found other audio under an id (see --replace).)";

struct Arguments {
    std::string index;
    std::vector<std::string> names; ///< files and folders, ids, or the file to import
    std::string manifest;
    IndexAddOptions add;
    bool json = false;
    bool quiet = false;
};

/// Opens the index and hands it to `use`; says what went wrong.
template <class Use>
ExitCode with_index(const Arguments& arguments, Index::Mode mode, Use use) {
    Console console(arguments.quiet);
    Result<Index> index = Index::open(arguments.index, mode);
    const Result<ExitCode> outcome = index ? use(*index, console) : Result<ExitCode>(tl::unexpected(index.error()));
    if (!outcome) {
        if (outcome.error().code != ErrorCode::kCancelled) {
            console.error_about(arguments.index, outcome.error().message);
        }
        return exit_code_of(outcome.error());
    }
    return *outcome;
}

ExitCode run_add(const Arguments& arguments) {
    Console console(arguments.quiet);
    Result<std::vector<IndexSource>> sources = find_index_sources(arguments.names);
    if (sources && !arguments.manifest.empty()) {
        const Result<std::vector<IndexSource>> listed = read_index_manifest(arguments.manifest);
        if (listed) {
            sources->insert(sources->end(), listed->begin(), listed->end());
        } else {
            sources = tl::unexpected(listed.error());
        }
    }
    if (sources && sources->empty()) {
        sources = fail(ErrorCode::kUsage, "no recording to add: name files, folders or a --manifest");
    }
    if (!sources) {
        console.error(sources.error().message);
        return exit_code_of(sources.error());
    }
    return run_index_add(arguments.index, *sources, arguments.add, console);
}

ExitCode run_stat(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kRead, [&](const Index& index, Console&) {
        return index.stat().map([&](const IndexStat& stat) {
            if (arguments.json) {
                print_document(index_stat_document(arguments.index, stat));
                return kDone;
            }
            const double minutes = std::max(stat.duration_s, 1.0) / 60;
            fmt::print(
                "tracks    {}\nduration  {}\nsegments  {}\npostings  {} (lists of at most {})\nfile      {} bytes, "
                "{:.2f} kB a minute (peaks {:.2f}, postings {:.2f})\n",
                stat.num_tracks, minutes_seconds(stat.duration_s), stat.num_segments, stat.num_postings,
                stat.longest_list, stat.file_bytes, static_cast<double>(stat.file_bytes) / 1000 / minutes,
                static_cast<double>(stat.peak_bytes) / 1000 / minutes,
                static_cast<double>(stat.posting_bytes) / 1000 / minutes);
            return kDone;
        });
    });
}

ExitCode run_verify(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kRead, [&](const Index& index, Console& console) {
        return index.check(console.progress_of(0)).map([&](const IndexCheck& check) {
            if (arguments.json) {
                print_document(index_verify_document(arguments.index, check));
            } else {
                for (const std::string& fault : check.faults) {
                    console.result(printable(fault + "\n"));
                }
                console.result(fmt::format("{}: {} rows of postings, {} chunks of peaks\n",
                                           check.faults.empty() ? "intact" : "damaged", check.num_rows,
                                           check.num_chunks));
            }
            return check.faults.empty() ? kDone : kNotFound;
        });
    });
}

ExitCode run_compact(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kWrite, [&](Index& index, Console& console) {
        return index.compact(console.progress_of(0)).map([] { return kDone; });
    });
}

ExitCode run_remove(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kWrite, [&](Index& index, Console& console) -> Result<ExitCode> {
        ExitCode outcome = kDone;
        for (const std::string& id : arguments.names) {
            const Result<bool> removed = index.remove(id);
            if (!removed) {
                return tl::unexpected(removed.error());
            }
            if (*removed) {
                console.result(printable(fmt::format("removed  {}\n", id)));
            } else {
                console.error(fmt::format("{} has no track '{}'", arguments.index, id));
                outcome = kNotFound;
            }
        }
        return outcome;
    });
}

ExitCode run_export(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kRead, [&](const Index& index, Console& console) {
        return export_tracks(index, console).map([] { return kDone; });
    });
}

ExitCode run_import(const Arguments& arguments) {
    return import_tracks(arguments.index, arguments.names.front(), arguments.add.replace, arguments.quiet);
}

ExitCode run_duplicates(const Arguments& arguments) {
    return with_index(arguments, Index::Mode::kRead, [&](const Index& index, Console& console) {
        return index.duplicates(console.progress_of(0)).map([&](const std::vector<std::vector<std::string>>& groups) {
            if (arguments.json) {
                print_document({{"schema", "wm.index-duplicates/1"}, {"index", arguments.index}, {"groups", groups}});
            } else {
                for (const std::vector<std::string>& group : groups) {
                    console.result(printable(fmt::format("{}\n", fmt::join(group, "  "))));
                }
            }
            return groups.empty() ? kDone : kNotFound;
        });
    });
}

/// A subcommand of `wm index`, with what all of them take.
CLI::App* add_part(CLI::App* app, const std::shared_ptr<Arguments>& arguments, const std::string& name,
                   const std::string& description) {
    CLI::App* part = app->add_subcommand(name, description);
    part->add_option("index", arguments->index, "The index file")->required()->type_name("FILE");
    part->add_flag("--quiet,-q", arguments->quiet, "No progress and no warnings");
    return part;
}

void add_add_options(CLI::App* part, const std::shared_ptr<Arguments>& arguments) {
    part->add_option("recordings", arguments->names, "Files, and folders with all recordings in them")
        ->type_name("FILE");
    part->add_option("--manifest", arguments->manifest,
                     "CSV with the columns input, id, isrc, title; - is standard input")
        ->type_name("FILE");
    arguments->add.num_jobs = std::max(1U, std::thread::hardware_concurrency());
    part->add_option("--jobs,-j", arguments->add.num_jobs, "Files decoded at once (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->type_name("N");
    part->add_flag("--resume", arguments->add.resume, "Skip files that the index has, unchanged in size and time");
    part->add_flag("--replace", arguments->add.replace, "Replace tracks whose id is there with other audio");
    part->add_flag("--ndjson", arguments->add.ndjson, "Print one JSON document a line and file");
}

} // namespace

Command add_index(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("index", "Keep an index of recordings: add, stat, verify, remove, compact, ...");
    const auto arguments = std::make_shared<Arguments>();
    app->footer(kExamples);
    CLI::App* add = add_part(app, arguments, "add", "Add recordings; makes the index when there is none");
    add_add_options(add, arguments);
    CLI::App* stat = add_part(app, arguments, "stat", "Say what the index holds");
    stat->add_flag("--json", arguments->json, "Print a JSON document");
    CLI::App* verify = add_part(app, arguments, "verify", "Compare everything with its checksums");
    verify->add_flag("--json", arguments->json, "Print a JSON document");
    CLI::App* compact = add_part(app, arguments, "compact", "Merge all segments, and give back what was removed");
    CLI::App* remove = add_part(app, arguments, "remove", "Remove tracks by id");
    remove->add_option("ids", arguments->names, "The ids")->required()->type_name("ID");
    CLI::App* exporting =
        add_part(app, arguments, "export", "Print all tracks with their fingerprints, one JSON document a line");
    CLI::App* importing =
        add_part(app, arguments, "import", "Add what export printed; makes the index when there is none");
    importing->add_option("tracks", arguments->names, "What export printed; - is standard input")
        ->required()
        ->expected(1)
        ->type_name("FILE");
    importing->add_flag("--replace", arguments->add.replace, "Replace tracks whose id is there with other audio");
    CLI::App* duplicates =
        add_part(app, arguments, "duplicates", "Print groups of the same and nearly the same recordings");
    duplicates->add_flag("--json", arguments->json, "Print a JSON document");
    const auto command = [&arguments](CLI::App* part, ExitCode (*run)(const Arguments&)) {
        return Command{part, [arguments, run] { return run(*arguments); }};
    };
    return group(app, {command(add, run_add), command(stat, run_stat), command(verify, run_verify),
                       command(compact, run_compact), command(remove, run_remove), command(exporting, run_export),
                       command(importing, run_import), command(duplicates, run_duplicates)});
}

} // namespace wm::cli
