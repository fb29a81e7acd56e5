// Compares a beam that keeps everything with all possible translations.
#include <algorithm>
#include <array>
#include <set>

#include "framework/decoding/scoring.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

using decoding::LengthNorm;
using decoding::SearchOptions;
using Words = std::vector<Index>;

constexpr Index kWords = 6;            // <pad> <unk> <s> </s> and two more: three words a step beside </s>
constexpr Index kLimit = 4;            // including </s>
constexpr Index kAll = 3 * 3 * 3 * 4;  // extensions of all hypotheses in the last step

struct Found {
  Words words;
  double log_p = 0;
  double score = 0;
};

bool repeats(const Words& words, Index n) {
  std::set<Words> seen;
  for (Index i = 0; n > 0 && i + n <= static_cast<Index>(words.size()); ++i) {
    if (!seen.insert(Words(words.begin() + i, words.begin() + i + n)).second) return true;
  }
  return false;
}

// Returns every translation that the options allow, by their definitions.
class Enumeration {
 public:
  Enumeration(const models::Seq2Seq& model, const data::Dataset& data, Index sentence, SearchOptions options)
      : options_(std::move(options)), walk_(model, data, sentence) {
    go(walk_.start(), 0, {});
    std::stable_sort(all_.begin(), all_.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
  }
  [[nodiscard]] const std::vector<Found>& all() const { return all_; }

 private:
  // `covered`: the weight of each source position so far.
  void go(const Walk::Place& place, double log_p, std::vector<double> covered) {
    covered.resize(place.weights.size());
    for (std::size_t s = 0; s < covered.size(); ++s) covered[s] += place.weights[s];
    if (static_cast<Index>(words_.size()) >= options_.min_length) {
      const double ended = log_p + place.log_p[data::kEos];
      all_.push_back({words_, ended, score(ended, covered)});
    }
    if (static_cast<Index>(words_.size()) + 1 == kLimit) return;
    for (Index word = 0; word < kWords; ++word) {
      if (!is_translation(word) || word == data::kEos) continue;
      words_.push_back(word);
      if (!repeats(words_, options_.block_ngrams))
        go(walk_.after(place.state, word), log_p + place.log_p[static_cast<std::size_t>(word)], covered);
      words_.pop_back();
    }
  }
  [[nodiscard]] double score(double log_p, const std::vector<double>& covered) const {
    const auto length = static_cast<double>(words_.size() + 1);
    const double base = options_.length_norm == LengthNorm::gnmt ? (5 + length) / 6 : length;
    double sum = 0;
    for (std::size_t s = 0; s + 1 < covered.size(); ++s) sum += std::log(std::min(covered[s], 1.0));
    return log_p / std::pow(base, options_.length_penalty) + options_.coverage_penalty * sum;
  }

  SearchOptions options_;
  Walk walk_;
  Words words_;
  std::vector<Found> all_;
};

// Compares all translations of a full-width beam with all possible ones. `lengths` gets the lengths of the
// winners.
void check_exact(const models::Seq2Seq& model, const data::Dataset& data, SearchOptions options,
                 std::array<std::size_t, kLimit>& lengths) {
  options.beam = kAll;
  options.max_length_factor = 0;
  options.max_length_extra = kLimit;
  const models::Seq2Seq* const one = &model;
  const auto found = decoding::translate_all({&one, 1}, data, options);
  for (Index i = 0; i < data.size(); ++i) {
    const Enumeration every(model, data, i, options);
    const auto& list = found[static_cast<std::size_t>(i)];
    const auto all = static_cast<Index>(every.all().size());
    REQUIRE(static_cast<Index>(list.size()) >= std::min(options.nbest, all));
    for (std::size_t k = 0; k < list.size() && k < every.all().size(); ++k) {
      const Found& best = every.all()[k];
      INFO("sentence " << i << ", best " << k);
      CHECK(list[k].words == best.words);
      CHECK(list[k].complete);
      CHECK(list[k].log_probability == Approx(best.log_p).epsilon(1e-9));
      // Attention is stored in single precision.
      CHECK(list[k].score == Approx(best.score).epsilon(options.coverage_penalty > 0 ? 1e-6 : 1e-9));
    }
    ++lengths[list.front().words.size()];
  }
}

std::vector<models::Seq2Seq> tiny_models() {
  std::vector<models::Seq2Seq> all;
  for (const char* attention : {"none", "general", "concat"}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      auto options = toy_model(attention);
      options.decoder.input_feeding = seed == 2;
      options.encoder.layers = options.decoder.layers = seed == 3 ? 2 : 1;
      all.emplace_back(options, kToyVocabulary, kWords, seed, DType::f64);
      sharpen(all.back(), 6, -1);
    }
  }
  return all;
}

}  // namespace

