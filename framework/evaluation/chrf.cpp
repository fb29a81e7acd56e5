#include "framework/evaluation/chrf.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/unicode.h"
#include "framework/base/utf8.h"
#include "framework/evaluation/text.h"
#include "framework/evaluation/trie.h"

namespace regard::evaluation {
namespace {

bool is_ascii_punctuation(char c) noexcept {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

// Splits a line into words and separates one punctuation mark from each: the last one of the word, else the first one.
// "(hi)" -> "(hi" ")".
void words_of(std::string_view line, std::vector<std::string_view>& out) {
  out.clear();
  for (const std::string_view word : split(line)) {
    std::size_t behind_first = 0;
    (void)next_character(word, behind_first);
    if (behind_first == word.size()) {
      out.push_back(word);
    } else if (is_ascii_punctuation(word.back())) {
      out.push_back(word.substr(0, word.size() - 1));
      out.push_back(word.substr(word.size() - 1));
    } else if (is_ascii_punctuation(word.front())) {
      out.push_back(word.substr(0, 1));
      out.push_back(word.substr(1));
    } else {
      out.push_back(word);
    }
  }
}

void characters_of(std::string_view line, std::vector<std::uint32_t>& out) {
  out.clear();
  for (std::size_t at = 0; at < line.size();) {
    const char32_t c = next_character(line, at);
    if (!utf8::is_whitespace(c)) out.push_back(static_cast<std::uint32_t>(c));
  }
}

// Counts n-grams of two sequences of token numbers for the orders 1 to `orders`, into row [3 * orders].
void count(const std::vector<std::uint32_t>& hypothesis, const std::vector<std::uint32_t>& reference, Index orders,
           Trie& trie, std::span<double> row) {
  const auto depth = static_cast<std::size_t>(orders);
  trie.clear();
  for (std::size_t start = 0; start < reference.size(); ++start) {
    Trie::Node node = Trie::root;
    for (std::size_t n = 0; n < depth && start + n < reference.size(); ++n) {
      node = trie.insert(node, reference[start + n]);
      ++trie.counts(node).most;
    }
  }
  std::fill(row.begin(), row.end(), 0.0);
  for (std::size_t start = 0; start < hypothesis.size(); ++start) {
    Trie::Node node = Trie::root;
    for (std::size_t n = 0; n < depth && start + n < hypothesis.size(); ++n) {
      node = trie.find(node, hypothesis[start + n]);
      if (node == Trie::none) break;
      Trie::Counts& counts = trie.counts(node);
      if (counts.used < counts.most) {
        ++counts.used;
        row[3 * n + 2] += 1.0;
      }
    }
  }
  for (std::size_t n = 0; n < depth; ++n) {
    const auto grams = [n](std::size_t length) { return length > n ? static_cast<double>(length - n) : 0.0; };
    row[3 * n + 1] = grams(reference.size());
    row[3 * n] = row[3 * n + 1] > 0.0 ? grams(hypothesis.size()) : 0.0;  // 0 if the reference has none
  }
}

struct Counter {
  Trie trie;
  Words words;
  std::vector<std::string_view> pieces;
  std::vector<std::uint32_t> hypothesis_characters, hypothesis_words, reference_tokens;
};

void number(const std::vector<std::string_view>& pieces, Words& words, std::vector<std::uint32_t>& out) {
  out.clear();
  for (const std::string_view piece : pieces) out.push_back(words.insert(piece));
}

}  // namespace

std::string Chrf::name() const {
  return fmt::format("chrF{}{}", options_.beta, std::string(static_cast<std::size_t>(options_.word_order), '+'));
}

double Chrf::score(std::span<const double> sum) const {
  check(static_cast<Index>(sum.size()) == width(), "Chrf: a row of statistics has 3 numbers an order");
  double precision = 0.0;
  double recall = 0.0;
  double orders = 0.0;
  for (std::size_t i = 0; i < sum.size(); i += 3) {
    if (sum[i] <= 0.0 || sum[i + 1] <= 0.0) continue;
    precision += sum[i + 2] / sum[i];
    recall += sum[i + 2] / sum[i + 1];
    orders += 1.0;
  }
  if (orders == 0.0) return 0.0;
  precision /= orders;
  recall /= orders;
  if (precision + recall == 0.0) return 0.0;
  const auto factor = static_cast<double>(options_.beta * options_.beta);
  return 100.0 * ((1.0 + factor) * precision * recall / (factor * precision + recall));
}

Signature Chrf::signature(std::size_t references) const {
  Signature out(references);
  out.add("case", "c", options_.lowercase ? "lc" : "mixed");
  out.add("eff", "e", "yes");
  out.add("nc", "nc", fmt::format("{}", options_.char_order));
  out.add("nw", "nw", fmt::format("{}", options_.word_order));
  out.add("space", "s", "no");
  return out;
}

void Chrf::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                std::span<double> out) const {
  Counter c;
  std::vector<std::string_view> some;
  const auto size = static_cast<std::size_t>(width());
  const auto of_characters = static_cast<std::size_t>(3 * options_.char_order);
  std::vector<double> row(size);
  for (Index i = begin; i < end; ++i) {
    references_of(references, i, some);
    const std::string& raw = hypotheses[static_cast<std::size_t>(i)];
    const std::string hypothesis = options_.lowercase ? unicode::lower_case(raw) : raw;
    characters_of(hypothesis, c.hypothesis_characters);

    double best = -1.0;
    for (const std::string_view given : some) {
      const std::string reference = options_.lowercase ? unicode::lower_case(given) : std::string(given);
      characters_of(reference, c.reference_tokens);
      count(c.hypothesis_characters, c.reference_tokens, options_.char_order, c.trie,
            std::span(row).first(of_characters));
      if (options_.word_order > 0) {
        c.words.clear();
        words_of(reference, c.pieces);
        number(c.pieces, c.words, c.reference_tokens);
        words_of(hypothesis, c.pieces);
        number(c.pieces, c.words, c.hypothesis_words);
        count(c.hypothesis_words, c.reference_tokens, options_.word_order, c.trie,
              std::span(row).subspan(of_characters));
      }
      const double value = score(row);
      if (value > best) {
        best = value;
        std::copy(row.begin(), row.end(), out.begin() + (i - begin) * width());
      }
    }
  }
}

}  // namespace regard::evaluation
