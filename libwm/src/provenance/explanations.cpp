#include <map>

#include "wm/verdict.h"

namespace wm {
namespace {

const std::map<std::string, std::string, std::less<>>& explanations() {
    static const std::map<std::string, std::string, std::less<>> texts = {
        {"UNREADABLE",
         "The recording could not be examined: it cannot be decoded, is silent or is too short. Nothing is allowed on "
         "such ground. Ask for a whole, playable file."},
        {"NOT_READ",
         "The file could not be opened or read to its end. Nothing is known of it, and nothing is allowed."},
        {"NO_CLAIM", "Neither a mark nor a fingerprint led to anything registered. That proves nothing about who owns "
                     "the recording; "
                     "what it means is for the platform's profile to say (unknown = ...)."},
        {"WM_UNCONFIRMED",
         "A mark was read that belongs to a registered recording, but the sound around it is not that recording. A "
         "mark can be copied onto other sound, so that it decides nothing alone: a person must listen."},
        {"WM_FP_CONFLICT",
         "The mark names one recording and the fingerprint another. Somebody may have put a mark onto sound that "
         "is not theirs. Look into who uploaded it."},
        {"MARK_UNREGISTERED",
         "A mark of one of the keys was read, and no claim in the registry has its id: it was embedded without "
         "being registered, or this registry is not the newest. A person must look."},
        {"MARK_MISSING", "The fingerprint's recording was registered with a mark, and this copy has none: it was made "
                         "before marking, or "
                         "the mark was removed. The fingerprint's claim decides."},
        {"PARTIAL_MATCH",
         "A registered recording is only a part of this one, and nothing is known of the rest. The rest is answered "
         "as the profile's `unknown` says; `minIdentifiedShare` sets how much may stay unidentified."},
        {"SEVERAL_RECORDINGS",
         "More than one registered recording is in it. Each claim is heard, and the strictest decides."},
        {"CLAIM_TAMPERED",
         "An entry of the registry's log is not what was signed, or was signed by somebody who had no right to. Run "
         "`wm registry log verify`, and restore the registry from a copy."},
        {"CLAIM_SUSPENDED",
         "The owner suspended the claim for the time being. It neither allows nor forbids until it is active again."},
        {"CLAIM_DISPUTED",
         "Another party says that the claim is wrong. Until that is settled between them, a person must decide."},
        {"CLAIM_REVOKED",
         "The owner took the claim back for good. It says nothing any more, and another may have taken its place."},
        {"CLAIM_SUPERSEDED",
         "The claim was corrected. Only its last record counts; earlier ones are in `wm claim history`."},
        {"CLAIM_NOT_IN_FORCE", "All rights in the claim have ended or not yet begun at the time asked about."},
        {"NO_RIGHTS_IN_TERRITORY",
         "The claim's rights do not reach to the territory asked about (or, with none named, to all of "
         "them). Others may hold them there."},
        {"LICENSED",
         "A licence for this licensee covers the use, the territory and the time. It outweighs a general prohibition."},
        {"LICENCE_EXPIRED", "There is a licence for this licensee and use, but it had ended at the time asked about."},
        {"LICENCE_NOT_YET_VALID", "There is a licence for this licensee and use, but it begins later."},
        {"LICENCE_REVOKED", "There was a licence for this licensee and use, and the owner revoked it."},
        {"LICENCE_OTHER_TERRITORY", "There is a licence for this licensee and use, but not for this territory."},
        {"NO_LICENCE",
         "Uses other than AI uses need a licence unless the claim's matchPolicy says otherwise, and there is none for "
         "this licensee, use, territory and time."},
        {"MATCH_POLICY",
         "No licence was found, and the rightsholder said beforehand, in the claim's matchPolicy, what then holds."},
        {"CONSENT_ALLOWED", "The rightsholder allows this AI use to everybody."},
        {"CONSENT_NOT_ALLOWED",
         "The rightsholder, or one of several, does not allow this AI use, and no licence makes an exception."},
        {"CONSENT_CONSTRAINED",
         "The rightsholder allows this AI use on conditions. Without a licence that counts as not allowed; the "
         "constraint says whom to ask."},
        {"CONSENT_UNDECLARED",
         "The claim says nothing about this AI use. Silence is no consent: ask the rightsholder."},
        {"PARENT_MISSING",
         "The claim says that the recording was made from another, which this registry does not know. What "
         "its rightsholders allow cannot be told, so that a person must look."},
        {"PARENT_NOT_LICENSED",
         "The recording was made from another whose rightsholders did not license that: it takes a licence for the use "
         "`derive`, granted to the key that signed the derived claim, or a matchPolicy for it."},
        {"PARENT_RESTRICTS", "The recording was made from another whose rightsholders do not allow this use, neither "
                             "to who asks nor to who "
                             "made the derived recording. What is derived is no freer than what it was made from."},
        {"LINEAGE_CYCLE", "Claims say of each other that each was made from the next, and the last from the first. One "
                          "of them is wrong; "
                          "until it is corrected, a person must decide."},
        {"NOTICE_RESTRICTS",
         "The public notice in the sound forbids this AI use. It is not authenticated, which is why it can only "
         "forbid."},
        {"NO_SPLIT",
         "The claim does not say whose share is how large. What its recording earned is held back until it does."},
        {"NO_SPLIT_HERE",
         "None of the claim's shares holds in that territory at that time. Others may hold the rights there."},
        {"SPLIT_INCOMPLETE", "The claim's shares add up to less than all. What is missing is held back."},
        {"SHARE_NOT_AGREED",
         "A parent in the claim's derivedFrom has no sharePercent, so that what is left to the others is not "
         "known either. All that its recording earned is held back."},
        {"SEVERAL_RIGHTS_TYPES",
         "The claim has shares of several types of rights. Say with --rights-type for which the money is."},
        {"CONFLICTING_CLAIMS", "Several claims are on one recording. What it earned is held back until one remains."},
        {"CLAIM_UNKNOWN", "A log names a claim that this registry does not have."},
        {"SEVERAL_RECORDINGS_EARN", "One amount was logged for several recordings: log an amount for each."},
        {"SEVERAL_USES", "One amount was logged for several uses or territories: log an amount for each."},
        {"USE_NOT_ALLOWED", "An amount was logged for what was not allowed."},
        {"NO_USES", "There is a pool, and no use that it could be divided by."},
        {"USAGE_LINE_UNREADABLE",
         "A line of a log could not be read: it was cut, or is of another form. It was not counted."},
        {"USAGE_REPEATED", "An event stands in the logs more than once, as when logs overlap. It was counted once."},
        {"USAGE_CONTRADICTS", "Several lines have one event's id and say different things. None of them was counted."},
        {"MARK_FOUND", "A mark was read; p_value bounds the chance that unmarked audio gives such a finding."},
        {"MARK_WEAK", "Traces of a mark, too weak for the profile's maxMarkPValue: they decide nothing."},
        {"MATCH_FOUND", "A stretch sounds like a registered track."},
        {"MATCH_WEAK",
         "A stretch resembles a registered track, too weakly for the profile's maxMatchPValue: it decides nothing."},
        {"MATCH_TOO_SHORT",
         "A stretch sounds like a registered track, but is shorter than the profile's minMatchSeconds."},
        {"MATCH_UNREGISTERED", "A stretch sounds like a track of the index that no claim here speaks of."},
        {"TAG_ISRC", "The file's tags name this ISRC. Anybody can write tags: they prove nothing."},
        {"TAG_MISMATCH", "The file's tags name another ISRC than the sound does. The sound decides."},
        {"C2PA_MANIFEST", "The file has a C2PA manifest. It is noticed and not yet read."},
        {"AI_DISCLOSED", "What the claim says about AI's part in the recording."},
        {"AI_UNDECLARED", "The claim does not say what AI did. Undeclared is not the same as none."},
        {"PUBLIC_NOTICE",
         "What the public notice in the sound says, and the code of who wrote it. Anybody can write one: it is not "
         "authenticated, may restrict, and never allows."},
        {"VERY_SHORT",
         "The recording is shorter than the profile's signals.shortSeconds. Very short uploads are a way to "
         "multiply plays."},
        {"PADDED",
         "A large part of the recording is silence at one end or in one pause (signals.paddedShare): it may be "
         "a short recording that was made to look long."},
        {"LOOPED", "The recording is one loop that was repeated to fill its length (signals.loopedShare, "
                   "signals.loopRepeats). Some music is made so: listen."},
        {"EXACT_DUPLICATE", "Another upload decodes to the same samples."},
        {"NEAR_DUPLICATE", "Another upload is the same recording: transcoded, sped up, pitched, cut or padded "
                           "(signals.duplicateShare)."},
        {"MANY_NAMES", "One recording was uploaded under several names (signals.manyNames)."},
        {"ACCOUNT_BURST", "One account uploaded many recordings in a short time (signals.burstUploads, "
                          "signals.burstSeconds)."},
        {"AI_NOTICE", "What the public notice in the sound says about AI's part. It is not authenticated."},
    };
    return texts;
}

} // namespace

std::optional<std::string> explain(std::string_view code) {
    const auto found = explanations().find(code);
    return found == explanations().end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> all_codes() {
    std::vector<std::string> codes;
    for (const auto& [code, text] : explanations()) {
        codes.push_back(code);
    }
    return codes;
}

} // namespace wm
