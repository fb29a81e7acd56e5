// dot, general and concat against numbers worked out by hand.
#include <cmath>

#include "framework/attention/registry.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

struct Made {
  nn::ParamStore store{DType::f64, 1};
  attention::AttentionPtr attention;
  Tape tape{DType::f64, Tape::Mode::evaluate};

  Made(const char* name, attention::Sizes sizes, Index hidden = -1) {
    const auto& variant = attention::variants().at(name);
    config::Options options = config::defaults(variant.options);
    if (hidden >= 0) options.put("hidden", {hidden});
    attention = attention::make_attention(variant, sizes, options, nn::Params(store));
  }
  void set(const char* name, const std::vector<double>& numbers) {
    const nn::Param* param = store.find(name);
    REQUIRE(param != nullptr);
    REQUIRE(param->value().size() == static_cast<Index>(numbers.size()));
    for (Index i = 0; i < param->value().size(); ++i) param->value().set(i, numbers[static_cast<std::size_t>(i)]);
  }
  attention::Attended operator()(Shape h_s_shape, std::initializer_list<double> h_s, std::vector<Index> lengths,
                                 Shape h_shape, std::initializer_list<double> h) {
    const auto source = attention::source_of(tape.input(h_s_shape, h_s), lengths);
    std::vector<Index> t;
    for (Index i = 0; i < h_shape[1]; ++i) t.push_back(i);
    return attention->attend({tape.input(h_shape, h), tape.copy(std::span<const Index>(t))},
                             attention->prepare(source), attention->start(source), source);
  }
};

}  // namespace

TEST_CASE("dot: weights and context of a query worked out by hand") {
  Made dot("dot", {2, 2});
  // Energies h . h_s: 1 * 1 + 2 * 0 = 1 and 1 * 0 + 2 * 1 = 2; the third position is padding.
  const auto out = dot({1, 3, 2}, {1, 0, 0, 1, 9, 9}, {2}, {1, 1, 2}, {1, 2});
  const double a = 1 / (1 + std::exp(1.0));
  CHECK(differs(out.weights, {a, 1 - a, 0}) == "");
  CHECK(differs(out.context, {a, 1 - a}) == "");
}

TEST_CASE("general: W_a stands between query and state") {
  Made general("general", {2, 3});
  general.set("W_a", {1, 0, 2, 0, -1, 0});
  // W_a h_s = [h_0 + 2 h_2, -h_1]: [3, 0] and [0, -2]; energies with h = [1, 2]: 3 and -4.
  const auto out = general({1, 2, 3}, {1, 0, 1, 0, 2, 0}, {2}, {1, 1, 2}, {1, 2});
  const double a = 1 / (1 + std::exp(-7.0));
  CHECK(differs(out.weights, {a, 1 - a}) == "");
  CHECK(differs(out.context, {a, 2 * (1 - a), a}) == "");
}

TEST_CASE("concat: v_a scores tanh of both projections") {
  Made concat("concat", {1, 2}, 3);
  concat.set("W_q", {1, 2, 0});
  concat.set("W_k", {1, 0, 0, 1, 1, 1});
  concat.set("v_a", {2, -1, 0.5});
  const auto energy = [](double q, double k_0, double k_1) {
    return 2 * std::tanh(q + k_0) - std::tanh(2 * q + k_1) + 0.5 * std::tanh(k_0 + k_1);
  };
  const auto out = concat({1, 2, 2}, {0.5, -0.5, 0.25, 1}, {2}, {1, 2, 1}, {0.1, -0.3});
  std::vector<double> weights;
  std::vector<double> context;
  for (const double q : {0.1, -0.3}) {
    const double a = 1 / (1 + std::exp(energy(q, 0.25, 1) - energy(q, 0.5, -0.5)));
    weights.insert(weights.end(), {a, 1 - a});
    context.insert(context.end(), {0.5 * a + 0.25 * (1 - a), -0.5 * a + 1 - a});
  }
  CHECK(differs(out.weights, weights) == "");
  CHECK(differs(out.context, context) == "");
}

TEST_CASE("concat: an inner width of 0 is the decoder's") {
  Made standard("concat", {4, 6});
  Made wide("concat", {4, 6}, 9);
  CHECK(standard.store.find("v_a")->shape() == Shape{4});
  CHECK(wide.store.find("v_a")->shape() == Shape{9});
}

TEST_CASE("attention: equal energies share the weight among the sentence's own positions") {
  Made dot("dot", {1, 1});
  const auto out = dot({2, 3, 1}, {5, 5, 5, 7, 7, 7}, {3, 2}, {2, 1, 1}, {0, 0});
  CHECK(differs(out.weights, {1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5, 0}) == "");
  CHECK(differs(out.context, {5, 7}) == "");
}

}  // namespace regard::testing
