#pragma once
// Placeholder of the rows and values that framework/config will bring.
#include <map>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::config {

struct OptionRow {
  std::string name;
  Index value = 0;
};
inline OptionRow integer_option(std::string name, Index value, Index, Index, const char*, const char*) {
  return {std::move(name), value};
}
class Options {
 public:
  [[nodiscard]] Index integer(const std::string& name) const {
    const auto at = values.find(name);
    return at == values.end() ? 0 : at->second;
  }
  std::map<std::string, Index> values;
};
struct Tagged {
  std::string name = "none";
  Options options;
};

}  // namespace regard::config
