#include "duplicate_journal.h"

#include <array>

#include "line_log.h"

namespace wm::cli {

Document line_of(const ExaminedUpload& examined, const std::string& stamp) {
    Document signals = Document::array();
    for (const Signal& signal : examined.signals) {
        signals.push_back({{"code", signal.code}, {"detail", signal.detail}});
    }
    return {{"file", examined.upload.file},      {"stamp", stamp},     {"sound", examined.upload.sound},
            {"duration_s", examined.duration_s}, {"signals", signals}, {"problem", examined.problem}};
}

Document line_of(const DistinctSound& sound) {
    Document near = Document::array();
    for (const Resemblance& like : sound.near) {
        near.push_back({{"sound", like.sound},
                        {"place_s", {like.start_s, like.end_s, like.other_start_s, like.other_end_s}},
                        {"speed", like.speed},
                        {"pitch", like.pitch_semitones},
                        {"shares", {like.share, like.other_share}}});
    }
    return {{"searched", sound.sound},
            {"near", near},
            {"claim", sound.claim},
            {"isrc", sound.isrc},
            {"title", sound.title}};
}

void take_up(const Document& line, ExaminedUpload& examined) {
    examined.upload.sound = text_at(line, "sound");
    examined.duration_s = line.value("duration_s", 0.0);
    examined.problem = text_at(line, "problem");
    for (const Document& signal : line.value("signals", Document::array())) {
        examined.signals.push_back({text_at(signal, "code"), text_at(signal, "detail"), 0, 0, 1});
    }
}

void take_up(const Document& line, DistinctSound& sound) {
    sound.claim = text_at(line, "claim");
    sound.isrc = text_at(line, "isrc");
    sound.title = text_at(line, "title");
    for (const Document& like : line.value("near", Document::array())) {
        const auto place_s = like["place_s"].get<std::array<double, 4>>();
        const auto shares = like["shares"].get<std::array<double, 2>>();
        sound.near.push_back({text_at(like, "sound"), place_s[0], place_s[1], place_s[2], place_s[3],
                              like["speed"].get<double>(), like["pitch"].get<double>(), shares[0], shares[1]});
    }
}

} // namespace wm::cli
