/// Any bytes as a fingerprint and as a row of postings, also with a checksum that fits them. A fingerprint that is read is written as
/// the same bytes; a row's blocks lie inside it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <xxhash.h>

#include "base/byte_order.h"
#include "index/posting_row.h"
#include "wm/fingerprint.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_fingerprint(const Bytes& bytes) {
    const wm::Result<wm::Fingerprint> fingerprint = wm::decode_fingerprint(bytes);
    require(!fingerprint || wm::encode_fingerprint(*fingerprint) == bytes);
}

void check_row(const Bytes& bytes) {
    if (!wm::PostingRowReader::is_intact(bytes)) {
        return;
    }
    wm::PostingRowReader reader(bytes, 0);
    std::vector<std::uint32_t> positions;
    for (wm::PostingBlock block; reader.next(block);) {
        require(block.positions.data() >= bytes.data());
        require(block.spans + block.count <= bytes.data() + bytes.size());
        wm::decode_positions(block, positions);
        require(positions.size() == block.count);
    }
}

Bytes with_checksum(Bytes bytes) {
    const std::uint64_t checksum = XXH3_64bits(bytes.data(), bytes.size());
    bytes.resize(bytes.size() + sizeof checksum);
    wm::store_little(bytes.data() + bytes.size() - sizeof checksum, checksum);
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    for (const Bytes& candidate : {bytes, with_checksum(bytes)}) {
        check_fingerprint(candidate);
        check_row(candidate);
    }
    return 0;
}
