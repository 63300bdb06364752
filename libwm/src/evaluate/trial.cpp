#include "evaluate/trial.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/csv.h"

namespace wm {
namespace {

constexpr std::array kKinds = {TrialKind::kMarked, TrialKind::kNullKey, TrialKind::kUnmarked};
constexpr std::array kOutcomes = {TrialOutcome::kDetected, TrialOutcome::kWrong, TrialOutcome::kMissed,
                                  TrialOutcome::kInconclusive, TrialOutcome::kError};

std::string to_text(const std::string& value) {
    return value;
}

std::string to_text(double value) {
    return fmt::format("{}", value);
}

std::string to_text(std::uint64_t value) {
    return fmt::format("{}", value);
}

std::string to_text(int value) {
    return fmt::format("{}", value);
}

std::string to_text(TrialKind value) {
    return name_of(value);
}

std::string to_text(TrialOutcome value) {
    return name_of(value);
}

template <class T>
std::string to_text(const std::optional<T>& value) {
    return value ? to_text(*value) : std::string();
}

/// What `text` must be for from_text to have taken it; null when it did.
using Complaint = const char*;

Complaint from_text(const std::string& text, std::string& value) {
    value = text;
    return nullptr;
}

template <class Number>
Complaint number_from(const std::string& text, Number& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc() && stop == end ? nullptr : "is not a number in range";
}

Complaint from_text(const std::string& text, double& value) {
    const Complaint complaint = number_from(text, value);
    return complaint != nullptr || !std::isnan(value) ? complaint : "is not a number in range";
}

Complaint from_text(const std::string& text, std::uint64_t& value) {
    return number_from(text, value);
}

Complaint from_text(const std::string& text, int& value) {
    const Complaint complaint = number_from(text, value);
    return complaint != nullptr || value >= 0 ? complaint : "is negative";
}

template <class Name, std::size_t count>
Complaint name_from(const std::string& text, const std::array<Name, count>& names, Name& value) {
    const auto* const place =
        std::find_if(names.begin(), names.end(), [&](Name name) { return text == name_of(name); });
    if (place == names.end()) {
        return "is not one of the column's names";
    }
    value = *place;
    return nullptr;
}

Complaint from_text(const std::string& text, TrialKind& value) {
    return name_from(text, kKinds, value);
}

Complaint from_text(const std::string& text, TrialOutcome& value) {
    return name_from(text, kOutcomes, value);
}

template <class T>
Complaint from_text(const std::string& text, std::optional<T>& value) {
    return text.empty() ? nullptr : from_text(text, value.emplace());
}

struct Column {
    const char* name;
    std::string (*write)(const Trial& trial);
    Complaint (*read)(const std::string& text, Trial& trial);
};

#define WM_COLUMN(name, member)                                                                                        \
    Column {                                                                                                           \
        name, [](const Trial& trial) { return to_text(trial.member); },                                                \
            [](const std::string& text, Trial& trial) { return from_text(text, trial.member); }                        \
    }

constexpr std::array kColumns = {
    WM_COLUMN("system", system),
    WM_COLUMN("recording", recording),
    WM_COLUMN("attack", attack),
    WM_COLUMN("applied", applied),
    WM_COLUMN("attack_name", attack_name),
    WM_COLUMN("strength", strength),
    WM_COLUMN("strength_unit", strength_unit),
    WM_COLUMN("clip_s", clip_s),
    WM_COLUMN("crop_offset_s", crop_offset_s),
    WM_COLUMN("seed", seed),
    WM_COLUMN("kind", kind),
    WM_COLUMN("outcome", outcome),
    WM_COLUMN("score", score),
    WM_COLUMN("log10_p_value", log10_p_value),
    WM_COLUMN("false_positive_bound", false_positive_bound),
    WM_COLUMN("bit_errors", bit_errors),
    WM_COLUMN("num_bits", num_bits),
    WM_COLUMN("odg", quality.odg),
    WM_COLUMN("distortion_index", quality.distortion_index),
    WM_COLUMN("snr_db", quality.snr_db),
    WM_COLUMN("nmr_db", quality.nmr_db),
    WM_COLUMN("clip", clip),
    WM_COLUMN("message", message),
};

#undef WM_COLUMN

std::string unknown_column(const std::string& name) {
    std::string known;
    for (const Column& column : kColumns) {
        known += (known.empty() ? "" : ", ") + std::string(column.name);
    }
    return fmt::format("line 1: unknown column \"{}\" (known: {})", name, known);
}

/// The columns in the order that the header has them.
Result<std::vector<const Column*>> parse_header(const CsvRecord& header) {
    std::vector<const Column*> order;
    for (const std::string& name : header.fields) {
        const auto* const column =
            std::find_if(kColumns.begin(), kColumns.end(), [&](const Column& known) { return name == known.name; });
        if (column == kColumns.end()) {
            return fail(ErrorCode::kFormat, unknown_column(name));
        }
        if (std::find(order.begin(), order.end(), column) != order.end()) {
            return fail(ErrorCode::kFormat, fmt::format("line 1: column \"{}\" stands twice", name));
        }
        order.push_back(column);
    }
    for (const Column& column : kColumns) {
        if (std::find(order.begin(), order.end(), &column) == order.end()) {
            return fail(ErrorCode::kFormat, fmt::format("line 1: the header has no column \"{}\"", column.name));
        }
    }
    return order;
}

Result<Trial> parse_row(const CsvRecord& row, const std::vector<const Column*>& order) {
    if (row.fields.size() != order.size()) {
        return fail(ErrorCode::kFormat, fmt::format("line {}: {} fields, but the header has {}", row.line_number,
                                                    row.fields.size(), order.size()));
    }
    Trial trial;
    for (std::size_t k = 0; k < order.size(); ++k) {
        if (const Complaint complaint = order[k]->read(row.fields[k], trial)) {
            return fail(ErrorCode::kFormat, fmt::format("line {}: {}: \"{}\" {}", row.line_number, order[k]->name,
                                                        row.fields[k], complaint));
        }
    }
    return trial;
}

} // namespace

const char* name_of(TrialKind kind) {
    switch (kind) {
    case TrialKind::kMarked:
        return "marked";
    case TrialKind::kNullKey:
        return "null_key";
    case TrialKind::kUnmarked:
        break;
    }
    return "unmarked";
}

const char* name_of(TrialOutcome outcome) {
    switch (outcome) {
    case TrialOutcome::kDetected:
        return "detected";
    case TrialOutcome::kWrong:
        return "wrong";
    case TrialOutcome::kMissed:
        return "missed";
    case TrialOutcome::kInconclusive:
        return "inconclusive";
    case TrialOutcome::kError:
        break;
    }
    return "error";
}

std::string trial_csv_header() {
    std::vector<std::string> names;
    for (const Column& column : kColumns) {
        names.emplace_back(column.name);
    }
    return to_csv_line(names);
}

std::string trial_csv_row(const Trial& trial) {
    std::vector<std::string> fields;
    for (const Column& column : kColumns) {
        fields.push_back(column.write(trial));
    }
    return to_csv_line(fields);
}

Result<std::vector<Trial>> parse_trials(std::string_view csv) {
    const Result<std::vector<CsvRecord>> records = parse_csv(csv);
    if (!records) {
        return tl::unexpected(records.error());
    }
    if (records->empty()) {
        return fail(ErrorCode::kFormat, "no header: the file is empty");
    }
    const Result<std::vector<const Column*>> order = parse_header(records->front());
    if (!order) {
        return tl::unexpected(order.error());
    }
    std::vector<Trial> trials;
    for (std::size_t k = 1; k < records->size(); ++k) {
        Result<Trial> trial = parse_row((*records)[k], *order);
        if (!trial) {
            return tl::unexpected(trial.error());
        }
        trials.push_back(*std::move(trial));
    }
    return trials;
}

} // namespace wm
