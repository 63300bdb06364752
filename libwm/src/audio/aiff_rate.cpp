#include "audio/aiff_rate.h"

#include <bit>
#include <cmath>

#include "base/byte_order.h"

namespace wm {
namespace {

constexpr int kExponentBias = 16383;
constexpr int kMantissaBits = 63; ///< after the explicit leading one

} // namespace

double load_extended(const std::uint8_t* bytes) {
    const int sign_and_exponent = load_big<std::uint16_t>(bytes);
    const auto mantissa = static_cast<double>(load_big<std::uint64_t>(bytes + 2));
    const double magnitude = std::ldexp(mantissa, (sign_and_exponent & 0x7FFF) - kExponentBias - kMantissaBits);
    return (sign_and_exponent & 0x8000) != 0 ? -magnitude : magnitude;
}

void store_extended(std::uint8_t* bytes, std::uint32_t value) {
    const int leading_zeros = std::countl_zero(std::uint64_t{value});
    store_big(bytes, static_cast<std::uint16_t>(kExponentBias + kMantissaBits - leading_zeros));
    store_big(bytes + 2, std::uint64_t{value} << leading_zeros);
}

} // namespace wm
