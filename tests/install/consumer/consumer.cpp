// Makes a key, reads it back, and calls embedding and detection, so that every part of the archive must link.

#include <cstdio>
#include <string>

#include <wm/key.h>
#include <wm/watermark.h>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: consumer NEW-KEY-FILE\n");
        return 2;
    }
    const std::string path = argv[1];
    std::remove(path.c_str());
    const wm::Key key = wm::Key::generate("consumer");
    if (!key.save(path)) {
        return 1;
    }
    const wm::Result<wm::Key> loaded = wm::Key::load(path);
    const bool key_came_back = loaded && loaded->id() == key.id();
    const auto marked = wm::embed_file("missing.wav", "never.wav", key, 1);
    const auto detected = wm::detect_file("missing.wav", {key});
    const bool both_say_missing = !marked && marked.error().code == wm::ErrorCode::kIo && !detected &&
                                  detected.error().code == wm::ErrorCode::kIo;
    std::printf("key %s, missing input refused: %s\n", key_came_back ? "came back" : "was lost",
                both_say_missing ? "yes" : "no");
    return key_came_back && both_say_missing ? 0 : 1;
}
