#include "framework/report/formats/recheck.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/report/analysis/analysis.h"
#include "framework/report/formats/formats.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShown = 10;

Index count_numbers(const Json& json) {
  if (!json.is_structured()) return json.is_number() ? 1 : 0;
  Index count = 0;
  for (const Json& item : json) count += count_numbers(item);
  return count;
}

std::string shown(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 60) + "...";
}

// Returns a sentence about one step of the JSON patch from the file (`stored`) to the recomputed results.
std::string sentence(const Json& stored, const Json& step) {
  const auto place = step["path"].get<std::string>();
  const auto operation = step["op"].get<std::string>();
  if (operation == "add") return fmt::format("{}: is missing, but the runs give {}", place, shown(step["value"]));
  const std::string before = shown(stored.at(Json::json_pointer(place)));
  if (operation == "remove") return fmt::format("{}: is {}, but the runs give nothing", place, before);
  return fmt::format("{}: is {}, but the runs give {}", place, before, shown(step["value"]));
}

}  // namespace

Recheck recheck(const Path& folder) {
  Recheck result;
  const Path file = runs::RunFolder{folder}.report() / "results.json";
  const auto text = read_if_exists(file);
  if (!text) return result;
  result.exists = true;
  const Json stored = Json::parse(*text, nullptr, false);
  if (stored.is_discarded()) throw FolderError(fmt::format("{}: is damaged: it is not JSON", file.string()));
  const Json now = Json::parse(json_results(analyse(runs::load_results(folder))));
  result.numbers = count_numbers(now);
  const Json patch = Json::diff(stored, now);
  for (std::size_t at = 0; at < std::min(patch.size(), kShown); ++at) {
    result.disagreements.push_back(fmt::format("{}: {}", file.string(), sentence(stored, patch[at])));
  }
  if (patch.size() > kShown) {
    result.disagreements.push_back(
        fmt::format("{}: and {} more values differ from the runs", file.string(), patch.size() - kShown));
  }
  return result;
}

}  // namespace regard::report
