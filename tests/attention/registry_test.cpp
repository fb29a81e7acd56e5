#include "framework/attention/registry.h"

#include <algorithm>
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using attention::variants;

std::string refusal(const char* name, attention::Sizes sizes,
                    const std::vector<std::pair<std::string, config::Value>>& chosen = {}) {
  return thrown<ConfigError>([&] {
    nn::ParamStore store(DType::f32, 1);
    const auto& variant = variants().at(name);
    config::Options options = config::defaults(variant.options);
    for (const auto& [option, value] : chosen) options.put(option, value);
    static_cast<void>(attention::make_attention(variant, sizes, options, nn::Params(store)));
  });
}

}  // namespace

TEST_CASE("attention registry: the names are those of the files in variants") {
  std::vector<std::string> stems;
  for (const auto& file : std::filesystem::directory_iterator(REGARD_VARIANTS_DIR)) {
    if (file.path().extension() == ".cpp") stems.push_back(file.path().stem().string());
  }
  std::sort(stems.begin(), stems.end());
  CHECK(variants().names() == stems);
}

TEST_CASE("attention registry: every variant has a summary and an equation") {
  for (const attention::Variant* variant : variants().entries()) {
    INFO(variant->name);
    CHECK(variant->summary != "");
    CHECK(variant->summary.find('\n') == std::string::npos);
    CHECK(variant->equation.find("(") != std::string::npos);
    CHECK((variant->make != nullptr) != (variant->make_attention != nullptr));
    CHECK(variants().registration(variant->name).plugin == "");
    CHECK(variants().registration(variant->name).file == "framework/attention/variants/" + variant->name + ".cpp");
  }
}

TEST_CASE("attention registry: the error of an unknown name lists the known ones and the nearest") {
  const std::string text = thrown<ConfigError>([] { static_cast<void>(variants().at("genral")); });
  std::string known;
  for (const attention::Variant* variant : variants().entries()) {
    known += (known.empty() ? "" : ", ") + variant->name + " (" + variant->summary + ")";
    for (const auto& alias : variant->aliases) CHECK(variants().at(alias).name == variant->name);
  }
  INFO(text);
  CHECK(text.starts_with("unknown attention 'genral'; did you mean 'general'? "));
  CHECK(text.find("dot (h_t^T h_s; no parameters, equal sizes)") != std::string::npos);
}

TEST_CASE("attention registry: additive is another name of concat") {
  CHECK(variants().at("additive").name == "concat");
}

TEST_CASE("attention registry: dot refuses unequal sizes and names an alternative") {
  CHECK(refusal("dot", {256, 512}) ==
        "attention 'dot' needs decoder size 256 equal to encoder output 512; 'general' bridges them");
  CHECK(refusal("dot", {8, 8}) == "nothing was thrown");
  CHECK(refusal("general", {256, 512}) == "nothing was thrown");
  CHECK(refusal("concat", {256, 512}) == "nothing was thrown");
}

TEST_CASE("attention registry: a refusal may depend on the options") {
  const std::string unequal = "needs decoder size 4 equal to encoder output 6; 'general' bridges them";
  CHECK(refusal("scaled_dot", {4, 6}) == "attention 'scaled_dot' " + unequal);
  for (const char* local : {"local_m", "local_p"}) {
    CHECK(refusal(local, {4, 6}) == "nothing was thrown");
    CHECK(refusal(local, {4, 6}, {{"score", {std::string("dot")}}}) ==
          fmt::format("attention '{}' with score 'dot' {}", local, unequal));
  }
  const config::Value identity{std::string("identity")};
  CHECK(refusal("concat", {4, 6}, {{"keys", identity}, {"hidden", {Index{6}}}}) == "nothing was thrown");
  CHECK(refusal("concat", {4, 6}, {{"keys", identity}, {"hidden", {Index{4}}}}) ==
        "attention 'concat' with keys 'identity' needs hidden 0 or the encoder's output 6, not 4");
}

TEST_CASE("attention registry: parameters are named after the symbols of the paper") {
  const auto names = [](const char* name, attention::Sizes sizes) {
    nn::ParamStore store(DType::f32, 1);
    const auto& variant = variants().at(name);
    static_cast<void>(attention::make_attention(variant, sizes, config::defaults(variant.options),
                                                nn::Params(store, "decoder/attention")));
    std::vector<std::string> all;
    for (const nn::Param& param : store.all()) all.push_back(param.name() + " " + param.shape().text());
    return all;
  };
  using Names = std::vector<std::string>;
  CHECK(names("dot", {3, 3}).empty());
  CHECK(names("general", {3, 5}) == Names{"decoder/attention/W_a [3, 5]"});
  CHECK(names("concat", {3, 5}) ==
        Names{"decoder/attention/W_q [3, 3]", "decoder/attention/W_k [3, 5]", "decoder/attention/v_a [3]"});
  CHECK(names("local_p", {3, 5}) ==
        Names{"decoder/attention/W_a [3, 5]", "decoder/attention/W_p [3, 3]", "decoder/attention/v_p [1, 3]"});
  CHECK(names("coverage", {3, 5}) == Names{"decoder/attention/W_q [3, 3]", "decoder/attention/W_k [3, 5]",
                                           "decoder/attention/v_a [3]", "decoder/attention/V_a [3]",
                                           "decoder/attention/U_f [1, 5]"});
}

}  // namespace regard::testing
