// Every variant against numbers worked out by hand.
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

  Made(const char* name, attention::Sizes sizes,
       const std::vector<std::pair<std::string, config::Value>>& chosen = {}) {
    const auto& variant = attention::variants().at(name);
    config::Options options = config::defaults(variant.options);
    for (const auto& [option, value] : chosen) options.put(option, value);
    attention = attention::make_attention(variant, sizes, options, nn::Params(store));
  }
  void set(const char* name, const std::vector<double>& numbers) {
    const nn::Param* param = store.find(name);
    REQUIRE(param != nullptr);
    REQUIRE(param->value().size() == static_cast<Index>(numbers.size()));
    for (Index i = 0; i < param->value().size(); ++i) param->value().set(i, numbers[static_cast<std::size_t>(i)]);
  }
  // One step after another of a variant with state; h [1, T, query], a row a step.
  std::vector<attention::Attended> steps(Shape h_s_shape, std::initializer_list<double> h_s,
                                         std::vector<Index> lengths, const std::vector<double>& h) {
    const auto source = attention::source_of(tape.input(h_s_shape, h_s), lengths);
    const Var prepared = attention->prepare(source);
    attention::State state = attention->start(source);
    std::vector<attention::Attended> all;
    for (std::size_t at = 0; at < h.size(); ++at) {
      const Index t = static_cast<Index>(at);
      all.push_back(attention->attend({tape.input({1, 1, 1}, {h[at]}), tape.copy(std::span<const Index>(&t, 1))},
                                      prepared, state, source));
      state = all.back().next;
    }
    return all;
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
  Made concat("concat", {1, 2}, {{"hidden", {Index{3}}}});
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
  Made default_value("concat", {4, 6});
  Made wide("concat", {4, 6}, {{"hidden", {Index{9}}}});
  CHECK(default_value.store.find("v_a")->shape() == Shape{4});
  CHECK(wide.store.find("v_a")->shape() == Shape{9});
}

TEST_CASE("concat: with identity keys the encoder's states enter as they are") {
  Made concat("concat", {1, 2}, {{"keys", {std::string("identity")}}});
  CHECK(concat.store.find("W_k") == nullptr);
  concat.set("W_q", {1, 2});
  concat.set("v_a", {2, -1});
  const auto energy = [](double k_0, double k_1) { return 2 * std::tanh(0.1 + k_0) - std::tanh(0.2 + k_1); };
  const auto out = concat({1, 2, 2}, {0.5, -0.5, 0.25, 1}, {2}, {1, 1, 1}, {0.1});
  const double a = 1 / (1 + std::exp(energy(0.25, 1) - energy(0.5, -0.5)));
  CHECK(differs(out.weights, {a, 1 - a}) == "");
}

TEST_CASE("scaled_dot: energies are divided by the root of the width") {
  Made scaled("scaled_dot", {4, 4});
  const auto out = scaled({1, 2, 4}, {1, 1, 1, 1, 0, 0, 0, 0}, {2}, {1, 1, 4}, {1, 2, 3, 4});
  const double a = 1 / (1 + std::exp(-5.0));  // 10 / 2
  CHECK(differs(out.weights, {a, 1 - a}) == "");
}

TEST_CASE("location: positions have energies of their own and those behind the last get nothing") {
  Made location("location", {1, 1}, {{"max_length", {Index{2}}}});
  location.set("W_a", {1, 3});
  const auto out = location({2, 3, 1}, {5, 6, 7, 8, 9, 9}, {3, 1}, {2, 1, 1}, {0.5, 0.5});
  const double a = 1 / (1 + std::exp(1.0));
  CHECK(differs(out.weights, {a, 1 - a, 0, 1, 0, 0}) == "");
  CHECK(differs(out.context, {5 * a + 6 * (1 - a), 8}) == "");
}

