// Prints the table of docs/verdicts.md: how often seeds that are added until it is decided end with each verdict, with
// how many seeds, and how many a fixed number would need.
//
//   ./build/release/bench/regard_sequential_table [REPETITIONS]
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>

#include "framework/base/parallel.h"
#include "framework/evaluation/distributions.h"
#include "tests/evaluation/sequential_world.h"

namespace regard {
namespace {

using evaluation::Finding;

constexpr evaluation::SequentialDesign kDesign{.effect = 0.5, .alpha = 0.05, .power = 0.8, .first = 3, .most = 20};
constexpr std::array kTruths{0.0, 0.25, 0.5, 1.0};
constexpr std::array kSeeds{0.25, 0.5, 1.0, 2.0};
constexpr std::array kSentences{0.0, 0.2, 0.3, 0.4};

// A true difference below the effect makes both verdicts right: 'better', unless it is 0, and 'equivalent'.
bool is_right(Finding finding, double truth) {
  return (finding == Finding::better && truth > 0.0) || (finding == Finding::equivalent && truth < kDesign.effect);
}

// Returns t(degrees) at a one-sided level, computed once for each whole number of degrees.
double quantile(double tail, Index degrees) {
  static const auto table_of = [](double level) {
    std::vector<double> table{0.0};
    for (Index nu = 1; nu < 200; ++nu)
      table.push_back(evaluation::student_t_quantile(1.0 - level, static_cast<double>(nu)));
    return table;
  };
  static const std::vector<double> half = table_of(0.5 * kDesign.alpha);
  static const std::vector<double> whole = table_of(kDesign.alpha);
  return (tail < kDesign.alpha ? half : whole).at(static_cast<std::size_t>(degrees));
}

// Returns the verdict of one look at a fixed number of seeds: the whole of alpha, and the intervals of sequential.h.
Finding once(const evaluation::MethodClaim& look, double truth) {
  const double of_seeds = look.seed_deviation * look.seed_deviation / static_cast<double>(look.seeds);
  const double of_sentences = look.sentence_deviation * look.sentence_deviation;
  const auto reach = [&](double tail) {
    return (of_seeds * quantile(tail, look.seeds - 1) + of_sentences * quantile(tail, look.sentences - 1)) /
           std::sqrt(of_seeds + of_sentences);
  };
  const double difference = look.difference + truth;
  const double both = reach(0.5 * kDesign.alpha);
  if (difference > both) return Finding::better;
  if (difference < -both) return Finding::worse;
  return std::abs(difference) + reach(kDesign.alpha) < kDesign.effect ? Finding::equivalent : Finding::open;
}

struct Row {
  std::array<Index, 5> findings{};
  Index seeds = 0;
  Index right = 0;
  std::array<Index, 21> fixed_right{};  // with this fixed number of seeds
};

// Returns the smallest fixed number of seeds that gives at least as many right verdicts.
std::string fixed(const Row& row, double right) {
  for (Index n = kDesign.first; n <= kDesign.most; ++n) {
    if (static_cast<double>(row.fixed_right.at(static_cast<std::size_t>(n))) >= right) return fmt::format("{}", n);
  }
  return "> 20";
}

void print_table(Index repetitions) {
  const auto levels = std::make_shared<const evaluation::LookLevels>(kDesign.first, kDesign.most);
  fmt::print(
      "| seeds | sentences | difference | better | worse | equivalent | open | mean seeds | fixed, same | fixed, 0.8 |\n"
      "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (const double sigma_sentence : kSentences) {
    for (const double sigma_seed : kSeeds) {
      std::vector<std::array<Row, kTruths.size()>> parts(static_cast<std::size_t>(repetitions));
      const Key key(7, "sequential");
      parallel_for(repetitions, 16, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
          const auto looks =
              evaluation::test::simulated({sigma_seed, sigma_sentence}, kDesign.first, kDesign.most, key.with(i));
          for (std::size_t t = 0; t < kTruths.size(); ++t) {
            Row& row = parts[static_cast<std::size_t>(i)].at(t);
            const auto ended = evaluation::test::followed(kDesign, levels, looks, kTruths.at(t));
            ++row.findings.at(static_cast<std::size_t>(ended.finding));
            row.seeds = ended.seeds;
            row.right = is_right(ended.finding, kTruths.at(t)) ? 1 : 0;
            for (const evaluation::MethodClaim& look : looks) {
              const bool right = is_right(once(look, kTruths.at(t)), kTruths.at(t));
              row.fixed_right.at(static_cast<std::size_t>(look.seeds)) = right ? 1 : 0;
            }
          }
        }
      });
      for (std::size_t t = 0; t < kTruths.size(); ++t) {
        Row all;
        for (const auto& part : parts) {
          const Row& row = part.at(t);
          for (std::size_t k = 0; k < all.findings.size(); ++k) all.findings.at(k) += row.findings.at(k);
          for (std::size_t k = 0; k < all.fixed_right.size(); ++k) all.fixed_right.at(k) += row.fixed_right.at(k);
          all.seeds += row.seeds;
          all.right += row.right;
        }
        const auto of = static_cast<double>(repetitions);
        const auto percent = [&](Finding finding) {
          return fmt::format("{:.1f} %",
                             100.0 * static_cast<double>(all.findings.at(static_cast<std::size_t>(finding))) / of);
        };
        fmt::print("| {:g} | {:g} | {:g} | {} | {} | {} | {} | {:.1f} | {} | {} |\n", sigma_seed, sigma_sentence,
                   kTruths.at(t), percent(Finding::better), percent(Finding::worse), percent(Finding::equivalent),
                   percent(Finding::open), static_cast<double>(all.seeds) / of,
                   fixed(all, static_cast<double>(all.right)), fixed(all, 0.8 * of));
      }
    }
  }
}

}  // namespace
}  // namespace regard

int main(int count, char** words) {
  regard::print_table(count > 1 ? std::atol(words[1]) : 2000);
  return 0;
}
