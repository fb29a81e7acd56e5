#pragma once
// What has to be known to get the same number again, in sacreBLEU's words: "nrefs:1|case:mixed|…|version:…". The
// version is ours: "regard-0.1.0". The rules are sacreBLEU 2.6.0's; its own version is never claimed.
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

// "regard-" and the version of this build.
[[nodiscard]] std::string evaluator_version();

// Pairs in the order in which they are printed: nrefs, bs, ar, seed, then the metric's own, version last.
class Signature {
 public:
  // `references` is their number.
  explicit Signature(std::size_t references);

  // A key of the metric and its abbreviation.
  void add(std::string_view key, std::string_view abbreviation, std::string_view value);
  // Resamples of a bootstrap and trials of an approximate randomisation; 0 for what was not done.
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
