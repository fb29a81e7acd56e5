#include "framework/attention/conformance.h"

#include <algorithm>
#include <cctype>

#include "framework/base/parallel.h"
#include "tests/attention/broken_variants.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

using attention::Check;
using attention::Outcome;

// Every number as #.
std::string without_numbers(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto digit = [&](std::size_t at) {
      return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]));
    };
    if (digit(i) || (text[i] == '-' && digit(i + 1))) {
      ++i;
      while (digit(i) ||
             (i < text.size() && (text[i] == '.' || text[i] == 'e') &&
              (digit(i + 1) || text[i + 1] == '-' || text[i + 1] == '+')) ||
             ((text[i] == '-' || text[i] == '+') && text[i - 1] == 'e')) {
        ++i;
      }
      out += '#';
    } else {
      out += text[i++];
    }
  }
  return out;
}

Check find(const std::vector<Check>& checks, const std::string& name) {
  const auto found =
      std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.name == name; });
  REQUIRE(found != checks.end());
  return *found;
}

std::string table(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    constexpr const char* kOutcomes[] = {"passed", "FAILED", "skipped"};
    text += fmt::format("{} {}: {} {}\n", kOutcomes[static_cast<int>(check.outcome)], check.name, check.figure,
                        check.message);
  }
  return text;
}

}  // namespace

TEST_CASE("conformance: every registered variant keeps the contract", "[conformance]") {
  for (const attention::Variant* variant : attention::variants().entries()) {
    bool possible = false;
    for (const config::Options& options : attention::options_to_try(*variant)) {
      for (const attention::Sizes sizes : {attention::Sizes{5, 5}, attention::Sizes{4, 6}}) {
        INFO(variant->name << " " << sizes.query << " " << sizes.key);
        const auto checks = attention::conform(*variant, sizes, options);
        INFO(table(checks));
        REQUIRE(checks.size() == attention::conformance_checks().size());
        const std::string refusal = variant->refusal(sizes, options);
        possible = possible || refusal.empty();
        for (const Check& check : checks) {
          INFO(check.name);
          CHECK(check.outcome != Outcome::failed);
          CHECK((check.message == "") == (check.outcome == Outcome::passed));
          if (!refusal.empty()) {
            CHECK(check.outcome == Outcome::skipped);
            CHECK(check.message == "attention '" + variant->name + "' " + refusal);
          }
        }
      }
    }
    CHECK(possible);
  }
}

TEST_CASE("conformance: options that are numbers keep the contract as well", "[conformance]") {
  const auto passes = [](const char* name, const char* option, config::Value value) {
    const auto& variant = attention::variants().at(name);
    config::Options options = config::defaults(variant.options);
    options.put(option, std::move(value));
    const auto checks = attention::conform(variant, {4, 6}, options);
    INFO(name << "\n" << table(checks));
    for (const Check& check : checks) {
      INFO(check.name);
      CHECK(check.outcome != Outcome::failed);
    }
    CHECK(checks[0].outcome == Outcome::passed);
  };
  passes("monotonic", "chunk", {Index{3}});
  passes("entmax", "alpha", {1.25});
  passes("hard", "temperature", {0.5});
}

TEST_CASE("conformance: a variant that breaks a promise is caught with what to look at", "[conformance]") {
  for (const Broken& broken : broken_variants()) {
    INFO(broken.variant.name);
    const auto checks = attention::conform(broken.variant, {4, 4});
    INFO(table(checks));
    const Check check = find(checks, broken.check);
    CHECK(check.outcome == Outcome::failed);
    CHECK(without_numbers(check.message) == broken.message);
  }
}

TEST_CASE("conformance: every check has a variant that it catches") {
  std::vector<std::string> names, caught;
  for (const auto& [name, meaning] : attention::conformance_checks()) names.emplace_back(name);
  for (const Broken& broken : broken_variants()) caught.emplace_back(broken.check);
  for (std::vector<std::string>* each : {&names, &caught}) std::sort(each->begin(), each->end());
  caught.erase(std::unique(caught.begin(), caught.end()), caught.end());
  CHECK(caught == names);
}

