// regard check NAME...: runs the conformance checks on registered variants, and measures the cost of each.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "framework/attention/conformance.h"
#include "framework/attention/cost.h"
#include "framework/base/parallel.h"
#include "framework/base/sha256.h"
#include "framework/config/section.h"
#include "framework/config/yaml.h"
#include "framework/plugins/check_record.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/instructions.h"

namespace regard::cli {
namespace {

using attention::Check;
using attention::Outcome;
using attention::Sizes;
using attention::Variant;

// The checks hold at any width, and their time grows with its square.
constexpr long kWidest = 256;

struct Case {
  std::string text;  // "query 6, key 6; keys identity"
  Sizes sizes;
  config::Options options;
};

std::string text_of(Sizes sizes) { return fmt::format("query {}, key {}", sizes.query, sizes.key); }

config::Options options_of(const Variant& variant, const std::vector<std::string>& sets) {
  config::Node root = config::make_map();
  for (const std::string& set : sets) root = config::apply_set(std::move(root), set);
  return config::read_options(root, "", variant.options);
}

std::string text_of(const config::Options& options) {
  std::string text;
  for (const auto& entry : options.entries()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", entry.name, config::to_node(entry.value).scalar);
  }
  return text;
}

// The result of a check over all cases: the first failure, otherwise the first pass, otherwise the reason of a
// skip.
struct Found {
  Check check;
  const Case* in = nullptr;
};
Found worst_of(const std::vector<Case>& cases, const std::vector<std::vector<Check>>& checks, std::size_t at) {
  std::size_t chosen = 0;
  const auto rank = [&](std::size_t i) {
    const Outcome outcome = checks[i][at].outcome;
    return outcome == Outcome::failed ? 2 : outcome == Outcome::passed ? 1 : 0;
  };
  for (std::size_t i = 1; i < cases.size(); ++i) {
    if (rank(i) > rank(chosen)) chosen = i;
  }
  return {checks[chosen][at], &cases[chosen]};
}

// The message for a crash of a variant. It is formatted before, because a signal handler may not do much.
std::array<char, 256> last_words;

void at_crash(int) {
  static_cast<void>(!write(STDERR_FILENO, last_words.data(), std::char_traits<char>::length(last_words.data())));
  _exit(1);
}

// From now on a crash prints the message. The handler has its own stack, so that a stack overflow does so too.
void catch_crashes() {
  static std::array<char, 65536> memory;
  stack_t stack{};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = at_crash;
  action.sa_flags = SA_ONSTACK;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(signal, &action, nullptr);
}

void tell(const Variant& variant, const char* what, const Case& in) {
  std::fflush(stdout);
  const auto end =
      fmt::format_to_n(last_words.data(), last_words.size() - 1,
                       "error: attention '{}' crashed in '{}' (with {})\n", variant.name, what, in.text);
  *end.out = '\0';
}

struct Count {
  int passed = 0, failed = 0, skipped = 0;
};

void print_cost(const Variant& variant, const config::Options& options) {
  const attention::CostBatch batch;
  const int before = threads();
  set_threads(1);  // several wait for each other, and on a busy machine that is most of their time
  fmt::print(
      "\none target position of {} sentences of {} words, width "
      "{}, f32, processor time of one thread:\n  {:<16} {:>10} {:>10} {:>12}\n",
      batch.B, batch.S, batch.sizes.query, "", "forward", "backward", "memory");
  const auto line = [&](const Variant& each, const config::Options& chosen) {
    const std::string why = each.refusal(batch.sizes, chosen);
    if (!why.empty()) {
      fmt::print("  {:<16} {}\n", each.name, why);
      return;
    }
    const attention::Cost cost = attention::cost_of(each, chosen, batch);
    fmt::print("  {:<16} {:>7.1f} us {:>7.1f} us {:>8.1f} KiB\n", each.name, cost.forward_microseconds,
               cost.backward_microseconds, static_cast<double>(cost.bytes) / 1024);
  };
  line(variant, options);
  for (const char* other : {"dot", "general"}) {
    const Variant& beside = attention::variants().at(other);
    if (&beside != &variant) line(beside, config::defaults(beside.options));
  }
  set_threads(before);
  double load = 0;
  const auto cores = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  if (getloadavg(&load, 1) == 1 && load > 1.5 * cores) {
    fmt::print("  The machine was busy (a load of {:.1f} on {:.0f} cores): compare these times with care.\n", load,
               cores);
  }
}

// `usual`: with the sizes and options of a check without arguments, whose outcome is remembered.
Count check_variant(const Variant& variant, const std::vector<std::string>& sets, const std::vector<Sizes>& sizes,
                    std::uint64_t seed, bool usual) {
  const Registration& from = attention::variants().registration(variant.name);
  fmt::print("{}: {}\n  {}\n  from {}\n", variant.name, variant.summary, variant.equation,
             from.plugin.empty() ? from.file : from.plugin);
  std::vector<config::Options> choices;
  if (sets.empty()) {
    choices = attention::options_to_try(variant);
  } else {
    choices.push_back(options_of(variant, sets));
  }
  std::vector<Case> cases;
  std::vector<std::vector<Check>> checks;
  for (const config::Options& options : choices) {
    for (const Sizes each : sizes) {
      const std::string chosen = text_of(options);
      cases.push_back({text_of(each) + (chosen.empty() ? "" : "; " + chosen), each, options});
      const Case& now = cases.back();
      checks.push_back(
          attention::conform(variant, each, options, seed, [&](const char* check) { tell(variant, check, now); }));
      const std::string why = variant.refusal(each, options);
      fmt::print("  with {}{}\n", cases.back().text,
                 why.empty() ? "" : fmt::format(": refused, for attention '{}' {}", variant.name, why));
    }
  }
  Count count;
  std::string wrong;  // the names of the failed checks
  fmt::print("\n");
  for (std::size_t at = 0; at < attention::conformance_checks().size(); ++at) {
    const Found found = worst_of(cases, checks, at);
    const Check& check = found.check;
    switch (check.outcome) {
      case Outcome::passed:
        ++count.passed;
        fmt::print("  passed   {:<14} {}\n", check.name, check.figure);
        break;
      case Outcome::skipped:
        ++count.skipped;
        fmt::print("  skipped  {:<14} {}\n", check.name, check.message);
        break;
      case Outcome::failed:
        ++count.failed;
        wrong += (wrong.empty() ? "" : ", ") + check.name;
        fmt::print("  FAILED   {:<14} {}\n           {}\n           (with {})\n", check.name, check.figure,
                   check.message, found.in->text);
        break;
    }
  }
  if (count.failed == 0 && count.passed > 0) {
    tell(variant, "cost", cases.front());
    print_cost(variant, choices.front());
  }
  if (!from.plugin.empty() && usual && count.passed + count.failed > 0) {
    plugins::remember_check(sha256_file(from.plugin), variant.name, wrong.empty() ? plugins::kCheckPassed : wrong);
  }
  fmt::print("\n{}: {} passed, {} failed, {} skipped\n", variant.name, count.passed, count.failed, count.skipped);
  return count;
}

}  // namespace

int check(const Words& words) {
  Arguments arguments("check", "check NAME... [--set OPTION=VALUE]... [--query N] [--key N] [--plugin FILE]...");
  arguments.positional("name", "variants; regard list attention shows them", -1);
  arguments.declare_plugins();
  arguments.options()("set", boost::program_options::value<std::vector<std::string>>(),
                      "set an option of the variant: hidden=16; default: the default options and every choice")(
      "query", boost::program_options::value<std::string>(),
      "width of the decoder's state, at most 256; default: 6, and then 4")(
      "key", boost::program_options::value<std::string>(),
      "width of the encoder's states, at most 256; default: 6")(
      "seed", boost::program_options::value<std::string>(), "seed of the random inputs; default: 1");
  if (!arguments.parse(words)) return 0;
  arguments.load_plugins();
  const auto names = arguments.texts("name");
  if (names.empty()) arguments.fail("needs a variant");
  std::vector<const Variant*> chosen;
  for (const std::string& name : names) chosen.push_back(&attention::variants().at(name));
  std::vector<Sizes> sizes{{6, 6}, {4, 6}};
  if (arguments.has("query") || arguments.has("key")) {
    sizes = {{arguments.integer("query", 1, 6, kWidest), arguments.integer("key", 1, 6, kWidest)}};
  }
  const auto seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, 1));
  choose_instructions();
  catch_crashes();
  bool failed = false;
  for (const Variant* variant : chosen) {
    if (variant != chosen.front()) fmt::print("\n");
    const bool usual = !arguments.has("set") && !arguments.has("query") && !arguments.has("key");
    const Count count = check_variant(*variant, arguments.texts("set"), sizes, seed, usual);
    failed = failed || count.failed > 0 || count.passed == 0;
  }
  return failed ? 1 : 0;
}

}  // namespace regard::cli
