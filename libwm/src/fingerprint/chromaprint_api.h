#pragma once

/// Chromaprint, loaded when the first ISCC code is asked for: Debian's build pulls in libav and a hundred other libraries, which
/// would cost every run of a program 30 ms of CPU time (as for audio/libav_api.h).

#include <chromaprint.h>

#include "wm/result.h"

namespace wm {

#define WM_CHROMAPRINT_FUNCTIONS(X)                                                                                    \
    X(chromaprint_dealloc)                                                                                             \
    X(chromaprint_feed)                                                                                                \
    X(chromaprint_finish)                                                                                              \
    X(chromaprint_free)                                                                                                \
    X(chromaprint_get_raw_fingerprint)                                                                                 \
    X(chromaprint_new)                                                                                                 \
    X(chromaprint_start)

/// The functions of Chromaprint that libwm calls, by their own names.
struct ChromaprintApi {
#define WM_DECLARE(name) decltype(&::name) name = nullptr;
    WM_CHROMAPRINT_FUNCTIONS(WM_DECLARE)
#undef WM_DECLARE
};

/// Loads it, once; it stays.
/// errors   kUnsupported: it is not installed; the message is the loader's
/// threads  safe
Result<const ChromaprintApi*> load_chromaprint();

} // namespace wm
