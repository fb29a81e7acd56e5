#include "framework/report/analysis/numbers.h"

#include <fmt/format.h>

#include <cmath>

namespace regard::report {

Spread spread(const std::vector<double>& values) {
  Spread result;
  result.n = static_cast<Index>(values.size());
  if (values.empty()) return result;
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  result.mean = sum / n;
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / (n - 1));
  return result;
}

Spread spread_at(const std::map<std::string, Spread>& spreads, const std::string& key) {
  const auto found = spreads.find(key);
  return found == spreads.end() ? Spread{} : found->second;
}

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  const std::string text = fmt::format("{:.{}f}", std::abs(value), digits);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? fmt::format("−{}", text) : text;
}

std::string signed_fixed(double value, int digits) {
  const std::string text = fixed(value, digits);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return std::isfinite(value) && value > 0 && !zero ? fmt::format("+{}", text) : text;
}

std::string p_text(double p, double smallest) {
  if (p <= smallest) return fmt::format("≤ {}", fixed(p, 3));
  return p < 0.001 ? "< 0.001" : fixed(p, 3);
}

std::string percent(double share) { return fixed(100 * share, 1); }

std::string grouped(double value) {
  if (!std::isfinite(value)) return "–";
  const std::string digits = fmt::format("{:.0f}", std::abs(value));
  std::string out = value < 0 && digits != "0" ? "−" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += "\u202f";
    out += digits[i];
  }
  return out;
}

std::string with_deviation(const Spread& spread, int digits) {
  if (!std::isfinite(spread.deviation)) return fixed(spread.mean, digits);
  return fixed(spread.mean, digits) + " ± " + fixed(spread.deviation, digits);
}

std::string plural(Index count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace regard::report
