#include "framework/data/hold_out.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/random.h"

namespace regard::data {
namespace {

Pairs filtered(Pairs all, std::vector<Index> positions, bool wanted) {
  const auto shared = std::make_shared<const std::vector<Index>>(std::move(positions));
  return [all = std::move(all), shared, wanted](const PairCallback& receive) {
    Index at = 0;
    auto next = shared->begin();
    return all([&](Pair& pair) {
      const bool held = next != shared->end() && *next == at;
      if (held) ++next;
      ++at;
      if (held == wanted) receive(pair);
    });
  };
}

}  // namespace

const config::OptionTable<HoldOut>& hold_out_rows() {
  static const config::OptionTable<HoldOut> rows = {
      config::option("lines", &HoldOut::lines, config::at_least(0), "pairs",
                     "how many pairs of the training text are held out; 0: as many as share says"),
      config::option("share", &HoldOut::share, config::below(0, 1), "",
                     "share of the training text that is held out; 0: none, or as many as lines says"),
      config::option("seed", &HoldOut::seed, config::at_least(0), "",
                     "seed of the draw; which pairs are held out depends on it and on their positions alone"),
  };
  return rows;
}

std::vector<Index> held_out(const Pairs& all, const HoldOut& options, const std::string& name) {
  const Key key(static_cast<std::uint64_t>(options.seed), "hold out");
  const auto most = static_cast<std::size_t>(options.lines);
  std::vector<std::pair<double, Index>> drawn;  // of a number of lines: a heap of the smallest numbers
  std::vector<Index> positions;
  Index count = 0;
  static_cast<void>(all([&](Pair&) {
    const double u = key.uniform(count);
    if (options.lines == 0) {
      if (u < options.share) positions.push_back(count);
    } else {
      drawn.emplace_back(u, count);
      std::push_heap(drawn.begin(), drawn.end());
      if (drawn.size() > most) {
        std::pop_heap(drawn.begin(), drawn.end());
        drawn.pop_back();
      }
    }
    ++count;
  }));
  for (const auto& [u, position] : drawn) positions.push_back(position);
  std::sort(positions.begin(), positions.end());
  const auto held = static_cast<Index>(positions.size());
  if (held == 0 || held == count) {
    throw DataError(fmt::format(
        "{}: has {} pairs, of which data.files.hold_out would hold out {}; training and validation need some "
        "each",
        name, count, held));
  }
  return positions;
}

Pairs only(Pairs all, std::vector<Index> positions) {
  return filtered(std::move(all), std::move(positions), true);
}

Pairs without(Pairs all, std::vector<Index> positions) {
  return filtered(std::move(all), std::move(positions), false);
}

}  // namespace regard::data
