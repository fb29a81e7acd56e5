#include "framework/experiment/plan/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "framework/base/random.h"
#include "framework/config/option_table.h"
#include "framework/config/section.h"
#include "framework/config/write.h"

namespace regard::experiment {
namespace {

using config::Node;

constexpr double kOuter = 0.05;  // of a range, on each side

struct Range {
  enum class Scale : std::uint8_t { even, log, whole, choices };
  Scale scale = Scale::even;
  double low = 0;
  double high = 0;
  std::vector<Node> choices;
};

struct Bounds {
  std::vector<double> even;
  std::vector<double> log;
  std::vector<Index> whole;
};

const config::OptionTable<Bounds>& bound_rows() {
  static const config::OptionTable<Bounds> rows = {
      config::option("even", &Bounds::even, {}, "", "a number between two"),
      config::option("log", &Bounds::log, config::above(0), "", "a number between two, by its logarithm"),
      config::option("whole", &Bounds::whole, {}, "", "a whole number between two"),
  };
  return rows;
}

Range range_of(const Node& written, const std::string& key) {
  const auto fail = [&](const std::string& why) { config::fail_at(written.origin, key, why); };
  constexpr const char* kForms = "[low, high], {log: [low, high]}, {whole: [low, high]} or {choices: [values]}";
  Range range;
  if (const Node* choices = written.get("choices"); choices != nullptr && written.entries.size() == 1) {
    range.scale = Range::Scale::choices;
    range.choices = choices->items;
    if (range.choices.empty()) fail(fmt::format("expected a list of values, got {}", config::describe(*choices)));
    return range;
  }
  Node map = written;
  if (written.kind == Node::Kind::list) {
    map = config::make_map();
    map.origin = written.origin;
    map.put("even", written);
  }
  if (map.kind != Node::Kind::map || map.entries.size() != 1)
    fail(fmt::format("expected {}, got {}", kForms, config::describe(written)));
  const Bounds bounds = config::parse(config::Section(map, key), bound_rows());
  std::vector<double> ends(bounds.whole.begin(), bounds.whole.end());
  range.scale = Range::Scale::whole;
  if (!bounds.even.empty()) {
    ends = bounds.even;
    range.scale = Range::Scale::even;
  } else if (!bounds.log.empty()) {
    ends = bounds.log;
    range.scale = Range::Scale::log;
  }
  if (ends.size() != 2 || !(ends[0] < ends[1]))
    fail(fmt::format("expected two numbers, the smaller one first, got {}", config::on_one_line(written)));
  range.low = ends[0];
  range.high = ends[1];
  return range;
}

// Four significant digits are enough for a hyperparameter, and readable.
std::string short_number(double number) {
  double rounded = number;
  const std::string text = fmt::format("{:.4g}", number);
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return config::number_text(rounded);
}

Node drawn(const Range& range, const Key& key, Index k) {
  const double u = key.uniform(k);
  switch (range.scale) {
    case Range::Scale::choices:
      return range.choices[static_cast<std::size_t>(key.below(static_cast<Index>(range.choices.size()), k))];
    case Range::Scale::whole: {
      const Index count = static_cast<Index>(range.high - range.low) + 1;
      return config::make_plain(fmt::format("{}", static_cast<Index>(range.low) + key.below(count, k)));
    }
    case Range::Scale::log:
      return config::make_plain(short_number(range.low * std::pow(range.high / range.low, u)));
    case Range::Scale::even:
      break;
  }
  return config::make_plain(short_number(range.low + (range.high - range.low) * u));
}

std::optional<double> number_of(const Node& value) {
  double number = 0;
  const char* const end = value.scalar.data() + value.scalar.size();
  const auto read = std::from_chars(value.scalar.data(), end, number);
  if (value.quoted || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// What a value is compared with: the ends, and how far from them still counts.
struct Tried {
  double low = 0;
  double high = 0;
  double outer = 0;  // of the way from one end to the other
  bool log = false;
};

std::optional<Tried> tried_in(const Node& written, const std::string& key, bool is_range) {
  std::vector<Node> values = written.items;
  if (is_range) {
    const Range range = range_of(written, key);
    if (range.scale != Range::Scale::choices)
      return Tried{range.low, range.high, kOuter, range.scale == Range::Scale::log};
    values = range.choices;
  }
  std::vector<double> numbers;
  for (const Node& value : values) {
    const auto number = number_of(value);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  if (numbers.size() < 3) return std::nullopt;
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  return Tried{*low, *high, 0, false};
}

}  // namespace

std::vector<GridPoint> tuning_points(const Plan& plan) {
  if (plan.tune.search == TuneOptions::Search::grid) return grid_points(*plan.root.find("tune.grid"), "tune.grid");
  const Node& space = *plan.root.find("tune.space");
  std::vector<GridPoint> points;
  for (Index k = 0; k < plan.tune.trials; ++k) points.push_back({fmt::format("-t{}", k + 1), {}});
  for (const Node::Entry& entry : space.entries) {
    const Range range = range_of(entry.value, "tune.space." + entry.key);
    const Key key = Key(static_cast<std::uint64_t>(plan.tune.draw), "tune").with(entry.key);
    for (std::size_t k = 0; k < points.size(); ++k) {
      Node value = drawn(range, key, static_cast<Index>(k));
      value.origin = entry.value.origin;
      points[k].values.emplace_back(entry.key, std::move(value));
    }
  }
  return points;
}

std::vector<std::string> ends_reached(const Plan& plan, const GridPoint& point) {
  const bool random = plan.tune.search == TuneOptions::Search::random;
  const Node& written = *plan.root.find(random ? "tune.space" : "tune.grid");
  std::vector<std::string> clauses;
  for (const auto& [key, value] : point.values) {
    const Node* const values = written.get(key);
    const auto number = number_of(value);
    if (values == nullptr || !number) continue;
    const auto tried = tried_in(*values, "tune.space." + key, random);
    if (!tried) continue;
    const double way = tried->log ? std::log(*number / tried->low) / std::log(tried->high / tried->low)
                                  : (*number - tried->low) / (tried->high - tried->low);
    if (way > tried->outer && way < 1 - tried->outer) continue;
    clauses.push_back(fmt::format("{} {} is at the {} end of {:.4g} to {:.4g}", key, value.scalar,
                                  way < 0.5 ? "lower" : "upper", tried->low, tried->high));
  }
  return clauses;
}

}  // namespace regard::experiment
