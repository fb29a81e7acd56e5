#pragma once
// Facts about the worth of a run: was it trained to its end, does it look at what it translates, are its translations
// whole? They are computed from the files of the run, written beside them (facts.json) and quoted by `regard run`,
// `regard status` and the report. They are no results: the digest leaves them out, because they follow from it.
#include <array>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::runs {

struct Run;
struct TestSet;

enum class FactKind : std::uint8_t {
  diverged,         // the loss left all bounds, and training ended as failed
  still_improving,  // more training would have made it better
  overfitted,       // it was best long before its end
  parked,           // its attention stays at one position of the source, whatever is written
  dead,             // its attention is even over all words
  truncated,        // translations end at the length limit instead of with </s>
  repeats,          // translations say the same words again and again
};

// The names in facts.json and results.json, in the order of the enum.
inline constexpr std::array<const char*, 7> kFactNames{"diverged", "still_improving", "overfitted", "parked",
                                                       "dead",     "truncated",       "repeats"};

struct RunFact {
  FactKind kind = FactKind::diverged;
  std::string test;  // the test set that shows it; "" for facts about training
  double value = 0;  // a share of what `text` says; of diverged the update
  std::string text;  // "parked: </s> has 92 % of the weight of attention (test)"
};

struct RunFacts {
  std::vector<RunFact> facts;
};

// The thresholds, with their reasons.
namespace fact_limits {
// still_improving: the best validation is the last one, or the validations of the last fifth of the updates gained more
// than this share of everything that was gained since the first validation. Another fifth would then gain about as
// much again, which is more than the differences that are usually compared.
inline constexpr double kLateGain = 0.05;
inline constexpr double kLateShare = 0.2;
// overfitted: the best validation is in the first third. Two thirds of the training were then spent on getting worse, so
// the recipe does not fit the amount of data.
inline constexpr double kEarlyBest = 1.0 / 3;
// parked: one position (the first two words, the last two words or </s>) has more than this share of all weight, on average
// over sentences of at least kWords words. In experiments/luong_scores, runs that never aligned have 64 to 100 % there,
// the others of the same scores 0 to 9 %.
inline constexpr double kOnOnePosition = 0.5;
inline constexpr Index kWords = 4;
inline constexpr Index kRows = 20;  // fewer target words are no evidence
// dead: the mean entropy is above this share of the entropy of even weights. scaled_dot learns slowly, and has 94 % in
// experiments/luong_scores.
inline constexpr double kEven = 0.98;
// truncated: above this share of the translations. A few long lists are cut in every system.
inline constexpr double kCut = 0.02;
// repeats: so many more translations than references contain a word four times in a row, or two to four words three times.
inline constexpr double kRepeats = 0.02;
}  // namespace fact_limits

// Returns the facts of a finished or failed run, in the order of the enum; nothing for other runs. `run` must have all
// that it read from its folder except for `facts`. Each fact about translations or attention is reported once, for the
// first test set that shows it. What an older folder did not record is not judged.
[[nodiscard]] std::vector<RunFact> find_facts(const Run& run, const std::vector<TestSet>& tests);

// Returns whether a translation repeats words as described at kRepeats. `line` is separated by single spaces.
[[nodiscard]] bool repeats_words(const std::string& line);

}  // namespace regard::runs
