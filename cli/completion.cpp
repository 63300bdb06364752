#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "commands.h"
#include "text.h"

namespace wm::cli {
namespace {

constexpr char kExamples[] = R"(Examples:
  wm completion bash > ~/.local/share/bash-completion/completions/wm
  wm completion zsh > "${fpath[1]}/_wm")";

/// The names of an option as typed: "--key -k".
std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_lnames()) {
        names.push_back("--" + name);
    }
    for (const std::string& name : option.get_snames()) {
        names.push_back("-" + name);
    }
    return names;
}

bool takes_path(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    return type == "FILE" || type == "DIR" || type == "IN" || type == "OUT";
}

/// A command, or a group of commands, and the words that lead to it.
struct CommandPath {
    std::string words; ///< " registry log"; empty for wm itself
    const CLI::App* command = nullptr;
};

void append_paths(const CLI::App& command, const std::string& words, std::vector<CommandPath>& paths) {
    paths.push_back({words, &command});
    for (const CLI::App* below : command.get_subcommands({})) {
        append_paths(*below, words + " " + below->get_name(), paths);
    }
}

/// wm itself first.
std::vector<CommandPath> all_paths(const CLI::App& wm) {
    std::vector<CommandPath> paths;
    append_paths(wm, "", paths);
    return paths;
}

/// The pattern of a shell's `case` for all paths but that of wm itself.
std::string path_pattern(const std::vector<CommandPath>& paths) {
    std::string pattern;
    for (const CommandPath& path : paths) {
        if (!path.words.empty()) {
            pattern += (pattern.empty() ? "'" : "|'") + path.words + "'";
        }
    }
    return pattern;
}

/// Whether words that are no commands may follow: files, mostly.
bool takes_names(const CLI::App& command) {
    const std::vector<const CLI::Option*> options = command.get_options();
    return std::any_of(options.begin(), options.end(),
                       [](const CLI::Option* option) { return option->get_positional(); });
}

std::string words_below(const CLI::App& command) {
    std::string words;
    for (const CLI::App* below : command.get_subcommands({})) {
        words += below->get_name() + " ";
    }
    return words;
}

std::string bash_words(const std::vector<const CLI::Option*>& options) {
    std::string words;
    for (const CLI::Option* option : options) {
        for (const std::string& name : names_of(*option)) {
            words += name + " ";
        }
    }
    return words;
}

/// Options that take a value that is no file: nothing to offer after them.
std::string bash_free_values(const CLI::App& command) {
    std::string names;
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_expected_max() > 0 && !takes_path(*option)) {
            for (const std::string& name : names_of(*option)) {
                names += (names.empty() ? "" : "|") + name;
            }
        }
    }
    return names.empty() ? "''" : names;
}

std::string bash_script(const CLI::App& wm) {
    const std::vector<CommandPath> paths = all_paths(wm);
    std::string cases;
    for (const auto& [words, command] : paths) {
        cases += fmt::format("        '{}') options='{}' ; free_values='{}' ; below='{}' ; names='{}' ;;\n", words,
                             bash_words(command->get_options()), bash_free_values(*command), words_below(*command),
                             takes_names(*command) ? "yes" : "");
    }
    return fmt::format(R"(# bash completion for wm, made by: wm completion bash
_wm() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" chosen='' next options free_values below names
    COMPREPLY=()
    for next in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$chosen $next" in
            {}) chosen+=" $next" ;;
            *) break ;;
        esac
    done
    case "$chosen" in
{}    esac
    if [[ "|$free_values|" == *"|$before|"* ]]; then
        return
    fi
    if [[ "$word" == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [ "$chosen" = ' completion' ]; then
        mapfile -t COMPREPLY < <(compgen -W 'bash zsh' -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$below" -- "$word" || true; [ -z "$names" ] || compgen -f -- "$word")
    fi
}}
complete -o filenames -F _wm wm
)",
                       path_pattern(paths), cases);
}

/// `text` inside single quotes and inside zsh's [brackets].
std::string zsh_text(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else if (c == '[' || c == ']' || c == ':') {
            quoted += std::string("\\") + c;
        } else {
            quoted += c;
        }
    }
    return quoted;
}

/// `text` inside the double quotes of zsh's ((word\:"description")), and those inside single quotes.
std::string zsh_described(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
        quoted += c == '\''                                       ? "'\\''"
                  : c == '"' || c == '\\' || c == '$' || c == '`' ? std::string("\\") + c
                                                                  : std::string(1, c);
    }
    return quoted;
}

std::string zsh_options(const CLI::App& command) {
    std::string lines;
    for (const CLI::Option* option : command.get_options()) {
        const char* value = takes_path(*option) ? ":file:_files" : option->get_expected_max() > 0 ? ":value: " : "";
        for (const std::string& name : names_of(*option)) {
            lines += fmt::format(" \\\n                '*{}[{}]{}'", name, zsh_text(option->get_description()), value);
        }
    }
    return lines;
}

/// What `_arguments` is told to offer where no option stands.
std::string zsh_words(const CLI::App& command) {
    if (command.get_name() == "completion") {
        return "'*:shell:(bash zsh)'";
    }
    if (!takes_names(command)) {
        std::string commands;
        for (const CLI::App* below : command.get_subcommands({})) {
            commands += fmt::format(" {}\\:\"{}\"", below->get_name(), zsh_described(below->get_description()));
        }
        return fmt::format("'1:command:(({}))'", commands);
    }
    const std::string below = words_below(command);
    return below.empty()
               ? "'*:file:_files'"
               : fmt::format("'1:file:{{_alternative \"commands:command:({})\" files:file:_files}}' '*:file:_files'",
                             below);
}

std::string zsh_script(const CLI::App& wm) {
    const std::vector<CommandPath> paths = all_paths(wm);
    std::string cases;
    for (const auto& [words, command] : paths) {
        cases += fmt::format("        '{}')\n            _arguments{} \\\n                {} ;;\n", words,
                             zsh_options(*command), zsh_words(*command));
    }
    return fmt::format(R"(#compdef wm
# zsh completion for wm, made by: wm completion zsh
_wm() {{
    local chosen=''
    while (( CURRENT > 2 )); do
        case "$chosen $words[2]" in
            {})
                chosen+=" $words[2]"
                shift words
                (( CURRENT-- )) ;;
            *) break ;;
        esac
    done
    case "$chosen" in
{}    esac
}}
if [ "$funcstack[1]" = _wm ]; then
    _wm "$@"
else
    compdef _wm wm
fi
)",
                       path_pattern(paths), cases);
}

} // namespace

Command add_completion(CLI::App& wm) {
    CLI::App* app = wm.add_subcommand("completion", "Print a completion script for a shell");
    const auto shell = std::make_shared<std::string>();
    app->footer(kExamples);
    app->add_option("shell", *shell, "bash or zsh")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}))
        ->type_name("SHELL");
    return {app, [shell, &wm] {
                fmt::print("{}", *shell == "bash" ? bash_script(wm) : zsh_script(wm));
                return kDone;
            }};
}

} // namespace wm::cli
