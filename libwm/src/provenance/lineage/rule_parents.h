#pragma once

#include "provenance/claim_ruling.h"
#include "wm/lineage.h"

namespace wm {

/// What the recordings that another was made from say to one question. A derived recording is no freer than that.
///
/// Each step needs two things: that the parent let the child be made (a use `derive`, asked by the child's owner), and that the
/// parent allows the use asked about, either to who asks or, by the same licence, to the child's owner.
Ruling rule_parents(const Lineage& lineage, const SingleQuestion& question);

/// The name of a derivation's parent, for people.
const std::string& name_of(const Derivation& terms);

} // namespace wm
