#pragma once

/// The names that verdicts have in JSON (docs/schemas/wm-check-1.json).

#include "provenance/claim_fields.h"
#include "wm/verdict.h"

namespace wm {

inline constexpr const char* kVerdictSchema = "wm.check/1";

/// The verdict as JSON, its schema named.
Json verdict_document(const Verdict& verdict);

template <>
struct Fields<TreeHead> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        std::int64_t size = static_cast<std::int64_t>(self.size);
        a.required("size", size);
        if constexpr (!std::is_const_v<Self>) {
            self.size = static_cast<std::uint64_t>(size);
        }
        a.required("root", self.root);
    }
};

template <>
struct Fields<Question> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("uses", self.uses);
        a("territories", self.territories);
        a("licensee", self.licensee);
        Moment time{self.time_s, false};
        a.required("time", time);
        if constexpr (!std::is_const_v<Self>) {
            self.time_s = time.unix_s;
        }
        a("offline", self.is_offline);
    }
};

template <>
struct Fields<Answer> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("use", self.use);
        a("territory", self.territory);
        a.required("decision", self.decision);
        a("licence", self.licence_id);
    }
};

template <>
struct Fields<Reason> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("code", self.code);
        a("detail", self.detail);
        a("claim", self.claim_id);
        a("use", self.use);
        a("territory", self.territory);
    }
};

template <>
struct Fields<Signal> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("code", self.code);
        a("detail", self.detail);
        a("start_s", self.start_s);
        a("end_s", self.end_s);
        a("p_value", self.p_value);
    }
};

template <>
struct Fields<Obligation> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("code", self.code);
        a("detail", self.detail);
        a("claim", self.claim_id);
    }
};

template <>
struct Fields<NamedClaim> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claim", self.claim_id);
        a("subject", self.subject);
        std::int64_t index = static_cast<std::int64_t>(self.index);
        a("entry", index);
        if constexpr (!std::is_const_v<Self>) {
            self.index = static_cast<std::uint64_t>(index);
        }
        a("title", self.title);
        a("isrc", self.isrc);
        a("found_by", self.found_by);
        a("recipient", self.recipient);
    }
};

template <>
struct Fields<Verdict> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("decision", self.decision);
        a("answers", self.answers);
        a("reasons", self.reasons);
        a("signals", self.signals);
        a("obligations", self.obligations);
        a("claims", self.claims);
        a.required("question", self.question);
        a.required("policy", self.policy_hash);
        a.required("registry", self.registry);
    }
};

} // namespace wm
