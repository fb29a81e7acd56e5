#pragma once
// Formats numbers in the same way for every output format. A number that is not finite is "–".
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::report {

// Mean and sample standard deviation (n - 1) over seeds. NaN where undefined: the mean of no values, the deviation of
// one value.
struct Spread {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();
  Index n = 0;
};

[[nodiscard]] Spread spread(const std::vector<double>& values);
// Returns the spread of that key; one of no value where there is none.
[[nodiscard]] Spread spread_at(const std::map<std::string, Spread>& spreads, const std::string& key);

[[nodiscard]] std::string fixed(double value, int digits);         // 91.20
[[nodiscard]] std::string signed_fixed(double value, int digits);  // +6.10, −0.20
// "0.031", "< 0.001"; "≤ 0.002" if p is `smallest`, the smallest value that the number of resamples allows.
[[nodiscard]] std::string p_text(double p, double smallest = 0);
[[nodiscard]] std::string percent(double share);                             // 0.1234 -> "12.3"
[[nodiscard]] std::string grouped(double value);                             // 1 234 567 with narrow spaces
[[nodiscard]] std::string with_deviation(const Spread& spread, int digits);  // 91.20 ± 0.41; 91.20 if n is 1
[[nodiscard]] std::string plural(Index count, const char* noun);             // 1 seed, 3 seeds

}  // namespace regard::report