TEST_CASE("conformance: what a fact switches off is skipped with the reason", "[conformance]") {
  const auto covered = attention::conform(covering(), {4, 4});
  INFO(table(covered));
  const auto passed_but = [](const std::vector<Check>& checks, const std::string& skipped) {
    for (const Check& check : checks) {
      INFO(check.name);
      const bool off =
          check.name == skipped || check.name == "losses" || check.name == "maps" || check.name == "copies";
      CHECK(check.outcome == (off ? Outcome::skipped : Outcome::passed));
    }
  };
  passed_but(covered, "steps");
  CHECK(find(covered, "losses").message == "the variant has no loss of its own");
  CHECK(find(covered, "maps").message == "the variant has one map, its weights");
  CHECK(find(covered, "steps").message == "the variant takes one position at a time (whole_sequence() is false)");

  for (const attention::Variant& variant : {carrying(), pointing()}) {
    INFO(variant.name);
    const auto checks = attention::conform(variant, {4, 4});
    INFO(table(checks));
    passed_but(checks, "steps");
  }

  const auto decayed = attention::conform(decaying(), {4, 4});
  INFO(table(decayed));
  passed_but(decayed, "order");
  CHECK(find(decayed, "order").message == "the variant is not declared content_based");
}

TEST_CASE("conformance: random numbers and straight-through choices and own losses keep the contract",
          "[conformance]") {
  const auto checks = attention::conform(choosing(), {4, 4});
  INFO(table(checks));
  for (const Check& check : checks) {
    INFO(check.name);
    const bool off = check.name == "maps" || check.name == "copies";
    CHECK(check.outcome == (off ? Outcome::skipped : Outcome::passed));
  }
  CHECK(without_numbers(find(checks, "keys").figure) == "means of # x # keys # deviations apart");
  CHECK(find(checks, "losses").figure == "NaN planted in 2 of 4 positions stays there");
}

TEST_CASE("conformance: words and their vectors and a narrower context keep the contract", "[conformance]") {
  for (const attention::Sizes sizes : {attention::Sizes{4, 4}, attention::Sizes{3, 6}}) {
    const auto checks = attention::conform(reading_words(), sizes);
    INFO(table(checks));
    for (const Check& check : checks) {
      INFO(check.name);
      const bool off = check.name == "maps" || check.name == "losses" || check.name == "copies";
      CHECK(check.outcome == (off ? Outcome::skipped : Outcome::passed));
    }
    // h_s, h, both kinds of vectors and four parameters, at most 64 numbers of each.
    CHECK(without_numbers(find(checks, "gradients").figure).starts_with("# numbers, worst #"));
  }
}

TEST_CASE("conformance: a wrong shape is said once", "[conformance]") {
  for (const Broken& broken : broken_variants()) {
    if (std::string(broken.variant.name) != "one_energy") continue;
    const auto checks = attention::conform(broken.variant, {4, 4});
    CHECK(checks[0].message == "the variant threw: score() returned [3, 5, 1], expected [B, T, S] = [3, 5, 4]");
    for (std::size_t i = 1; i < checks.size(); ++i) {
      CHECK(checks[i].outcome == Outcome::skipped);
      CHECK(checks[i].message == "see 'shapes'");
    }
  }
}

TEST_CASE("conformance: figures say what was measured", "[conformance]") {
  const auto checks = attention::conform(attention::variants().at("general"), {3, 5});
  CHECK(without_numbers(find(checks, "gradients").figure).starts_with("# numbers, worst # at gradient of "));
  CHECK(find(checks, "save and load").figure == "1 parameters, 15 numbers");
  CHECK(without_numbers(find(checks, "batch").figure) == "worst # (f#)");
}

TEST_CASE("conformance: every choice of an option is tried beside the defaults", "[conformance]") {
  const auto& concat = attention::variants().at("concat");
  const auto tried = attention::options_to_try(concat);
  REQUIRE(tried.size() == 2);
  CHECK(tried[0].text("keys") == "full");
  CHECK(tried[1].text("keys") == "identity");
  CHECK(tried[1].integer("hidden") == 0);
  CHECK(attention::options_to_try(attention::variants().at("local_p")).size() == 3);
  attention::Variant variant{.name = "a", .summary = "for a test", .equation = "(none)"};
  variant.options = {config::boolean_option("b", true, "a test's")};
  CHECK_FALSE(attention::options_to_try(variant)[1].boolean("b"));
}

TEST_CASE("conformance: the number of threads is as before", "[conformance]") {
  const int before = threads();
  static_cast<void>(attention::conform(attention::variants().at("dot"), {3, 3}));
  CHECK(threads() == before);
}

TEST_CASE("conformance: every check says what it asks", "[conformance]") {
  for (const auto& [name, meaning] : attention::conformance_checks()) {
    CHECK(std::string(name) != "");
    CHECK(std::string(meaning) != "");
  }
}

}  // namespace regard::testing