TEST_CASE("search: a full-width beam finds the best of all translations") {
  const auto data = reverse_data(3, 1, 4);
  std::array<std::size_t, kLimit> lengths{};
  for (const auto& model : tiny_models()) {
    for (const double alpha : {0.0, 0.6, 1.0, 2.0}) check_exact(model, data, {.length_penalty = alpha}, lengths);
  }
  // The comparison is meaningful only if both short and long translations win.
  CHECK(lengths.front() > 0);
  CHECK(lengths.back() > 0);
}

TEST_CASE("search: a full beam is exact with each rule of ranking and each constraint") {
  const auto data = reverse_data(3, 1, 4);
  std::array<std::size_t, kLimit> plain{};
  for (const auto& model : tiny_models()) {
    for (const auto norm : {LengthNorm::average, LengthNorm::gnmt}) {
      for (const double beta : {0.0, 0.3, 2.0}) {
        const bool looks = model.decoder().has_attention();
        if (beta > 0 && !looks) continue;
        for (const Index block : {0, 1, 2}) {
          INFO("attention " << looks << ", norm " << static_cast<int>(norm) << ", beta " << beta << ", block "
                            << block);
          std::array<std::size_t, kLimit> lengths{};
          for (const Index least : {0, 2}) {
            check_exact(model, data,
                        {.nbest = 4,
                         .length_norm = norm,
                         .length_penalty = 0.6,
                         .coverage_penalty = beta,
                         .min_length = least,
                         .block_ngrams = block},
                        lengths);
            if (least > 0) continue;
            for (std::size_t n = 0; n < lengths.size(); ++n) plain[n] += lengths[n];
          }
        }
      }
    }
  }
  CHECK(plain.front() > 0);  // so that a minimum length forbids something
  CHECK(plain.back() > 0);
}

TEST_CASE("search: n-best lists of a full beam have all translations in order") {
  const auto data = reverse_data(2, 2, 4);
  std::array<std::size_t, kLimit> lengths{};
  constexpr Index kEvery = 1 + 3 + 9 + 27;
  const auto model = std::move(tiny_models()[4]);
  check_exact(model, data, {.nbest = kEvery}, lengths);
  check_exact(model, data, {.nbest = kEvery, .block_ngrams = 1}, lengths);
}

TEST_CASE("search: no beam has a better winner than the best of all translations") {
  const auto data = reverse_data(4, 1, 4);
  models::Seq2Seq model(toy_model("dot"), kToyVocabulary, kWords, 4, DType::f64);
  sharpen(model, 6, -1);
  for (const Index beam : {1, 2, 3, 5}) {
    const SearchOptions options{
        .beam = beam, .length_penalty = 1, .max_length_factor = 0, .max_length_extra = kLimit};
    const auto found = decoding::translate(model, data, options);
    for (Index i = 0; i < data.size(); ++i) {
      const auto& translation = found[static_cast<std::size_t>(i)];
      if (translation.complete)
        CHECK(translation.score <= Enumeration(model, data, i, options).all().front().score + 1e-9);
    }
  }
}

}  // namespace regard::testing
