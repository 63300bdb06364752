/// Prints a hash of what each attack makes of a fixed recording, for those whose every sample is computed here and not by a
/// third party's library. The same on every processor and with every kernel.

#include <cstdio>
#include <memory>
#include <string_view>

#include <xxhash.h>

#include "base/random_stream.h"
#include "evaluate/attack_values.h"
#include "kernels/kernels.h"
#include "wm/attack.h"

namespace {

wm::Audio recording() {
    wm::Audio audio{22050, std::vector<std::vector<float>>(2)};
    wm::RandomStream random(1);
    for (std::vector<float>& channel : audio.channels) {
        double slow = 0;
        for (int i = 0; i < 60000; ++i) {
            const double white = random.uniform(-1, 1);
            slow += 0.05 * (white - slow);
            channel.push_back(static_cast<float>(0.9 * slow + 0.1 * white));
        }
    }
    return audio;
}

bool is_third_party(std::string_view name) {
    for (const std::string_view other : {"mp3", "aac", "opus", "vorbis", "stretch", "pitch", "external"}) {
        if (name == other) {
            return true;
        }
    }
    return false;
}

} // namespace

int main() {
    std::printf("kernel %s\n", wm::kernels().name);
    const wm::Audio audio = recording();
    wm::AttackContext context;
    context.seed = 7;
    context.recordings["x"] = std::make_shared<wm::Audio>(audio);
    for (const wm::AttackDescription& description : wm::attack_descriptions()) {
        if (is_third_party(description.name)) {
            continue;
        }
        wm::AttackStep step{description.name, {}};
        for (const wm::AttackParameter& parameter : description.parameters) {
            step.values.push_back(has_default(parameter) ? default_value(parameter) : wm::AttackValue{{}, {"@x"}});
        }
        if (description.name == "crop" || description.name == "excise") {
            step.values = {{{{0.5, 0.5}}, {}}, {{{1, 1}}, {}}}; // of 2.7 s
        }
        const wm::Result<wm::Audio> after = wm::apply_attack_chain(audio, {step}, context);
        unsigned long long hash = 0;
        if (after) {
            for (const std::vector<float>& channel : after->channels) {
                hash = XXH3_64bits_withSeed(channel.data(), channel.size() * sizeof(float), hash);
            }
        }
        std::printf("%s %016llx\n", description.name.c_str(), hash);
    }
    return 0;
}
