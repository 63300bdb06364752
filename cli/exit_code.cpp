#include "exit_code.h"

namespace wm::cli {

ExitCode exit_code_of(const Error& error) {
    switch (error.code) {
    case ErrorCode::kCannotCarry:
    case ErrorCode::kAlreadyMarked:
    case ErrorCode::kVerifyFailed:
        return kRefused;
    default:
        return kFailed;
    }
}

const char* name_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::kUsage:
        return "usage";
    case ErrorCode::kIo:
        return "io";
    case ErrorCode::kFormat:
        return "format";
    case ErrorCode::kUnsupported:
        return "unsupported";
    case ErrorCode::kKey:
        return "key";
    case ErrorCode::kCannotCarry:
        return "cannot_carry";
    case ErrorCode::kAlreadyMarked:
        return "already_marked";
    case ErrorCode::kVerifyFailed:
        return "verify_failed";
    case ErrorCode::kCancelled:
        return "cancelled";
    case ErrorCode::kNotPermitted:
        return "not_permitted";
    case ErrorCode::kInternal:
        break;
    }
    return "internal";
}

} // namespace wm::cli
