#pragma once

/// Ctrl-C and SIGTERM: the work in hand stops at its next progress report and takes its temporary files away; then the
/// program dies of the signal, so that the calling shell sees it. A second signal kills at once.

namespace wm::cli {

/// Call once, first of all. A reader of our output that goes away, or a limit on file sizes, is from then on a write error
/// and not a signal.
void catch_interrupts();

/// Whether to stop. threads: any
bool interrupted();

/// Ends the program by the signal that was caught, if one was.
void die_if_interrupted();

} // namespace wm::cli
