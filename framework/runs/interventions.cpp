#include "framework/runs/interventions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/runs/results_json.h"

namespace regard::runs {
namespace {

// Losses of one model in batches of other sizes differ by rounding.
constexpr double kSameLoss = 1e-3;

// Returns the sha256 of a file; "" if it does not exist.
std::string hash_if_exists(const Path& file) {
  return std::filesystem::exists(file) ? sha256_file(file) : std::string();
}

void require_sentences(const RunPaths& run, const std::string& test, const std::string& kind,
                       const Intervened& one, std::size_t sentences) {
  const bool lines = one.lines.empty() || one.lines.size() == sentences;
  if (one.losses.size() == sentences && lines) return;
  throw FolderError(fmt::format("{}: is damaged: tests.{}.{} has {} losses and {} lines for {} sentences",
                                run.interventions().string(), test, kind, one.losses.size(), one.lines.size(),
                                sentences));
}

}  // namespace

std::string disagreement_of_interventions(const RunFolder& folder, const RunPaths& run, Index seed) {
  if (!std::filesystem::exists(run.interventions())) return "";
  const auto scores = read_if_exists<Scores>(run.scores()).value_or(Scores{});
  std::map<std::string, std::size_t> sentences;
  for (const auto& [test, stored] : scores.tests) sentences[test] = static_cast<std::size_t>(stored.sentences);
  bool stale = false;
  const auto found = current_interventions(folder, run, seed, sentences, &stale);
  if (stale)
    return "was made from other files than the run has now; make it again with `regard attend FOLDER --intervene`";
  for (const auto& [test, kinds] : found->tests) {
    const auto own = kinds.find("own");
    if (own == kinds.end()) continue;
    const std::string tokens = read_file(folder.test_target_tokens(test));
    // Tokens are separated by one space, and each line ends with </s>.
    double words = 0;
    bool empty = true;
    for (const char c : tokens) {
      if (c == '\n') words += empty ? 1 : 2;
      if (c == ' ') ++words;
      empty = c == '\n';
    }
    const double loss = std::accumulate(own->second.losses.begin(), own->second.losses.end(), 0.0) / words;
    const double stored = scores.tests.at(test).loss;
    if (std::abs(loss - stored) > kSameLoss * std::max(1.0, std::abs(stored)))
      return fmt::format("has loss {} for {} with the run's own weights, but scores.json has {}", loss, test,
                         stored);
  }
  return "";
}

std::string text_hash(const RunFolder& folder, const std::string& test) {
  return sha256(hash_if_exists(folder.test_source_tokens(test)) + hash_if_exists(folder.test_target_tokens(test)) +
                hash_if_exists(folder.test_alignment(test)));
}

Interventions basis_of(const RunFolder& folder, const RunPaths& run, const std::vector<std::string>& tests) {
  Interventions basis;
  basis.checkpoint = sha256_file(run.best_checkpoint());
  basis.record = sha256_file(run.identity());
  for (const std::string& test : tests) basis.texts[test] = text_hash(folder, test);
  return basis;
}

std::optional<Interventions> current_interventions(const RunFolder& folder, const RunPaths& run, Index seed,
                                                   const std::map<std::string, std::size_t>& sentences,
                                                   bool* stale) {
  if (stale != nullptr) *stale = false;
  auto found = read_if_exists<Interventions>(run.interventions());
  if (!found) return std::nullopt;
  const auto removed = [&] {
    if (stale != nullptr) *stale = true;
  };
  if (found->checkpoint != hash_if_exists(run.best_checkpoint()) ||
      found->record != hash_if_exists(run.identity())) {
    removed();
    return std::nullopt;
  }
  for (auto entry = found->tests.begin(); entry != found->tests.end();) {
    const bool known = sentences.contains(entry->first);
    const bool current = known && found->texts[entry->first] == text_hash(folder, entry->first);
    if (!current) removed();
    entry = current ? std::next(entry) : found->tests.erase(entry);
  }
  if (!found->other.empty() &&
      found->other_checkpoint != hash_if_exists(folder.run(found->other, seed).best_checkpoint())) {
    removed();
    found->other.clear();
    found->other_checkpoint.clear();
    for (auto& [test, kinds] : found->tests) kinds.erase("other");
  }
  for (const auto& [test, kinds] : found->tests) {
    for (const auto& [kind, one] : kinds) require_sentences(run, test, kind, one, sentences.at(test));
  }
  return found;
}

}  // namespace regard::runs