TEST_CASE("local_m: the window goes along with t and stays at the end of a shorter source") {
  Made local("local_m", {1, 1}, {{"score", {std::string("dot")}}, {"D", {Index{1}}}});
  const auto out = local({1, 5, 1}, {0, 0, 0, 0, 9}, {4}, {1, 6, 1}, {1, 1, 1, 1, 1, 1});
  const double third = 1.0 / 3;
  CHECK(differs(out.weights, {0.5, 0.5, 0,   0,   0, third, third, third, 0,   0, 0, third, third, third, 0,
                              0,   0,   0.5, 0.5, 0, 0,     0,     0.5,   0.5, 0, 0, 0,     0.5,   0.5,   0}) ==
        "");
}

TEST_CASE("local_p: a Gaussian around the predicted place that is not normalised again") {
  for (const Index D : {Index{1}, Index{4}}) {
    Made local("local_p", {1, 1}, {{"score", {std::string("dot")}}, {"D", {D}}});
    local.set("W_p", {1});
    local.set("v_p", {2});
    const double p = 3 / (1 + std::exp(-2 * std::tanh(0.5)));  // 2.15 of 3 positions
    const double sigma = static_cast<double>(D) / 2;
    std::vector<double> expected;
    for (int s = 0; s < 3; ++s) {
      const bool inside = D == 4 || s == 2;  // of D = 1: 1.15 … 3.15
      expected.push_back(inside ? std::exp(-(s - p) * (s - p) / (2 * sigma * sigma)) / (D == 4 ? 3 : 1) : 0);
    }
    expected.push_back(0);  // padding
    const auto out = local({1, 4, 1}, {0, 0, 0, 9}, {3}, {1, 1, 1}, {0.5});
    CHECK(differs(out.weights, expected) == "");
  }
}

TEST_CASE("multi_head: each head has its own weights and values and the mean is shown") {
  Made heads("multi_head", {1, 1}, {{"heads", {Index{2}}}, {"width", {Index{1}}}});
  heads.set("W_q", {1, -1});
  heads.set("W_k", {1, 1});
  heads.set("W_v", {1, 2});
  heads.set("W_o", {1, 10});
  const auto out = heads({1, 3, 1}, {0.5, 2, 9}, {2}, {1, 1, 1}, {1});
  const double a = 1 / (1 + std::exp(1.5));  // of position 0, first head; the second has the opposite energies
  CHECK(differs(out.weights, {0.5, 0.5, 0}) == "");
  CHECK(differs(out.context, {0.5 * a + 2 * (1 - a) + 20 * (0.5 * (1 - a) + 2 * a)}) == "");
  CHECK(Made("multi_head", {12, 6}).store.find("W_o")->shape() == Shape{6, 12});
  CHECK(Made("multi_head", {6, 6}).store.find("W_o")->shape() == Shape{6, 4});
}

TEST_CASE("coverage: what a position got makes its energy other at the next step") {
  Made coverage("coverage", {1, 1}, {{"fertility", {4.0}}});
  coverage.set("W_q", {1});
  coverage.set("W_k", {1});
  coverage.set("v_a", {3});
  coverage.set("V_a", {-1});
  coverage.set("U_f", {2});
  const std::vector<double> h_s{0.5, -1};
  std::vector<double> C{0, 0};
  const auto steps = coverage.steps({1, 3, 1}, {0.5, -1, 9}, {2}, {0.2, 0.4, -0.3});
  const std::vector<double> h{0.2, 0.4, -0.3};
  for (std::size_t t = 0; t < 3; ++t) {
    const auto energy = [&](std::size_t s) { return 3 * std::tanh(h[t] + h_s[s] - C[s]); };
    const double a = 1 / (1 + std::exp(energy(1) - energy(0)));
    CHECK(differs(steps[t].weights, {a, 1 - a, 0}) == "");
    const auto Phi = [&](std::size_t s) { return 4 / (1 + std::exp(-2 * h_s[s])) + 1e-6; };
    C[0] += a / Phi(0);
    C[1] += (1 - a) / Phi(1);
    CHECK(differs(slice_last(steps[t].next.rows[0], 0, 2), C) == "");
  }
}

