/// Any bytes as a file that may carry a C2PA manifest: in an ID3v2 tag, or in a box of an MP4 file.

#include <cstdint>
#include <cstdlib>

#include "audio/c2pa.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const wm::MemorySource source({data, size});
    if (!wm::has_c2pa_manifest(source, {}).has_value()) {
        std::abort(); // memory can always be read
    }
    return 0;
}
