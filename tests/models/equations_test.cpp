// A step of the decoder against its published equations, written down once more with plain loops.
#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::testing {
namespace {

using Row = std::vector<double>;

Row row_of(const Tensor& tensor, Index row) {
  Row values;
  for (Index i = 0; i < tensor.cols(); ++i) values.push_back(tensor.at(row * tensor.cols() + i));
  return values;
}

struct Model {
  const models::Seq2Seq& model;

  [[nodiscard]] const Tensor& at(const char* name) const {
    const nn::Param* param = model.params().find(name);
    REQUIRE(param != nullptr);
    return param->value();
  }
  [[nodiscard]] Row times(const char* name, const Row& x) const {
    const Tensor& W = at(name);
    REQUIRE(W.cols() == static_cast<Index>(x.size()));
    Row y;
    for (Index i = 0; i < W.rows(); ++i) {
      double sum = 0;
      for (Index k = 0; k < W.cols(); ++k) sum += W.at(i * W.cols() + k) * x[static_cast<std::size_t>(k)];
      y.push_back(sum);
    }
    return y;
  }
};

Row sum(const Row& a, const Row& b) {
  Row y = a;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += b[i];
  return y;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Numbers {
  Row h, c, feed, readout, weights;
};

// Luong et al. 2015: the cell on the word and, with input feeding, the previous readout; "general" score; softmax;
// readout = tanh(W_c [c; h]).
Numbers step(const Model& m, const std::vector<Row>& h_s, const Numbers& before, Index word, bool feeding) {
  Row gates = sum(sum(m.times("decoder/layer0/W_x", row_of(m.at("decoder/embedding/W"), word)),
                      m.times("decoder/layer0/W_h", before.h)),
                  row_of(m.at("decoder/layer0/b"), 0));
  if (feeding) gates = sum(gates, m.times("decoder/layer0/feed/W", before.feed));
  const std::size_t H = before.h.size();
  Numbers now;
  for (std::size_t i = 0; i < H; ++i) {
    now.c.push_back(sigmoid(gates[H + i]) * before.c[i] + sigmoid(gates[i]) * std::tanh(gates[2 * H + i]));
    now.h.push_back(sigmoid(gates[3 * H + i]) * std::tanh(now.c[i]));
  }
  double total = 0;
  for (const Row& state : h_s) {
    const Row key = m.times("decoder/attention/W_a", state);
    double energy = 0;
    for (std::size_t i = 0; i < H; ++i) energy += now.h[i] * key[i];
    now.weights.push_back(std::exp(energy));
    total += now.weights.back();
  }
  Row joined(H, 0.0);
  for (std::size_t s = 0; s < h_s.size(); ++s) {
    now.weights[s] /= total;
    for (std::size_t i = 0; i < H; ++i) joined[i] += now.weights[s] * h_s[s][i];
  }
  joined.insert(joined.end(), now.h.begin(), now.h.end());
  now.readout = m.times("decoder/W_c/W", joined);
  for (double& x : now.readout) x = std::tanh(x);
  now.feed = now.readout;
  return now;
}

void check_equal(const Tensor& tensor, const Row& expected) {
  REQUIRE(tensor.size() == static_cast<Index>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(tensor.at(static_cast<Index>(i)) == Approx(expected[i]).epsilon(1e-10));
  }
}

}  // namespace

TEST_CASE("equations: three steps of a decoder with general attention") {
  for (const bool feeding : {false, true}) {
    INFO((feeding ? "with" : "without") << " input feeding");
    auto options = toy_model("general");
    options.decoder.input_feeding = feeding;
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const nn::Pass pass{tape};
    const std::vector<Index> source = {4, 7, 5, 9, data::kEos};
    const std::vector<Index> lengths = {5};
    const auto encoded = model.encoder()(pass, source, 5, lengths);
    const auto memory = model.decoder().remember(pass, encoded, lengths);
    auto state = model.decoder().start(pass, encoded, memory);

    std::vector<Row> h_s;
    for (Index s = 0; s < 5; ++s) h_s.push_back(row_of(encoded.h_s.value(), s));
    Numbers expected{row_of(encoded.h_n[0].value(), 0), row_of(encoded.c_n[0].value(), 0), Row(4, 0.0), {}, {}};
    for (const Index word : {Index{data::kBos}, Index{9}, Index{5}}) {
      const auto now = model.decoder().advance(pass, memory, state, std::vector<Index>{word}, 1);
      expected = step({model}, h_s, expected, word, feeding);
      check_equal(now.state.h[0].value(), expected.h);
      check_equal(now.state.c[0].value(), expected.c);
      check_equal(now.weights.value(), expected.weights);
      check_equal(now.readout.value(), expected.readout);
      state = now.state;
    }
    // The loss of one target word is the cross-entropy of W readout + b.
    Row logits = Model{model}.times("output/W", expected.readout);
    logits = sum(logits, row_of(Model{model}.at("output/b"), 0));
    double total = 0;
    for (const double x : logits) total += std::exp(x);
    const Var readout =
        tape.input({1, 4}, {expected.readout[0], expected.readout[1], expected.readout[2], expected.readout[3]});
    const std::vector<Index> target = {7};
    CHECK(model.output().loss(readout, target, 0).value().at(0) == Approx(std::log(total) - logits[7]));
  }
}

}  // namespace regard::testing