TEST_CASE("relative: each distance has a bias and far ones share the last") {
  Made relative("relative", {1, 1}, {{"score", {std::string("dot")}}, {"D", {Index{1}}}});
  relative.set("b", {1, 2, 3});  // of s - t = -1, 0, 1
  const auto out = relative({1, 4, 1}, {0, 0, 0, 9}, {3}, {1, 3, 1}, {1, 1, 1});
  std::vector<double> expected;
  for (const std::vector<double>& energies : {std::vector<double>{2, 3, 3}, {1, 2, 3}, {1, 1, 2}}) {
    double sum = 0;
    for (const double e : energies) sum += std::exp(e);
    for (const double e : energies) expected.push_back(std::exp(e) / sum);
    expected.push_back(0);
  }
  CHECK(differs(out.weights, expected) == "");
}

TEST_CASE("gaussian: the window's place and width are those of the query") {
  Made gaussian("gaussian", {1, 1}, {{"score", {std::string("dot")}}});
  gaussian.set("W_p", {1});
  gaussian.set("v_p", {2});
  gaussian.set("v_d", {-1});
  const double inner = std::tanh(0.5);
  const double p = 3 / (1 + std::exp(-2 * inner));
  const double D = 3 / (1 + std::exp(inner)) + 1;
  double sum = 0;
  std::vector<double> expected;
  for (int s = 0; s < 3; ++s) expected.push_back(std::exp(-2 * (s - p) * (s - p) / (D * D)));
  for (const double e : expected) sum += e;
  for (double& e : expected) e /= sum;
  expected.push_back(0);
  CHECK(differs(gaussian({1, 4, 1}, {0, 0, 0, 9}, {3}, {1, 1, 1}, {0.5}).weights, expected) == "");
}

TEST_CASE("forward: attention stays or goes on by one position") {
  Made forward("forward", {1, 1}, {{"score", {std::string("dot")}}});
  const auto steps = forward.steps({1, 4, 1}, {0, 1, 0, 9}, {3}, {0, 2});
  // Equal energies at first: only positions 0 and 1 can be reached.
  CHECK(differs(steps[0].weights, {0.5, 0.5, 0, 0}, 1e-7) == "");
  const double e = std::exp(2.0);  // of position 1; 1 of the others
  const double sum = 0.5 + 1 * e + 0.5;
  CHECK(differs(steps[1].weights, {0.5 / sum, e / sum, 0.5 / sum, 0}, 1e-7) == "");
}

TEST_CASE("forward: a transition agent says how much goes on") {
  Made forward("forward", {1, 1}, {{"score", {std::string("dot")}}, {"agent", {true}}});
  forward.set("w_u", {0, 3});
  const auto steps = forward.steps({1, 2, 1}, {0, 0}, {2}, {1, 0});
  CHECK(differs(steps[0].weights, {0.5, 0.5}, 1e-7) == "");
  const double u = 1 / (1 + std::exp(-3.0));
  const double stays = (1 - u) * 0.5;
  const double goes = (1 - u) * 0.5 + u * 0.5;
  CHECK(differs(steps[1].weights, {stays / (stays + goes), goes / (stays + goes)}, 1e-7) == "");
}

TEST_CASE("entmax: far positions get nothing and a learned alpha starts at the option's value") {
  Made fixed("entmax", {1, 1}, {{"score", {std::string("dot")}}, {"alpha", {2.0}}});
  CHECK(differs(fixed({1, 4, 1}, {1, 0.9, 0.1, 9}, {3}, {1, 1, 1}, {1}).weights, {0.55, 0.45, 0, 0}) == "");
  Made learned("entmax", {1, 1}, {{"score", {std::string("dot")}}, {"alpha", {1.7}}, {"learned", {true}}});
  Made same("entmax", {1, 1}, {{"score", {std::string("dot")}}, {"alpha", {1.7}}});
  const auto a = learned({1, 3, 1}, {1, 0.9, 0.1}, {3}, {1, 1, 1}, {1});
  const auto b = same({1, 3, 1}, {1, 0.9, 0.1}, {3}, {1, 1, 1}, {1});
  CHECK(differs(a.weights, values(b.weights), 1e-9) == "");
}

