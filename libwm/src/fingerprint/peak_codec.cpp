#include "fingerprint/peak_codec.h"

#include <array>

#include "fingerprint/peaks.h"

namespace wm {
namespace {

constexpr std::uint32_t kRowTimes = kCellFrames * kTimeSteps;
constexpr std::uint32_t kOctaveSteps = kBandsPerOctave * kBandSteps;
constexpr unsigned kCountBits = 3;
constexpr unsigned kTimeBits = 6;
constexpr unsigned kBandBits = 8;
static_assert(kRowTimes == 1U << kTimeBits && kOctaveSteps <= 1U << kBandBits && kCellPeaks < 1U << kCountBits);

/// Bits into bytes, the lowest first.
class BitWriter {
public:
    explicit BitWriter(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    void put(std::uint32_t value, unsigned num_bits) {
        pending_ |= value << num_pending_;
        for (num_pending_ += num_bits; num_pending_ >= 8; num_pending_ -= 8, pending_ >>= 8) {
            bytes_.push_back(static_cast<std::uint8_t>(pending_));
        }
    }

    /// Fills the last byte with zeros.
    void flush() {
        if (num_pending_ > 0) {
            put(0, 8 - num_pending_);
        }
    }

private:
    std::vector<std::uint8_t>& bytes_;
    std::uint32_t pending_ = 0;
    unsigned num_pending_ = 0;
};

class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::uint32_t get(unsigned num_bits) {
        while (num_pending_ < num_bits) {
            pending_ |= (position_ < bytes_.size() ? std::uint32_t{bytes_[position_]} : 0U) << num_pending_;
            ++position_;
            num_pending_ += 8;
        }
        const std::uint32_t value = pending_ & ((1U << num_bits) - 1);
        pending_ >>= num_bits;
        num_pending_ -= num_bits;
        return value;
    }

    /// Goes on to the next byte. returns  whether the bits left out were zero
    bool align() {
        const bool clean = pending_ == 0;
        pending_ = 0;
        num_pending_ = 0;
        return clean;
    }

    bool overran() const { return position_ > bytes_.size(); }
    bool at_end() const { return position_ >= bytes_.size(); }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
    std::uint32_t pending_ = 0;
    unsigned num_pending_ = 0;
};

} // namespace

std::size_t append_cell_rows(std::span<const SpectralPeak> peaks, std::uint64_t first_row, std::uint64_t last_row,
                             std::vector<std::uint8_t>& bytes) {
    std::size_t next = 0;
    for (std::uint64_t row = first_row; row < last_row; ++row) {
        const std::size_t begin = next;
        std::array<std::uint32_t, kNumOctaves> counts = {};
        for (; next < peaks.size() && peaks[next].time / kRowTimes == row; ++next) {
            ++counts[peaks[next].band / kOctaveSteps];
        }
        BitWriter writer(bytes);
        for (const std::uint32_t count : counts) {
            writer.put(count, kCountBits);
        }
        writer.flush();
        for (std::size_t k = begin; k < next; ++k) {
            writer.put(peaks[k].time % kRowTimes, kTimeBits);
            writer.put(peaks[k].band % kOctaveSteps, kBandBits);
        }
        writer.flush();
    }
    return next;
}

bool read_cell_rows(std::span<const std::uint8_t> bytes, std::uint64_t first_row, std::uint64_t last_row,
                    std::vector<SpectralPeak>& peaks) {
    BitReader reader(bytes);
    for (std::uint64_t row = first_row; row < last_row; ++row) {
        std::array<std::uint32_t, kNumOctaves> counts = {};
        for (std::uint32_t& count : counts) {
            count = reader.get(kCountBits);
            if (count > kCellPeaks) {
                return false;
            }
        }
        if (!reader.align()) {
            return false;
        }
        for (std::uint32_t octave = 0; octave < kNumOctaves; ++octave) {
            for (std::uint32_t rank = 0; rank < counts[octave]; ++rank) {
                const auto time = static_cast<std::uint32_t>(row * kRowTimes + reader.get(kTimeBits));
                const std::uint32_t step = reader.get(kBandBits);
                if (step >= kOctaveSteps) {
                    return false;
                }
                peaks.push_back(
                    {time, static_cast<std::uint16_t>(octave * kOctaveSteps + step), static_cast<std::uint8_t>(rank)});
            }
        }
        if (!reader.align() || reader.overran()) {
            return false;
        }
    }
    return reader.at_end();
}

} // namespace wm
