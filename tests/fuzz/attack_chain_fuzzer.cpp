/// The parser of attack chains. A chain that is read is written as text that parses to the same chain, and so is one drawn from it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wm/attack.h"

namespace {

void check_chain(const wm::AttackChain& chain) {
    const wm::Result<wm::AttackChain> again = wm::parse_attack_chain(wm::format_attack_chain(chain));
    if (!again || *again != chain) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (const auto chain = wm::parse_attack_chain(std::string(reinterpret_cast<const char*>(bytes), size))) {
        check_chain(*chain);
        check_chain(wm::draw_attack_chain(*chain, 1));
        static_cast<void>(wm::strength_of(*chain));
    }
    return 0;
}