TEST_CASE("hard: in use all the weight is on the largest energy") {
  Made hard("hard", {1, 1}, {{"score", {std::string("dot")}}});
  const auto out = hard({2, 3, 1}, {1, 3, 2, 5, 7, 9}, {3, 2}, {2, 1, 1}, {1, -1});
  CHECK(differs(out.weights, {0, 1, 0, 1, 0, 0}) == "");
  CHECK(differs(out.context, {3, 5}) == "");
}

TEST_CASE("monotonic: in use it goes on from where it was and may find nothing") {
  Made monotonic("monotonic", {1, 1}, {{"score", {std::string("dot")}}, {"offset", {0.0}}});
  // Energies h * h_s with h_s = 1, -1, 2, -2.
  const auto steps = monotonic.steps({1, 5, 1}, {1, -1, 2, -2, 9}, {4}, {-1, 1, 1, -1, 1});
  CHECK(differs(steps[0].weights, {0, 1, 0, 0, 0}) == "");
  CHECK(differs(steps[1].weights, {0, 0, 1, 0, 0}) == "");
  CHECK(differs(steps[2].weights, {0, 0, 1, 0, 0}) == "");
  CHECK(differs(steps[3].weights, {0, 0, 0, 1, 0}) == "");
  CHECK(differs(steps[4].weights, {0, 0, 0, 0, 0}) == "");
  CHECK(differs(steps[4].context, {0}) == "");
}

TEST_CASE("monotonic: a chunk is a softmax over the positions that end where it stops") {
  Made monotonic("monotonic", {1, 1},
                 {{"score", {std::string("general")}}, {"offset", {0.0}}, {"chunk", {Index{2}}}});
  monotonic.set("W_a", {1});
  monotonic.set("chunk/W_a", {0.5});
  const auto steps = monotonic.steps({1, 4, 1}, {-1, -1, 2, 9}, {3}, {1});
  const double a = 1 / (1 + std::exp(0.5 * 2 + 0.5));
  CHECK(differs(steps[0].weights, {0, a, 1 - a, 0}) == "");
  CHECK(differs(steps[0].context, {-a + 2 * (1 - a)}) == "");
}

TEST_CASE("pointer: what is not generated is copied with the weights") {
  Made pointer("pointer", {1, 1, 2}, {{"score", {std::string("dot")}}});
  pointer.set("w", {1, 2, 3, -1});
  pointer.set("b", {0.25});
  const std::vector<Index> lengths{2};
  const auto source = attention::source_of(pointer.tape.input({1, 3, 1}, {1, 3, 9}), lengths);
  const std::vector<Index> t{0}, before{4};
  const attention::StepFacts facts{.previous = before, .vectors = pointer.tape.input({1, 1, 2}, {0.5, -0.25})};
  const auto out = pointer.attention->attend({pointer.tape.input({1, 1, 1}, {0.5}), t, &facts},
                                             pointer.attention->prepare(source), {}, source);
  const double a = 1 / (1 + std::exp(1.0));
  const double c = a + 3 * (1 - a);
  const double g = 1 / (1 + std::exp(-(c + 2 * 0.5 + 3 * 0.5 + 0.25 + 0.25)));
  CHECK(differs(out.generate, {g}) == "");
  CHECK(differs(out.copies, {(1 - g) * a, (1 - g) * (1 - a), 0}) == "");
}

TEST_CASE("attention: equal energies share the weight among the sentence's own positions") {
  Made dot("dot", {1, 1});
  const auto out = dot({2, 3, 1}, {5, 5, 5, 7, 7, 7}, {3, 2}, {2, 1, 1}, {0, 0});
  CHECK(differs(out.weights, {1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5, 0}) == "");
  CHECK(differs(out.context, {5, 7}) == "");
}

}  // namespace regard::testing
