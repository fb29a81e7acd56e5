#include <fmt/format.h>

#include <set>
#include <vector>

#include "framework/base/json.inl"

namespace regard {
namespace {

using Json = nlohmann::json;

// Counts brackets outside of strings. In invalid JSON, the count may be larger than the parser's, but never smaller.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

Json parse_and_watch(std::string_view text, std::string& twice) {
  std::vector<std::set<std::string>> keys;  // of the enclosing objects
  bool found = false;
  return Json::parse(text.begin(), text.end(), [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !found) {
      const auto& key = parsed.get_ref<const std::string&>();
      found = !keys.back().insert(key).second;
      if (found) twice = key;
    }
    return true;
  });
}

}  // namespace

Json parse_json(std::string_view text, std::string* twice) {
  if (is_too_deep(text)) throw JsonError(fmt::format("is JSON nested more than {} deep", kMaxJsonDepth), 0);
  try {
    return twice == nullptr ? Json::parse(text.begin(), text.end()) : parse_and_watch(text, *twice);
  } catch (const Json::parse_error& error) {
    throw JsonError("is not JSON", error.byte);
  } catch (const Json::out_of_range&) {
    throw JsonError("has a number beyond any double", 0);
  }
}

}  // namespace regard
