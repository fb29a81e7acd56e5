#pragma once
// Binds rows to the members of a plain struct. The defaults are only written in the struct's initialisers:
//
//   struct TrainingOptions { Index epochs = 20; double learning_rate = 0.001; std::optional<Index> patience; };
//   const OptionTable<TrainingOptions>& training_rows() {
//     static const OptionTable<TrainingOptions> rows = {
//         option("epochs", &TrainingOptions::epochs, at_least(1), "epochs", "passes over the training data"),
//         option("learning_rate", &TrainingOptions::learning_rate, above(0), "", "step size; …"),
//         option("patience", &TrainingOptions::patience, at_least(1), "validations", "stop after …")};
//     return rows;
//   }
//   TrainingOptions options = parse(plan.section("training"), training_rows());
//
// Members may be bool, Index (or another integer), double, std::string, Path, Node (any value, unchanged), std::vector
// of these, std::vector<std::pair<std::string, T>> (names chosen by the user, in their order), std::optional of these,
// enums (choice), Tagged (tagged) and structs with their own rows (section).
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "framework/base/errors.h"
#include "framework/config/options.h"
#include "framework/config/or_auto.h"
#include "framework/config/section.h"

namespace regard::config {

template <class S>
struct Row {
  OptionRow row;
  std::function<void(S&, const Value&)> set;
  std::function<Value(const S&)> get;
};

template <class S>
using OptionTable = std::vector<Row<S>>;

// How a C++ type is written in a plan.
template <class T>
struct Kind;

template <>
struct Kind<bool> {
  static OptionRow row() { return {.type = OptionRow::Type::boolean}; }
  static bool from(const Value& value) { return std::get<bool>(value.data); }
  static Value to(bool x) { return {x}; }
};
template <std::integral T>
struct Kind<T> {
  static OptionRow row() { return {.type = OptionRow::Type::integer}; }
  static T from(const Value& value) { return static_cast<T>(std::get<Index>(value.data)); }
  static Value to(T x) { return {static_cast<Index>(x)}; }
};
template <>
struct Kind<double> {
  static OptionRow row() { return {.type = OptionRow::Type::number}; }
  static double from(const Value& value) { return std::get<double>(value.data); }
  static Value to(double x) { return {x}; }
};
template <>
struct Kind<std::string> {
  static OptionRow row() { return {.type = OptionRow::Type::text}; }
  static const std::string& from(const Value& value) { return std::get<std::string>(value.data); }
  static Value to(const std::string& x) { return {x}; }
};
template <>
struct Kind<Path> {
  static OptionRow row() { return {.type = OptionRow::Type::path}; }
  static const Path& from(const Value& value) { return std::get<Path>(value.data); }
  static Value to(const Path& x) { return {x}; }
};
template <>
struct Kind<Node> {
  static OptionRow row() { return {.type = OptionRow::Type::any}; }
  static const Node& from(const Value& value) { return std::get<Node>(value.data); }
  static Value to(const Node& x) { return {x}; }
};
template <>
struct Kind<Tagged> {
  static OptionRow row() { return {.type = OptionRow::Type::tagged}; }
  static const Tagged& from(const Value& value) { return std::get<Tagged>(value.data); }
  static Value to(const Tagged& x) { return {x}; }
};
template <class T>
struct Kind<std::vector<T>> {
  static OptionRow row() { return {.type = OptionRow::Type::list, .inner = {Kind<T>::row()}}; }
  static std::vector<T> from(const Value& value) {
    std::vector<T> items;
    for (const Value& item : std::get<Value::List>(value.data)) items.push_back(Kind<T>::from(item));
    return items;
  }
  static Value to(const std::vector<T>& items) {
    Value::List list;
    for (const T& item : items) list.push_back(Kind<T>::to(item));
    return {std::move(list)};
  }
};
template <class T>
struct Kind<std::vector<std::pair<std::string, T>>> {
  static OptionRow row() { return {.type = OptionRow::Type::mapping, .inner = {Kind<T>::row()}}; }
  static std::vector<std::pair<std::string, T>> from(const Value& value) {
    std::vector<std::pair<std::string, T>> named;
    for (const auto& [name, item] : std::get<Options>(value.data).entries())
      named.emplace_back(name, Kind<T>::from(item));
    return named;
  }
  static Value to(const std::vector<std::pair<std::string, T>>& named) {
    Options options;
    for (const auto& [name, item] : named) options.put(name, Kind<T>::to(item));
    return {std::move(options)};
  }
};
template <class T>
struct Kind<OrAuto<T>> {
  static OptionRow row() {
    OptionRow row = Kind<T>::row();
    row.or_auto = true;
    return row;
  }
  static OrAuto<T> from(const Value& value) {
    if (std::holds_alternative<std::string>(value.data)) return {};
    return Kind<T>::from(value);
  }
  static Value to(const OrAuto<T>& x) {
    return x.is_auto() ? Value{std::string(kAuto)} : Kind<T>::to(x.value_or({}));
  }
};
template <class T>
struct Kind<std::optional<T>> {
  static OptionRow row() {
    OptionRow row = Kind<T>::row();
    row.optional = true;
    return row;
  }
  static std::optional<T> from(const Value& value) {
    if (std::holds_alternative<std::monostate>(value.data)) return std::nullopt;
    return Kind<T>::from(value);
  }
  static Value to(const std::optional<T>& x) { return x ? Kind<T>::to(*x) : Value{}; }
};

namespace detail {

template <class S, class T>
Row<S> bind(OptionRow row, std::string name, T S::*member, std::string meaning) {
  row.name = std::move(name);
  row.meaning = std::move(meaning);
  row.default_value = Kind<T>::to(S{}.*member);
  return {std::move(row), [member](S& options, const Value& value) { options.*member = Kind<T>::from(value); },
          [member](const S& options) { return Kind<T>::to(options.*member); }};
}

}  // namespace detail

// Makes a row without a range: bool, text, path, Node, and lists or mappings of these.
template <class S, class T>
[[nodiscard]] Row<S> option(std::string name, T S::*member, std::string meaning) {
  return detail::bind(Kind<T>::row(), std::move(name), member, std::move(meaning));
}

// Makes a row of numbers. In a list, the range applies to each item.
template <class S, class T>
[[nodiscard]] Row<S> option(std::string name, T S::*member, Range range, std::string unit, std::string meaning) {
  OptionRow row = Kind<T>::row();
  row.unit = std::move(unit);
  row.range = range;
  for (OptionRow& item : row.inner) item.range = range;
  return detail::bind(std::move(row), std::move(name), member, std::move(meaning));
}

// Returns the same row as a key that a plan must have; it has no default.
template <class S>
[[nodiscard]] Row<S> required(Row<S> row) {
  row.row.required = true;
  row.row.default_value = {};
  return row;
}

// A value of an enum and the name that a plan gives it.
template <class E>
struct Named {
  std::string name;
  E value;
  std::string summary;
};

namespace detail {
template <class E>
std::vector<Choice> choices_of(const std::vector<Named<E>>& names) {
  std::vector<Choice> choices;
  for (const auto& named : names) choices.push_back({named.name, named.summary});
  return choices;
}

template <class E>
Value name_of(const std::vector<Named<E>>& names, E value) {
  for (const auto& named : names) {
    if (named.value == value) return {named.name};
  }
  throw InternalError("a value of an enum has no name");
}

template <class E>
E value_of(const std::vector<Named<E>>& names, const Value& name) {
  for (const auto& named : names) {
    if (named.name == std::get<std::string>(name.data)) return named.value;
  }
  throw InternalError("a name has no value of its enum");
}
}  // namespace detail

template <class S, class E>
requires std::is_enum_v<E>
[[nodiscard]] Row<S> choice(std::string name, E S::*member, std::type_identity_t<std::vector<Named<E>>> names,
                            std::string meaning) {
  OptionRow row = choice_option(std::move(name), {}, detail::choices_of(names), std::move(meaning));
  row.default_value = detail::name_of(names, S{}.*member);
  return {std::move(row),
          [member, names](S& options, const Value& value) { options.*member = detail::value_of(names, value); },
          [member, names](const S& options) { return detail::name_of(names, options.*member); }};
}

// Makes a row for a list of such names. `kind` is the word for messages: "metric".
template <class S, class E>
requires std::is_enum_v<E>
[[nodiscard]] Row<S> choices(std::string name, std::vector<E> S::*member, std::string kind,
                             std::vector<Named<E>> names, std::string meaning) {
  OptionRow item = choice_option("", {}, detail::choices_of(names), "");
  item.kind = std::move(kind);
  OptionRow row{
      .name = std::move(name), .type = OptionRow::Type::list, .meaning = std::move(meaning), .inner = {item}};
  const auto list_of = [names](const std::vector<E>& values) -> Value {
    Value::List list;
    for (const E value : values) list.push_back(detail::name_of(names, value));
    return {std::move(list)};
  };
  row.default_value = list_of(S{}.*member);
  return {std::move(row),
          [member, names](S& options, const Value& value) {
            (options.*member).clear();
            for (const Value& each : std::get<Value::List>(value.data))
              (options.*member).push_back(detail::value_of(names, each));
          },
          [member, list_of](const S& options) { return list_of(options.*member); }};
}

// Makes a row for a name from a list that may grow (choices_from a registry), kept as text. `kind` is the word for
// messages: "cell".
template <class S>
[[nodiscard]] Row<S> choice_of(std::string name, std::string S::*member, std::string kind, Choices choices,
                               std::string meaning) {
  OptionRow row{.type = OptionRow::Type::choice, .kind = std::move(kind), .choices = std::move(choices)};
  return detail::bind(std::move(row), std::move(name), member, std::move(meaning));
}

// Makes a row for a variant with the options that it declares: `attention: dot` or
// `attention: {type: concat, hidden: 128}`.
template <class S>
[[nodiscard]] Row<S> tagged(std::string name, Tagged S::*member, std::string kind, Choices choices,
                            std::string meaning) {
  OptionRow row{.type = OptionRow::Type::tagged, .kind = std::move(kind), .choices = std::move(choices)};
  return detail::bind(std::move(row), std::move(name), member, std::move(meaning));
}

// Returns the rows without members, for explain, schema and documentation.
template <class S>
[[nodiscard]] std::vector<OptionRow> descriptions(const OptionTable<S>& rows) {
  std::vector<OptionRow> all;
  for (const auto& row : rows) all.push_back(row.row);
  return all;
}

template <class S>
[[nodiscard]] Options to_options(const OptionTable<S>& rows, const S& options) {
  Options values;
  for (const auto& row : rows) values.put(row.row.name, row.get(options));
  return values;
}

template <class S>
[[nodiscard]] S from_options(const OptionTable<S>& rows, const Options& values) {
  S options;
  for (const auto& row : rows) row.set(options, values.at(row.row.name));
  return options;
}

// Makes a row for a struct inside a struct, which is a map in the plan. The outer struct has its defaults.
template <class S, class T>
[[nodiscard]] Row<S> section(std::string name, T S::*member, const OptionTable<T>& rows, std::string meaning) {
  OptionRow row{.name = std::move(name), .type = OptionRow::Type::section, .meaning = std::move(meaning)};
  row.default_value.data = to_options(rows, S{}.*member);
  for (const auto& inner : rows) {
    row.inner.push_back(inner.row);
    if (!inner.row.required) row.inner.back().default_value = inner.get(S{}.*member);
  }
  return {std::move(row),
          [member, rows](S& options, const Value& value) {
            options.*member = from_options(rows, std::get<Options>(value.data));
          },
          [member, rows](const S& options) -> Value { return {to_options(rows, options.*member)}; }};
}

// Returns the struct that a section describes: reads the rows and fills in the defaults. The caller handles other keys
// of the section and then calls section.finish().
template <class S>
[[nodiscard]] S read(Section& section, const OptionTable<S>& rows) {
  S options;
  for (const auto& row : rows) row.set(options, section.read(row.row));
  return options;
}

// Like read(); any other key is an error.
template <class S>
[[nodiscard]] S parse(Section section, const OptionTable<S>& rows) {
  S options = read(section, rows);
  section.finish();
  return options;
}

// Returns the struct as a tree, with every default and without empty optionals. parse() of the tree returns the same
// struct.
template <class S>
[[nodiscard]] Node to_node(const OptionTable<S>& rows, const S& options) {
  return to_node(Value{to_options(rows, options)});
}

}  // namespace regard::config
