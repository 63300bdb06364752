#pragma once

/// The names that claims and the other records have in JSON and TOML.

#include "provenance/fields.h"
#include "wm/claim.h"

namespace wm {

template <class T>
using NameTable = std::vector<std::pair<std::string, T>>;

template <>
struct Names<Use> {
    static const NameTable<Use>& table();
};
template <>
struct Names<Choice> {
    static const NameTable<Choice>& table();
};
template <>
struct Names<AiShare> {
    static const NameTable<AiShare>& table();
};
template <>
struct Names<Decision> {
    static const NameTable<Decision>& table();
};
template <>
struct Names<ClaimStatus> {
    static const NameTable<ClaimStatus>& table();
};

template <>
struct Fields<Consent> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("use", self.use);
        a("constraint_info", self.constraint_info);
    }
};

template <>
struct Fields<AiDisclosure> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("containsAI", self.contains_ai);
        a("facets", self.facets);
        a("digitalSourceType", self.digital_source_type);
        a("declaredBy", self.declared_by);
        a("declaredAt", self.declared_at);
        a("tools", self.tools);
    }
};

template <>
struct Fields<Recording> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("isrc", self.isrc);
        a.required("title", self.title);
        a("durationMs", self.duration_ms);
        a("pLine", self.p_line);
    }
};

template <>
struct Fields<Work> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("iswc", self.iswc);
        a("title", self.title);
    }
};

template <>
struct Fields<Release> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("icpn", self.icpn);
        a("grid", self.grid);
    }
};

template <>
struct Fields<Contributor> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("ref", self.ref);
        a.required("name", self.name);
        a("isni", self.isni);
        a("ipi", self.ipi);
        a("kid", self.kid);
        a("roles", self.roles);
        a("aiContribution", self.ai_contribution);
    }
};

template <>
struct Fields<Right> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("party", self.party);
        a("rightsType", self.rights_type);
        a("sharePercent", self.share_percent);
        a.required("territories", self.territories.included);
        a("excludedTerritories", self.territories.excluded);
        a("validFrom", self.validity.from);
        a("validTo", self.validity.to);
    }
};

template <>
struct Fields<Licence> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("id", self.id);
        a.required("licensee", self.licensee);
        a.required("uses", self.uses);
        a.required("territories", self.territories.included);
        a("excludedTerritories", self.territories.excluded);
        a("validFrom", self.validity.from);
        a("validTo", self.validity.to);
        a("terms", self.terms);
        a("compensation", self.compensation);
    }
};

template <>
struct Fields<Derivation> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("claimId", self.claim_id);
        a("isrc", self.isrc);
        a("sharePercent", self.share_percent);
        a("licence", self.licence);
    }
};

template <>
struct Fields<MatchRule> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("uses", self.uses);
        a.required("territories", self.territories.included);
        a("excludedTerritories", self.territories.excluded);
        a.required("decision", self.decision);
        a("terms", self.terms);
    }
};

template <>
struct Fields<Binding> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("alg", self.alg);
        a.required("type", self.type);
        a.required("value", self.value);
    }
};

template <>
struct Fields<Claim> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a("claimId", self.claim_id);
        a("wmId", self.wm_id);
        a("serial", self.serial);
        a("supersedes", self.supersedes);
        a("status", self.status);
        a.required("recording", self.recording);
        a("works", self.works);
        a("release", self.release);
        a("parties", self.parties);
        a("rights", self.rights);
        a("derivedFrom", self.derived_from);
        a("ai", self.ai);
        a("trainingMining", self.training_mining);
        a("licences", self.licences);
        a("matchPolicy", self.match_policy);
        a("bindings", self.bindings);
        a("contact", self.contact);
        a("issuedAt", self.issued_at);
    }
};

template <>
struct Fields<StatusChange> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claimId", self.claim_id);
        a.required("status", self.status);
        a("reason", self.reason);
        a.required("issuedAt", self.issued_at);
    }
};

template <>
struct Fields<ConsentChange> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claimId", self.claim_id);
        a.required("trainingMining", self.training_mining);
        a.required("issuedAt", self.issued_at);
    }
};

template <>
struct Fields<LicenceGrant> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claimId", self.claim_id);
        a.required("licence", self.licence);
        a.required("issuedAt", self.issued_at);
    }
};

template <>
struct Fields<LicenceRevocation> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claimId", self.claim_id);
        a.required("licenceId", self.licence_id);
        a("reason", self.reason);
        a.required("issuedAt", self.issued_at);
    }
};

template <>
struct Fields<CopyIssue> {
    template <class Archive, class Self>
    static void visit(Archive& a, Self& self) {
        a.required("claimId", self.claim_id);
        a.required("wmId", self.wm_id);
        a("recipient", self.recipient);
        a.required("issuedAt", self.issued_at);
    }
};

} // namespace wm
