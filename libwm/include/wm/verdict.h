#pragma once

/// From what was found in a recording, and what its rightsholders said, to what may be done with it.
///
/// decide() is a pure function: the same evidence, claims, question and profile give the same verdict, whoever asks and
/// whenever. Its rules, in their order, are in docs/provenance.md.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wm/claim.h"
#include "wm/claim_history.h"
#include "wm/notice.h"
#include "wm/registry.h"
#include "wm/sound_shape.h"

namespace wm {

/// A mark that was read from the recording.
struct MarkEvidence {
    std::uint64_t wm_id = 0;
    std::string key_id;
    double p_value = 1; ///< bound on the chance that unmarked audio gives it
    double start_s = 0;
    double end_s = 0;
    double payload_to_pilot = 1; ///< as Mark has it
};

/// A stretch of the recording that sounds like a registered track.
struct MatchEvidence {
    std::string track;        ///< a fingerprint binding's value
    double query_start_s = 0; ///< in the recording asked about
    double query_end_s = 0;
    double asset_start_s = 0; ///< in the registered track
    double asset_end_s = 0;
    double audio_speed = 1;
    double audio_pitch_semitones = 0;
    double confidence = 0; ///< 0 to 1
    double p_value = 1;    ///< chance that other audio gives it
};

/// All that was found in one recording. Gathering it is the only part of a check that reads sound.
struct Evidence {
    std::string
        unreadable; ///< why the recording could not be examined: unreadable, silent, too short; empty when it was
    double duration_s = 0;
    std::vector<MarkEvidence> marks;
    std::vector<MatchEvidence> matches;
    std::optional<PublicNotice> notice; ///< the strictest of those in the sound
    std::string tag_isrc;               ///< what the file's tags say: a signal, and no proof
    bool has_c2pa_manifest = false;
    std::string sound;               ///< its samples' hash (wm/audio_hash.h), where it was asked for and could be made
    std::optional<SoundShape> shape; ///< likewise
};

/// What is asked. Every use is asked for every territory, and gets an answer of its own.
struct Question {
    std::vector<Use> uses;
    std::vector<std::string> territories; ///< empty: the strictest of all
    std::string licensee;                 ///< who asks; empty: nobody that a licence could name
    std::int64_t time_s = 0;              ///< the time that is asked about, since 1970
    bool is_offline = false;              ///< the claims come from a snapshot: newer ones may exist
};

/// From where on something about an upload is a signal. Signals inform, and decide nothing.
struct SignalLimits {
    double short_s = 30;          ///< a shorter recording is very short
    double padded_share = 0.2;    ///< as much of it, silent at one end or in one pause, is padding
    double looped_share = 0.8;    ///< as many peaks that come again after a period make it a loop
    double least_repeats = 4;     ///< and it must go round as often
    double duplicate_share = 0.5; ///< what two recordings have in common, of the shorter one, to be near duplicates
    double duplicate_share_of_longer = 0.2; ///< and of the longer one: an hour that contains a song is none of it
    std::int64_t many_names = 3;            ///< one recording under as many names
    std::int64_t burst_uploads = 20;        ///< as many uploads of one account
    double burst_s = 3600;                  ///< in this time
};

/// How a platform wants to be answered (docs/schemas/wm-profile-1.json).
struct Profile {
    std::string name = "default";
    Decision unknown = Decision::kUnknown; ///< what it means that nothing is known of a recording; not kAllowWithTerms
    double max_mark_p_value = 1e-9;        ///< a weaker mark is a signal only
    double max_match_p_value = 1e-6;       ///< so is a weaker match
    double min_match_s = 5;                ///< the shortest match that counts
    double min_identified_share = 0.5;     ///< below it, what was not identified counts as unknown too
    std::vector<Use> uses;                 ///< asked in every question, as are these:
    std::vector<std::string> territories;
    std::string licensee; ///< who asks, unless the question says
    SignalLimits signals;

    /// SHA-256 over the canonical form of the profile and the version of the rules: names the policy in verdicts.
    std::string hash() const;
};

/// errors   kFormat
Result<Profile> parse_profile_toml(std::string_view text);

/// The question with what the profile always asks.
Question with_profile(Question question, const Profile& profile);

/// Why a decision is what it is. Codes are stable: docs/provenance.md has them all, and `wm explain` too.
struct Reason {
    std::string code;
    std::string detail;   ///< one sentence about this case
    std::string claim_id; ///< of the claim it is about; may be empty
    std::optional<Use> use;
    std::string territory;
};

/// What is noticed, and decides nothing.
struct Signal {
    std::string code;
    std::string detail;
    double start_s = 0;
    double end_s = 0;
    double p_value = 1;
};

/// What goes with an allow.
struct Obligation {
    std::string code; ///< "credit", "reportUsage", "terms"
    std::string detail;
    std::string claim_id;
};

/// The decision about one use in one territory.
struct Answer {
    Use use = Use::kStream;
    std::string territory; ///< empty: all of them
    Decision decision = Decision::kUnknown;
    std::string licence_id; ///< the licence that allows it
};

/// A claim that the verdict rests on.
struct NamedClaim {
    std::string claim_id;
    std::string subject;
    std::uint64_t index = 0; ///< of its entry in the log
    std::string title;
    std::string isrc;
    std::string found_by;  ///< "mark", "fingerprint", "mark+fingerprint", "isrc" (of a claim on the same recording), or
                           ///< "lineage" (what one of the others was made from)
    std::string recipient; ///< who received the marked copy
};

struct Verdict {
    Decision decision = Decision::kReview; ///< the strictest of the answers
    std::vector<Answer> answers;
    std::vector<Reason> reasons; ///< those that decided first
    std::vector<Signal> signals;
    std::vector<Obligation> obligations;
    std::vector<NamedClaim> claims;
    Question question;
    std::string policy_hash;
    TreeHead registry;
};

/// The verdict of docs/provenance.md.
///
/// claims   the histories of every claim that a mark or match of the evidence leads to, each as it was at the time asked
///          about, in any order; others are ignored
/// cost     linear in marks, matches and licences; no I/O
/// threads  reentrant
Verdict decide(const Evidence& evidence, const std::vector<ClaimHistory>& claims, const Question& question,
               const Profile& profile = {});

/// What a reason's or signal's code means, and what to do about it. Nothing for an unknown code.
std::optional<std::string> explain(std::string_view code);

/// All codes, sorted.
std::vector<std::string> all_codes();

/// The canonical JSON of a verdict (docs/schemas/wm-check-1.json, without `file`).
std::string verdict_json(const Verdict& verdict);

} // namespace wm
