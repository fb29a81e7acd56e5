#pragma once
// Validated values. They are what a variant or a plug-in reads its options from; everything else has structs
// (rows.h).
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framework/base/base.h"
#include "framework/config/tree.h"

namespace regard::config {

// A path as it was written, and with its environment variables filled in. What is written back is the former, so
// that a resolved plan does not name one machine's folders.
struct Path {
  std::string given;
  std::filesystem::path expanded;

  Path() = default;
  Path(std::string text) : given(std::move(text)), expanded(given) {}  // NOLINT: a default is written as text
  Path(const char* text) : Path(std::string(text)) {}                  // NOLINT
  [[nodiscard]] bool empty() const noexcept { return given.empty(); }
  friend bool operator==(const Path&, const Path&) = default;
};

struct Value;

// Values by name, in the order of their rows. Asking for a name that was not declared, or as another type, is our
// (or the plug-in's) mistake: InternalError.
class Options final {
 public:
  struct Entry;

  Options();
  Options(const Options&);
  Options(Options&&) noexcept;
  Options& operator=(const Options&);
  Options& operator=(Options&&) noexcept;
  ~Options();

  [[nodiscard]] bool has(std::string_view name) const noexcept;  // declared and not empty (an optional may be)
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] Index integer(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;  // an integer too
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] const Path& path(std::string_view name) const;
  [[nodiscard]] const Value& at(std::string_view name) const;

  // Where the value was written, for a message about values that do not go together.
  [[nodiscard]] const Origin& origin(std::string_view name) const;

  void put(std::string name, Value value);  // adds or replaces
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// A named variant of something with the options that it declared: {type: concat, hidden: 128}.
struct Tagged {
  std::string name = "none";
  Options options = {};
  Origin origin = {};
};

struct Value {
  using List = std::vector<Value>;
  // Nothing (an empty optional), the plain types, a list, a section or mapping, a tagged section, or a tree as it
  // is.
  std::variant<std::monostate, bool, Index, double, std::string, Path, List, Options, Tagged, Node> data = {};
  Origin origin = {};
};

struct Options::Entry {
  std::string name;
  Value value;
};

}  // namespace regard::config
