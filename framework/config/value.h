#pragma once
// Validated values. Variants and plug-ins read their options from them; all other code uses structs (option_table.h).
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framework/base/base.h"
#include "framework/config/tree.h"

namespace regard::config {

// A path as written, and with its environment variables expanded. A resolved plan has the written form, so that it does
// not name the folders of one machine.
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

// Values by name, in the order of their rows. InternalError (a mistake of ours or of the plug-in) for reading an
// undeclared name, or a name as another type.
class Options final {
 public:
  struct Entry;

  Options();
  Options(const Options&);
  Options(Options&&) noexcept;
  Options& operator=(const Options&);
  Options& operator=(Options&&) noexcept;
  ~Options();

  [[nodiscard]] bool has(std::string_view name) const noexcept;  // declared and not an empty optional
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] Index integer(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;  // also of an integer
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] const Path& path(std::string_view name) const;
  [[nodiscard]] const Value& at(std::string_view name) const;

  // Returns the place where the value was written, for messages about values that contradict each other.
  [[nodiscard]] const Origin& origin(std::string_view name) const;

  void put(std::string name, Value value);  // adds or replaces
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// The name of a variant with its options: {type: concat, hidden: 128}.
struct Tagged {
  std::string name = "none";
  Options options = {};
  Origin origin = {};
};

struct Value {
  using List = std::vector<Value>;
  // One of: no value (an empty optional), a plain type, a list, a section or mapping, a tagged section, an unparsed
  // tree.
  std::variant<std::monostate, bool, Index, double, std::string, Path, List, Options, Tagged, Node> data = {};
  Origin origin = {};
};

struct Options::Entry {
  std::string name;
  Value value;
};

}  // namespace regard::config
