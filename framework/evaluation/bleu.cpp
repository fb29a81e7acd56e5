#include "framework/evaluation/bleu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "framework/base/errors.h"
#include "framework/evaluation/trie.h"

namespace regard::evaluation {
namespace {

constexpr auto orders = static_cast<std::size_t>(Bleu::max_order);

double default_value(Smoothing smoothing) noexcept { return smoothing == Smoothing::floor ? 0.1 : 1.0; }

bool takes_value(Smoothing smoothing) noexcept {
  return smoothing == Smoothing::floor || smoothing == Smoothing::add_k;
}

double floored_log(double x) noexcept { return x == 0.0 ? -9999999999.0 : std::log(x); }

// Counts one segment at a time; reuses its memory.
class Counter {
 public:
  explicit Counter(const BleuOptions& options) : options_(options) {}

  void count(std::string_view hypothesis, std::span<const std::string_view> references, std::span<double> row) {
    trie_.clear();
    words_.clear();
    ids_.clear();
    const Tokens tokens = tokenize(hypothesis, options_.tokenizer, options_.lowercase);
    const auto length = static_cast<Index>(tokens.size());

    kept_.clear();
    kept_.reserve(references.size());  // words_ has views into its elements
    Index closest = -1;
    for (const std::string_view reference : references) {
      kept_.push_back(tokenize(reference, options_.tokenizer, options_.lowercase));
      add_reference(kept_.back());
      const auto ref_len = static_cast<Index>(kept_.back().size());
      const Index distance = std::abs(length - ref_len);
      const Index best = std::abs(length - closest);
      if (closest < 0 || distance < best || (distance == best && ref_len < closest)) closest = ref_len;
    }

    row[0] = static_cast<double>(length);
    row[1] = static_cast<double>(closest);
    match(tokens, row.subspan(2, orders));
    for (Index n = 1; n <= Bleu::max_order; ++n) {
      row[1 + orders + static_cast<std::size_t>(n)] = static_cast<double>(std::max<Index>(0, length - n + 1));
    }
  }

 private:
  void add_reference(const Tokens& tokens) {
    ids_.clear();
    for (std::size_t i = 0; i < tokens.size(); ++i) ids_.push_back(words_.insert(tokens[i]));
    touched_.clear();
    for (std::size_t start = 0; start < ids_.size(); ++start) {
      Trie::Node node = Trie::root;
      for (std::size_t n = 0; n < orders && start + n < ids_.size(); ++n) {
        node = trie_.insert(node, ids_[start + n]);
        if (trie_.counts(node).here++ == 0) touched_.push_back(node);
      }
    }
    for (const Trie::Node node : touched_) {
      Trie::Counts& counts = trie_.counts(node);
      counts.most = std::max(counts.most, counts.here);
      counts.here = 0;
    }
  }

  // Computes correct_n: an n-gram counts at most as often as in the reference that contains it most often.
  void match(const Tokens& tokens, std::span<double> correct) {
    std::fill(correct.begin(), correct.end(), 0.0);
    ids_.clear();
    for (std::size_t i = 0; i < tokens.size(); ++i) ids_.push_back(words_.find(tokens[i]));
    for (std::size_t start = 0; start < ids_.size(); ++start) {
      Trie::Node node = Trie::root;
      for (std::size_t n = 0; n < orders && start + n < ids_.size(); ++n) {
        if (ids_[start + n] == Words::none) break;
        node = trie_.find(node, ids_[start + n]);
        if (node == Trie::none) break;
        Trie::Counts& counts = trie_.counts(node);
        if (counts.used < counts.most) {
          ++counts.used;
          correct[n] += 1.0;
        }
      }
    }
  }

