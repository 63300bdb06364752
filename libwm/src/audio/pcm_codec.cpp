#include "audio/pcm_codec.h"

#include <bit>

#include "base/byte_order.h"

namespace wm {
namespace {

template <class Word, bool kBig>
Word load(const std::uint8_t* bytes) {
    return kBig ? load_big<Word>(bytes) : load_little<Word>(bytes);
}

template <class Word, bool kBig>
void store(std::uint8_t* bytes, Word value) {
    kBig ? store_big(bytes, value) : store_little(bytes, value);
}

std::int32_t left_justify(std::uint32_t value, int shift) {
    return static_cast<std::int32_t>(value << shift);
}

std::uint32_t bits_of(std::int32_t sample) {
    return static_cast<std::uint32_t>(sample);
}

void decode_8(const std::uint8_t* bytes, std::size_t count, std::uint32_t flip, std::int32_t* out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = left_justify(bytes[i] ^ flip, 24);
    }
}

template <bool kBig>
void decode_wide(int bytes_per_sample, const std::uint8_t* bytes, std::size_t count, std::int32_t* out) {
    if (bytes_per_sample == 2) {
        for (std::size_t i = 0; i < count; ++i) {
            out[i] = left_justify(load<std::uint16_t, kBig>(bytes + 2 * i), 16);
        }
    } else if (bytes_per_sample == 3) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto word = load<std::uint32_t, kBig>(bytes + 3 * i);
            out[i] = static_cast<std::int32_t>(kBig ? word & 0xFFFFFF00U : word << 8);
        }
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            out[i] = static_cast<std::int32_t>(load<std::uint32_t, kBig>(bytes + 4 * i));
        }
    }
}

void encode_8(const std::int32_t* samples, std::size_t count, std::uint32_t flip, std::uint8_t* bytes) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = static_cast<std::uint8_t>((bits_of(samples[i]) >> 24) ^ flip);
    }
}

/// Stores of 24-bit samples overlap: each writes a fourth byte that the next one covers.
template <bool kBig>
void encode_wide(int bytes_per_sample, const std::int32_t* samples, std::size_t count, std::uint8_t* bytes) {
    if (bytes_per_sample == 2) {
        for (std::size_t i = 0; i < count; ++i) {
            store<std::uint16_t, kBig>(bytes + 2 * i, static_cast<std::uint16_t>(bits_of(samples[i]) >> 16));
        }
    } else if (bytes_per_sample == 3) {
        for (std::size_t i = 0; i < count; ++i) {
            store<std::uint32_t, kBig>(bytes + 3 * i, kBig ? bits_of(samples[i]) : bits_of(samples[i]) >> 8);
        }
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            store<std::uint32_t, kBig>(bytes + 4 * i, bits_of(samples[i]));
        }
    }
}

template <class Real, class Word, bool kBig>
void decode_floats(const std::uint8_t* bytes, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<double>(std::bit_cast<Real>(load<Word, kBig>(bytes + sizeof(Word) * i)));
    }
}

template <class Real, class Word, bool kBig>
void encode_floats(const double* samples, std::size_t count, std::uint8_t* bytes) {
    for (std::size_t i = 0; i < count; ++i) {
        store<Word, kBig>(bytes + sizeof(Word) * i, std::bit_cast<Word>(static_cast<Real>(samples[i])));
    }
}

} // namespace

void decode_integers(const PcmFormat& format, const std::uint8_t* bytes, std::size_t count, std::int32_t* out) {
    if (format.bytes_per_sample == 1) {
        decode_8(bytes, count, format.encoding == Encoding::kPcmU8 ? 0x80 : 0, out);
    } else if (format.is_big_endian) {
        decode_wide<true>(format.bytes_per_sample, bytes, count, out);
    } else {
        decode_wide<false>(format.bytes_per_sample, bytes, count, out);
    }
}

void decode_reals(const PcmFormat& format, const std::uint8_t* bytes, std::size_t count, double* out) {
    const bool is_short = format.bytes_per_sample == 4;
    if (format.is_big_endian) {
        is_short ? decode_floats<float, std::uint32_t, true>(bytes, count, out)
                 : decode_floats<double, std::uint64_t, true>(bytes, count, out);
    } else {
        is_short ? decode_floats<float, std::uint32_t, false>(bytes, count, out)
                 : decode_floats<double, std::uint64_t, false>(bytes, count, out);
    }
}

void encode_integers(const PcmFormat& format, const std::int32_t* samples, std::size_t count, std::uint8_t* bytes) {
    if (format.bytes_per_sample == 1) {
        encode_8(samples, count, format.encoding == Encoding::kPcmU8 ? 0x80 : 0, bytes);
    } else if (format.is_big_endian) {
        encode_wide<true>(format.bytes_per_sample, samples, count, bytes);
    } else {
        encode_wide<false>(format.bytes_per_sample, samples, count, bytes);
    }
}

void encode_reals(const PcmFormat& format, const double* samples, std::size_t count, std::uint8_t* bytes) {
    const bool is_short = format.bytes_per_sample == 4;
    if (format.is_big_endian) {
        is_short ? encode_floats<float, std::uint32_t, true>(samples, count, bytes)
                 : encode_floats<double, std::uint64_t, true>(samples, count, bytes);
    } else {
        is_short ? encode_floats<float, std::uint32_t, false>(samples, count, bytes)
                 : encode_floats<double, std::uint64_t, false>(samples, count, bytes);
    }
}

} // namespace wm
