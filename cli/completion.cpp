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

/// The options of a command and of all commands below it, those of one name once.
std::vector<const CLI::Option*> options_of(const CLI::App& command) {
    std::vector<const CLI::Option*> options = command.get_options();
    for (const CLI::App* below : command.get_subcommands({})) {
        for (const CLI::Option* option : options_of(*below)) {
            const auto same = [&](const CLI::Option* known) { return names_of(*known) == names_of(*option); };
            if (std::none_of(options.begin(), options.end(), same)) {
                options.push_back(option);
            }
        }
    }
    return options;
}

/// The names of the commands below `command`, and of those below them.
std::string words_below(const CLI::App& command) {
    std::string words;
    for (const CLI::App* below : command.get_subcommands({})) {
        words += below->get_name() + " " + words_below(*below);
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
    for (const CLI::Option* option : options_of(command)) {
        if (option->get_expected_max() > 0 && !takes_path(*option)) {
            for (const std::string& name : names_of(*option)) {
                names += (names.empty() ? "" : "|") + name;
            }
        }
    }
    return names.empty() ? "''" : names;
}

std::string bash_script(const CLI::App& wm) {
    std::string commands;
    std::string cases;
    for (const CLI::App* command : wm.get_subcommands({})) {
        commands += command->get_name() + " ";
        cases += fmt::format("        {}) options='{}' ; free_values='{}' ; below='{}' ;;\n", command->get_name(),
                             bash_words(options_of(*command)), bash_free_values(*command), words_below(*command));
    }
    return fmt::format(R"(# bash completion for wm, made by: wm completion bash
_wm() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" options free_values below
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W '{}{}' -- "$word")
        return
    fi
    case "${{COMP_WORDS[1]}}" in
{}        *) return ;;
    esac
    if [[ "|$free_values|" == *"|$before|"* ]]; then
        return
    fi
    if [[ "$word" == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [ "${{COMP_WORDS[1]}}" = completion ]; then
        mapfile -t COMPREPLY < <(compgen -W 'bash zsh' -- "$word")
    elif [ "$COMP_CWORD" -eq 2 ] && [ -n "$below" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$below" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}}
complete -o filenames -F _wm wm
)",
                       commands, bash_words(wm.get_options()), cases);
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

std::string zsh_options(const CLI::App& command) {
    std::string lines;
    for (const CLI::Option* option : options_of(command)) {
        const char* value = takes_path(*option) ? ":file:_files" : option->get_expected_max() > 0 ? ":value: " : "";
        for (const std::string& name : names_of(*option)) {
            lines += fmt::format(" \\\n                '*{}[{}]{}'", name, zsh_text(option->get_description()), value);
        }
    }
    return lines;
}

std::string zsh_script(const CLI::App& wm) {
    std::string commands;
    std::string cases;
    for (const CLI::App* command : wm.get_subcommands({})) {
        commands += fmt::format(" \\\n            '{}:{}'", command->get_name(), zsh_text(command->get_description()));
        const std::string below = words_below(*command);
        const std::string rest = command->get_name() == "completion" ? "'*:shell:(bash zsh)'"
                                 : below.empty()                     ? "'*:file:_files'"
                                                 : fmt::format("'1:command:({})' '*:file:_files'", below);
        cases += fmt::format("        {})\n            _arguments{} \\\n                {} ;;\n", command->get_name(),
                             zsh_options(*command), rest);
    }
    return fmt::format(R"(#compdef wm
# zsh completion for wm, made by: wm completion zsh
_wm() {{
    if (( CURRENT == 2 )); then
        local -a commands=({})
        _describe command commands
        return
    fi
    local command="$words[2]"
    shift words
    (( CURRENT-- ))
    case "$command" in
{}    esac
}}
if [ "$funcstack[1]" = _wm ]; then
    _wm "$@"
else
    compdef _wm wm
fi
)",
                       commands, cases);
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
