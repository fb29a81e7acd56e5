// regard corpus NAME --out FOLDER: writes a built-in corpus as plain files.
#include <fmt/format.h>

#include "framework/config/section.h"
#include "framework/config/yaml.h"
#include "framework/data/builtin.h"
#include "framework/data/options.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int corpus(const Words& words) {
  namespace po = boost::program_options;
  Arguments arguments("corpus", "corpus NAME --out FOLDER [--set OPTION=VALUE]...");
  arguments.positional("name", "a built-in corpus; regard list corpus shows them", 1);
  arguments.options()("out", po::value<std::string>(), "a new or empty folder")(
      "set", po::value<std::vector<std::string>>(), "set an option of the corpus: seed=2");
  if (!arguments.parse(words)) return 0;
  const std::string name = arguments.required("name");
  if (!arguments.has("out")) arguments.fail("needs --out FOLDER");
  static_cast<void>(data::builtin_corpora().at(name));
  config::Node root = config::make_map();
  config::Node choice = config::make_map();
  choice.put("type", config::make_text(name));
  root.put("corpus", std::move(choice));
  for (const std::string& set : arguments.texts("set")) root = config::apply_set(std::move(root), "corpus." + set);
  const data::Splits splits = data::load(data::parse_data(config::Section(root, "data")));
  data::write_corpus(splits, arguments.text("out"));
  fmt::print("{}: {} training, {} validation", splits.name, splits.train.size(), splits.valid.size());
  for (const auto& test : splits.tests) fmt::print(", {} {}", test.corpus.size(), test.name);
  fmt::print(" sentence pairs in {}\n", arguments.text("out"));
  return 0;
}

}  // namespace regard::cli
