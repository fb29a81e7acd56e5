#include "framework/evaluation/signature.h"

#include <fmt/format.h>

#include "framework/base/version.h"

namespace regard::evaluation {
namespace {

std::string joined(const std::vector<Signature::Entry>& entries, std::string Signature::Entry::*name) {
  std::string out;
  for (const Signature::Entry& entry : entries) {
    if (!out.empty()) out += '|';
    out += entry.*name + ':' + entry.value;
  }
  return out;
}

}  // namespace

std::string evaluator_version() { return fmt::format("regard-{}", version()); }

Signature::Signature(std::size_t references) : references_(std::to_string(references)) {}

void Signature::add(std::string_view key, std::string_view abbreviation, std::string_view value) {
  own_.push_back({std::string(key), std::string(abbreviation), std::string(value)});
}

void Signature::resampled(Index bootstrap, Index randomisation, std::string_view seed) {
  resampling_.clear();
  if (bootstrap > 0) resampling_.push_back({"bs", "bs", std::to_string(bootstrap)});
  if (randomisation > 0) resampling_.push_back({"ar", "ar", std::to_string(randomisation)});
  resampling_.push_back({"seed", "rs", std::string(seed)});
}

std::vector<Signature::Entry> Signature::entries() const {
  std::vector<Entry> all = {{"nrefs", "#", references_}};
  all.insert(all.end(), resampling_.begin(), resampling_.end());
  all.insert(all.end(), own_.begin(), own_.end());
  all.push_back({"version", "v", evaluator_version()});
  return all;
}

std::string Signature::text() const { return joined(entries(), &Entry::key); }
std::string Signature::short_text() const { return joined(entries(), &Entry::abbreviation); }

}  // namespace regard::evaluation
