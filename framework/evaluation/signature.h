#pragma once
// The signature: everything that is needed to get the same score again, in sacreBLEU's form
// "nrefs:1|case:mixed|…|version:…". The rules are those of sacreBLEU 2.6.0, but the version is ours: "regard-0.2.0".
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

// Returns "regard-" and the version of this build.
[[nodiscard]] std::string evaluator_version();

// Pairs of key and value, printed in this order: nrefs, bs, ar, seed, then those of the metric, then version.
class Signature {
 public:
  // `references` is the number of references.
  explicit Signature(std::size_t references);

  // Adds a key of the metric with its abbreviation.
  void add(std::string_view key, std::string_view abbreviation, std::string_view value);
  // Sets the resamples of a bootstrap and the trials of an approximate randomisation; 0 for one that was not done.
  void resampled(Index bootstrap, Index randomisation, std::string_view seed);

  [[nodiscard]] std::string text() const;        // nrefs:1|…
  [[nodiscard]] std::string short_text() const;  // sacreBLEU's abbreviations: #:1|c:mixed|…

  struct Entry {
    std::string key, abbreviation, value;
  };
  [[nodiscard]] std::vector<Entry> entries() const;

 private:
  std::string references_;
  std::vector<Entry> resampling_;
  std::vector<Entry> own_;
};

}  // namespace regard::evaluation
