#include "tools/regard/commands/arguments.h"

#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"
#include "framework/plugins/plugins.h"

namespace regard::cli {

namespace po = boost::program_options;

Arguments::Arguments(const char* command, const char* usage)
    : command_(command), usage_(usage), described_("Options") {
  options()("help,h", "print this text");
}

void Arguments::positional(const char* name, const char* meaning, int count) {
  words_.add_options()(name, po::value<std::vector<std::string>>(), meaning);
  positions_.add(name, count);
}

void Arguments::fail(const std::string& message) const {
  throw ConfigError(fmt::format("regard {}: {}; usage: regard {}", command_, message, usage_));
}

bool Arguments::parse(const Words& words) {
  po::options_description all;
  all.add(described_).add(words_);
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  try {
    po::store(po::command_line_parser(words).options(all).positional(positions_).style(style).run(), values_);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> known;
    for (const auto& option : described_.options()) known.push_back("--" + option->long_name());
    const std::string given = error.get_option_name();
    fail(fmt::format("unknown option '{}'{}", given, did_you_mean(given, known)));
  } catch (const po::too_many_positional_options_error&) {
    fail("too many words");
  } catch (const po::error& error) {
    fail(error.what());
  }
  if (!has("help")) return true;
  std::cout << "usage: regard " << usage_ << "\n\n" << described_;
  return false;
}

std::vector<std::string> Arguments::texts(const char* name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

long Arguments::integer(const char* name, long low, long missing, long high) const {
  if (!has(name)) return missing;
  const std::string given = text(name);
  long number = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (error != std::errc() || end != given.data() + given.size() || number < low || number > high) {
    const std::string range = high == std::numeric_limits<long>::max() ? fmt::format("of at least {}", low)
                                                                       : fmt::format("from {} to {}", low, high);
    fail(fmt::format("--{} takes a whole number {}, got \"{}\"", name, range, given));
  }
  return number;
}

void Arguments::declare_plugins() {
  options()("plugin", po::value<std::vector<std::string>>(),
            "load attention variants from this library; may be repeated");
}

void Arguments::load_plugins() const {
  std::vector<plugins::PluginFile> files;
  for (const std::string& file : texts("plugin")) files.push_back({file});
  static_cast<void>(plugins::load_plugins(files));
}

std::string Arguments::required(const char* name) const {
  const auto words = texts(name);
  if (words.size() != 1) fail(fmt::format("needs one {}", name));
  return words.front();
}

}  // namespace regard::cli
