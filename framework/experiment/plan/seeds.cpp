#include "framework/experiment/plan/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>

#include "framework/config/section.h"

namespace regard::experiment {
namespace {

using config::Node;

Node seed_list(const Node& written, const std::string& key) {
  const std::string& text = written.scalar;
  Node list = config::make_list();
  list.origin = written.origin;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, comma - begin);
    const std::size_t dash = part.find('-');
    const auto number = [&](const std::string& digits) {
      if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) {
        config::fail_at(
            written.origin, key,
            fmt::format("expected a list of whole numbers, or numbers and ranges such as 1-3,7, got {}",
                        config::describe(written)));
      }
      return std::stol(digits);
    };
    const long first = number(part.substr(0, dash));
    const long last = dash == std::string::npos ? first : number(part.substr(dash + 1));
    if (last < first || last - first > 10000)
      config::fail_at(written.origin, key, fmt::format("the range {} is empty or too long", part));
    for (long seed = first; seed <= last; ++seed) {
      list.items.push_back(config::make_plain(fmt::format("{}", seed)));
      list.items.back().origin = written.origin;
    }
    begin = comma + 1;
  }
  return list;
}

}  // namespace

Node with_seed_lists(Node root) {
  Node* const tune = root.get("tune");
  Node* const places[] = {root.get("seeds"), tune == nullptr ? nullptr : tune->get("seeds")};
  for (Node* seeds : places) {
    if (seeds != nullptr && seeds->kind == Node::Kind::scalar)
      *seeds = seed_list(*seeds, seeds == places[0] ? "seeds" : "tune.seeds");
  }
  return root;
}

std::optional<runs::SeedRounds> seed_rounds(const Node& root) {
  const Node* const seeds = root.get("seeds");
  if (seeds == nullptr || seeds->kind != Node::Kind::map) return std::nullopt;
  const runs::SeedRounds rounds = config::parse(config::Section(*seeds, "seeds"), runs::seed_rounds_rows());
  if (rounds.most < rounds.first) {
    config::fail_at(config::where(root, "seeds.most"), "seeds.most",
                    fmt::format("expected at least the {} seeds of the first round, got {}; raise seeds.most or "
                                "lower seeds.first",
                                rounds.first, rounds.most));
  }
  return rounds;
}

Node with_all_seeds(Node root, const runs::SeedRounds& rounds) {
  Node& seeds = *root.get("seeds");
  std::vector<Index> all(static_cast<std::size_t>(rounds.most));
  std::iota(all.begin(), all.end(), Index{1});
  Node list = list_of(all);
  list.origin = seeds.origin;
  seeds = std::move(list);
  return root;
}

Node list_of(const std::vector<Index>& seeds) {
  Node list = config::make_list();
  for (const Index seed : seeds) list.items.push_back(config::make_plain(fmt::format("{}", seed)));
  return list;
}

}  // namespace regard::experiment
