#include "watermark/geometry_tally.h"

#include <algorithm>
#include <cmath>

namespace wm {
namespace {

/// Standard deviations over the mean of all geometries, nearly all of which show nothing.
constexpr double kStandsOut = 4.0;
constexpr std::size_t kMostLeads = 2;

} // namespace

GeometryTally::GeometryTally(std::size_t num_keys, std::size_t num_geometries)
    : entries_(num_keys, std::vector<Entry>(num_geometries)) {}

void GeometryTally::note(std::size_t key, std::size_t geometry, float score) {
    Entry& entry = entries_[key][geometry];
    entry.now = std::max(entry.now, score);
}

void GeometryTally::end_window() {
    for (std::vector<Entry>& of_key : entries_) {
        for (Entry& entry : of_key) {
            entry.sum += entry.now;
            if (entry.now > entry.best) {
                entry.best = entry.now;
                entry.best_window = num_windows_;
            }
            entry.now = 0.0F;
        }
    }
    ++num_windows_;
}

std::vector<GeometryTally::Lead> GeometryTally::leads(std::size_t key) const {
    const std::vector<Entry>& entries = entries_[key];
    double sum = 0.0;
    double sum_of_squares = 0.0;
    for (const Entry& entry : entries) {
        sum += static_cast<double>(entry.sum);
        sum_of_squares += static_cast<double>(entry.sum) * static_cast<double>(entry.sum);
    }
    const double count = static_cast<double>(std::max<std::size_t>(entries.size(), 1));
    const double mean = sum / count;
    const double least = mean + kStandsOut * std::sqrt(std::max(0.0, sum_of_squares / count - mean * mean));
    std::vector<Lead> leads;
    for (std::size_t k = 0; k < entries.size(); ++k) {
        if (static_cast<double>(entries[k].sum) > least) {
            leads.push_back({k, entries[k].best_window});
        }
    }
    std::stable_sort(leads.begin(), leads.end(),
                     [&](const Lead& a, const Lead& b) { return entries[a.geometry].sum > entries[b.geometry].sum; });
    leads.resize(std::min(leads.size(), kMostLeads));
    return leads;
}

} // namespace wm
