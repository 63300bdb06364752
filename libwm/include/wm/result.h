#pragma once

/// What every fallible call of libwm returns. The library never prints, logs, aborts or exits.

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace wm {

/// Why a call failed. "No watermark" is not an error: see DetectReport.
enum class ErrorCode {
    kUsage,         ///< the caller asked for something that makes no sense (bad id, output over input, lossy output name)
    kIo,            ///< the operating system refused: missing, unreadable, unwritable, disk full
    kFormat,        ///< the bytes are not what they say they are: truncated, lying chunk sizes, not audio
    kUnsupported,   ///< well-formed, but outside what libwm handles (rate, channels, codec)
    kKey,           ///< a key file is damaged, or its passphrase is wrong or missing
    kCannotCarry,   ///< the recording cannot carry a mark: silent, too short, bass only
    kAlreadyMarked, ///< the recording already carries a mark of this key
    kVerifyFailed,  ///< the mark just embedded could not be read back
    kCancelled,     ///< the caller's progress function asked to stop
    kNotPermitted,  ///< the signer may not do that
    kInternal,      ///< a bug, or a library below us that broke its promise
};

/// A failure. `message` is one sentence or two for a person: what, where, and what to do.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

/// The failure side of a Result: `return fail(ErrorCode::kIo, "cannot open x.wav: no such file");`
inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

} // namespace wm
