// regard list [KIND]: lists the attentions and corpora that a plan can name.
#include <fmt/format.h>

#include "framework/attention/registry.h"
#include "framework/base/nearest.h"
#include "framework/config/docs.h"
#include "framework/data/builtin.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

void print_options(const std::vector<config::OptionRow>& options) {
  for (const auto& row : options) {
    fmt::print("      {}: {}, default {}{}{}; {}\n", row.name, config::rule_of(row), config::default_text(row),
               row.unit.empty() ? "" : " ", row.unit, row.meaning);
  }
}

void list_attention() {
  fmt::print("attention\n  none: the vanilla decoder; it sees the encoder's final state only\n");
  for (const attention::Variant* variant : attention::variants().entries()) {
    const Registration& from = attention::variants().registration(variant->name);
    fmt::print("  {}: {}\n      {}\n", variant->name, variant->summary, variant->equation);
    for (const std::string& alias : variant->aliases) fmt::print("      also: {}\n", alias);
    print_options(variant->options);
    fmt::print("      from: {}\n", from.plugin.empty() ? "built in, " + from.file : from.plugin);
  }
}

void list_corpora() {
  fmt::print("corpus\n");
  for (const auto* entry : data::builtin_corpora().entries()) {
    fmt::print("  {}: {}\n", entry->name, entry->summary);
    print_options(entry->options);
  }
}

}  // namespace

int list(const Words& words) {
  Arguments arguments("list", "list [attention | corpus] [--plugin FILE]...");
  arguments.positional("kind", "attention or corpus; default: both", 1);
  arguments.declare_plugins();
  if (!arguments.parse(words)) return 0;
  arguments.load_plugins();
  const auto kinds = arguments.texts("kind");
  const std::string kind = kinds.empty() ? "" : kinds.front();
  if (!kind.empty() && kind != "attention" && kind != "corpus") {
    arguments.fail(fmt::format("unknown list '{}'{}", kind,
                               did_you_mean(kind, std::vector<std::string>{"attention", "corpus"})));
  }
  if (kind != "corpus") list_attention();
  if (kind != "attention") list_corpora();
  return 0;
}

}  // namespace regard::cli
