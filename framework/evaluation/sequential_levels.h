#pragma once
// The nominal levels of tests that are repeated as seeds are added, such that all looks together keep the level.
//
// Without a true difference, the series of t statistics of the first 3, 4, … differences of seeds has a distribution
// that does not depend on their variance. We simulate 200,000 series (random numbers with a fixed key) and find the c
// with which a series has probability alpha that, at any look of n seeds, its one-sided p-value is below
//   c * (n / most)^1.5
// So a look with few seeds spends little of alpha, and the last look keeps most of it: between the boundaries of Pocock
// (1977) and of O'Brien and Fleming (1979), in the family of Wang and Tsiatis (1987), but exact for the small degrees of
// freedom of few seeds.
//
// The error of the sentences is the same at every look, so the looks are more alike than those of seeds alone. In a
// group-sequential test only the growth of information counts (Lan and DeMets 1983): with sentences, information grows
// from the first look to the last by a smaller factor than `most` / `first`. The c of seeds alone is used whose number
// grows by this factor, and n / most becomes the share of the last look's information.
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

// Const functions are callable from any thread.
class LookLevels final {
 public:
  // Looks at `first`, `first` + 1, … `most` differences; 2 <= first <= most.
  LookLevels(Index first, Index most);

  // Returns the one-sided level of a look with `share` of the last look's information, so that all looks together have
  // the one-sided level `alpha`. The information grows from the first look to the last as that of `first` seeds to that
  // of `last` seeds (a fraction is interpolated; kept within first and most).
  [[nodiscard]] double nominal(double alpha, double last, double share) const;
  // Returns how much of the one-sided `alpha` is spent by the looks up to the information of `now` seeds.
  [[nodiscard]] double spent(double alpha, double last, double now) const;

 private:
  [[nodiscard]] double at_last(double alpha, double last) const;

  Index first_;
  Index most_;
  std::vector<std::vector<float>>
      smallest_;  // [looks][series], increasing: the smallest p / n^1.5 up to this look
};

// Returns P(T > t) for whole degrees of freedom, from the finite sum (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
[[nodiscard]] double student_t_upper(double t, Index degrees);

}  // namespace regard::evaluation
