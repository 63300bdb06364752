#include "provenance/verdict_fields.h"

namespace wm {

std::string verdict_json(const Verdict& verdict) {
    return canonical_json(verdict_document(verdict));
}

Json verdict_document(const Verdict& verdict) {
    Json document = write_value(verdict);
    document["schema"] = kVerdictSchema;
    // Readers may rely on these lists, filled or not.
    for (const char* list : {"answers", "reasons", "signals", "obligations", "claims"}) {
        if (!document.contains(list)) {
            document[list] = Json::array();
        }
    }
    return document;
}

} // namespace wm