  const BleuOptions& options_;
  Trie trie_;
  Words words_;
  std::vector<Tokens> kept_;
  std::vector<std::uint32_t> ids_;
  std::vector<Trie::Node> touched_;
};

}  // namespace

std::string_view name_of(Smoothing smoothing) noexcept {
  switch (smoothing) {
    case Smoothing::exponential:
      return "exp";
    case Smoothing::floor:
      return "floor";
    case Smoothing::add_k:
      return "add-k";
    case Smoothing::none:
      return "none";
  }
  return "";
}

Smoothing smoothing_named(std::string_view name) {
  for (const Smoothing each : {Smoothing::exponential, Smoothing::floor, Smoothing::add_k, Smoothing::none}) {
    if (name_of(each) == name) return each;
  }
  throw ConfigError(fmt::format("smoothing '{}' is unknown; the known ones are exp, floor, add-k and none", name));
}

double BleuScore::ratio() const noexcept {
  return ref_len == 0 ? 0.0 : static_cast<double>(hyp_len) / static_cast<double>(ref_len);
}

BleuScore Bleu::detailed(std::span<const double> sum) const {
  check(sum.size() == 2 + 2 * orders, "Bleu: a row of statistics has 10 numbers");
  BleuScore out;
  out.hyp_len = static_cast<Index>(sum[0]);
  out.ref_len = static_cast<Index>(sum[1]);
  std::copy_n(sum.begin() + 2, orders, out.correct.begin());
  std::copy_n(sum.begin() + 2 + orders, orders, out.total.begin());

  out.bp = 1.0;
  if (sum[0] < sum[1]) out.bp = sum[0] > 0 ? std::exp(1.0 - sum[1] / sum[0]) : 0.0;
  if (std::all_of(out.correct.begin(), out.correct.end(), [](double c) { return c == 0.0; })) return out;

  const double value = options_.smooth_value.value_or(default_value(options_.smoothing));
  double halvings = 1.0;
  std::size_t last_order = orders;
  for (std::size_t n = 0; n < orders; ++n) {
    if (options_.smoothing == Smoothing::add_k && n > 0) {
      out.correct[n] += value;
      out.total[n] += value;
    }
    if (out.total[n] == 0.0) break;
    if (options_.effective_order) last_order = n + 1;
    if (out.correct[n] != 0.0) {
      out.precisions[n] = 100.0 * out.correct[n] / out.total[n];
    } else if (options_.smoothing == Smoothing::exponential) {
      halvings *= 2.0;
      out.precisions[n] = 100.0 / (halvings * out.total[n]);
    } else if (options_.smoothing == Smoothing::floor) {
      out.precisions[n] = 100.0 * value / out.total[n];
    }
  }
  double logs = 0.0;
  for (std::size_t n = 0; n < last_order; ++n) logs += floored_log(out.precisions[n]);
  out.score = out.bp * std::exp(logs / static_cast<double>(last_order));
  return out;
}

std::string Bleu::verbose(std::span<const double> sum) const {
  const BleuScore s = detailed(sum);
  return fmt::format("{:.1f}/{:.1f}/{:.1f}/{:.1f} (BP = {:.3f} ratio = {:.3f} hyp_len = {} ref_len = {})",
                     s.precisions[0], s.precisions[1], s.precisions[2], s.precisions[3], s.bp, s.ratio(),
                     s.hyp_len, s.ref_len);
}

Signature Bleu::signature(std::size_t references) const {
  Signature out(references);
  out.add("case", "c", options_.lowercase ? "lc" : "mixed");
  out.add("eff", "e", options_.effective_order ? "yes" : "no");
  out.add("tok", "tok", name_of(options_.tokenizer));
  std::string smoothing(name_of(options_.smoothing));
  if (takes_value(options_.smoothing)) {
    smoothing += fmt::format("[{:.2f}]", options_.smooth_value.value_or(default_value(options_.smoothing)));
  }
  out.add("smooth", "s", smoothing);
  return out;
}

void Bleu::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                std::span<double> out) const {
  Counter counter(options_);
  std::vector<std::string_view> some;
  for (Index i = begin; i < end; ++i) {
    references_of(references, i, some);
    counter.count(hypotheses[static_cast<std::size_t>(i)], some,
                  out.subspan(static_cast<std::size_t>((i - begin) * width()), static_cast<std::size_t>(width())));
  }
}

BleuScore corpus_bleu(const Lines& hypotheses, const std::vector<Lines>& references, const BleuOptions& options) {
  const Bleu bleu(options);
  return bleu.detailed(bleu.statistics(hypotheses, references).sum());
}

std::vector<BleuScore> sentence_bleu(const Lines& hypotheses, const std::vector<Lines>& references,
                                     BleuOptions options) {
  options.effective_order = true;
  const Bleu bleu(options);
  const Statistics statistics = bleu.statistics(hypotheses, references);
  std::vector<BleuScore> scores;
  scores.reserve(hypotheses.size());
  for (Index i = 0; i < statistics.segments(); ++i) scores.push_back(bleu.detailed(statistics.row(i)));
  return scores;
}

}  // namespace regard::evaluation
