#include "framework/attention/inner_score.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using attention::Sizes;

config::Options chosen(const std::string& score) {
  config::Options options = config::defaults({attention::inner_score_option("how positions are compared")});
  if (!score.empty()) options.put("score", config::Value{score});
  return options;
}

}  // namespace

TEST_CASE("inner_score: the option offers three scores and general unless another is named") {
  const config::OptionRow row = attention::inner_score_option("how positions are compared");
  CHECK(row.name == "score");
  CHECK(row.meaning == "how positions are compared");
  std::vector<std::string> names;
  for (const config::Choice& choice : row.choices()) names.push_back(choice.name);
  CHECK(names == std::vector<std::string>{"dot", "general", "concat"});
  CHECK(chosen("").text("score") == "general");
}

TEST_CASE("inner_score: what the score refuses is refused with its name") {
  CHECK(attention::refuses_inner_score({4, 6}, chosen("dot")) ==
        "with score 'dot' needs decoder size 4 equal to encoder output 6; 'general' bridges them");
  CHECK(attention::refuses_inner_score({4, 4}, chosen("dot")) == "");
  CHECK(attention::refuses_inner_score({4, 6}, chosen("general")) == "");
  CHECK(attention::refuses_inner_score({4, 6}, chosen("concat")) == "");
}

TEST_CASE("inner_score: the score that is named is made with its parameters beside the variant's") {
  const auto parameters = [](const std::string& score) {
    nn::ParamStore store(DType::f64, 1);
    nn::Params params(store, "attention");
    const attention::ScorePtr made = attention::make_inner_score({2, 3}, chosen(score), params);
    CHECK(made != nullptr);
    std::string all;
    for (const nn::Param& param : store.all()) all += param.name() + " " + param.shape().text() + "\n";
    return all;
  };
  CHECK(parameters("") == "attention/W_a [2, 3]\n");
  CHECK(parameters("concat") == "attention/W_q [2, 2]\nattention/W_k [2, 3]\nattention/v_a [2]\n");

  nn::ParamStore store(DType::f64, 1);
  nn::Params params(store);
  const attention::ScorePtr dot = attention::make_inner_score({2, 2}, chosen("dot"), params);
  CHECK(store.all().empty());
  Tape tape(DType::f64);
  const std::vector<Index> lengths{2}, t{0};
  const auto source = attention::source_of(tape.input({1, 2, 2}, {1, 2, 3, 4}), lengths);
  const Var energies = dot->score({tape.input({1, 1, 2}, {10, 1}), t}, dot->project(source), source);
  CHECK(differs(energies, {12, 34}) == "");
}

}  // namespace regard::testing
