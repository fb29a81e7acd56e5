#include "framework/experiment/plan/seeds.h"

#include <fmt/format.h>

#include <algorithm>
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

}  // namespace regard::experiment
