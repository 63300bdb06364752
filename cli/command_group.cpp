#include "commands.h"

namespace wm::cli {

Command group(CLI::App* app, std::vector<Command> commands) {
    app->require_subcommand(1);
    return {app, [commands = std::move(commands)] {
                for (const Command& command : commands) {
                    if (command.app->parsed()) {
                        return command.run();
                    }
                }
                return kFailed;
            }};
}

} // namespace wm::cli
