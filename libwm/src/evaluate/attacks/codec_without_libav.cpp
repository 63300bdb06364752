#include "evaluate/attacks/codec.h"

namespace wm {

Result<Audio> encode_and_decode(const Audio& /*audio*/, Codec /*codec*/, double /*bit_rate_kbps*/) {
    return fail(ErrorCode::kUnsupported,
                "codecs need libav, which this build has not: configure with WM_WITH_LIBAV=ON, or use external=");
}

} // namespace wm
