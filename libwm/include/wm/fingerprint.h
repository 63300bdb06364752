#pragma once

/// Fingerprints of recordings: what an index keeps of them, and what names them again (docs/fingerprint.md).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wm/progress.h"
#include "wm/result.h"

namespace wm {

/// A spectral peak, as fingerprints store it.
struct SpectralPeak {
    std::uint32_t time = 0; ///< in half frames (8 ms) from the first frame
    std::uint16_t band = 0; ///< in sevenths of a band (1/252 octave) above 180 Hz: 0 to 1,259
    std::uint8_t rank = 0;  ///< 0 is the strongest of its cell (0.512 s by one octave), 4 the last that is kept
    bool operator==(const SpectralPeak&) const = default;
};

/// The peaks of one recording, ordered by cell: by 32 frames, then by octave, then by rank. The same samples give the same
/// fingerprint on every machine.
struct Fingerprint {
    std::uint32_t num_frames = 0; ///< of 16 ms; 0 for recordings shorter than 128 ms
    std::vector<SpectralPeak> peaks;

    double duration_s() const; ///< of what the frames cover
    bool operator==(const Fingerprint&) const = default;
};

/// What a recording is by its sound.
struct SoundRecord {
    std::string audio_hash; ///< of its samples (wm/audio_hash.h)
    Fingerprint fingerprint;
};

/// The bytes of docs/formats.md, "Fingerprint": about 5 kB a minute.
std::vector<std::uint8_t> encode_fingerprint(const Fingerprint& fingerprint);

/// errors   kFormat (damaged: a checksum covers it), kUnsupported (of another version)
Result<Fingerprint> decode_fingerprint(std::span<const std::uint8_t> bytes);

/// Decodes `path` (`-`: standard input) and takes its fingerprint.
///
/// errors   kIo, kFormat, kUnsupported, kCancelled
/// cost     docs/benchmarks.md; memory grows by 0.5 kB a second of audio
/// threads  reentrant
Result<Fingerprint> fingerprint_file(const std::string& path, const Progress& progress = {});

/// fingerprint_file() and hash_audio_file() in one decoding.
Result<SoundRecord> record_sound(const std::string& path, const Progress& progress = {});

} // namespace wm
