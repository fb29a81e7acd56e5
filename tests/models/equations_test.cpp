// Compares a step of the decoder with its published equations, written again with simple loops.
#include <algorithm>
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

struct Seen {
  Row context, weights;
};

// The "general" score of h for all states, their softmax and weighted sum (Luong et al. 2015, eq. 7 and 8).
Seen look(const Model& m, const std::vector<Row>& h_s, const Row& h) {
  Seen seen;
  double total = 0;
  for (const Row& state : h_s) {
    const Row key = m.times("decoder/attention/W_a", state);
    double energy = 0;
    for (std::size_t i = 0; i < h.size(); ++i) energy += h[i] * key[i];
    seen.weights.push_back(std::exp(energy));
    total += seen.weights.back();
  }
  seen.context.assign(h_s[0].size(), 0.0);
  for (std::size_t s = 0; s < h_s.size(); ++s) {
    seen.weights[s] /= total;
    for (std::size_t i = 0; i < seen.context.size(); ++i) seen.context[i] += seen.weights[s] * h_s[s][i];
  }
  return seen;
}

// tanh(W_c [c; h]), tanh(W [c; h; y] + b), or the larger of each pair of the latter's sums.
Row read(const Model& m, models::ReadoutKind kind, const Row& context, const Row& h, const Row& y) {
  Row joined = context;
  joined.insert(joined.end(), h.begin(), h.end());
  if (kind == models::ReadoutKind::attentional) {
    Row readout = m.times("decoder/W_c/W", joined);
    for (double& x : readout) x = std::tanh(x);
    return readout;
  }
  joined.insert(joined.end(), y.begin(), y.end());
  Row readout = sum(m.times("decoder/readout/W", joined), row_of(m.at("decoder/readout/b"), 0));
  if (kind == models::ReadoutKind::tanh) {
    for (double& x : readout) x = std::tanh(x);
    return readout;
  }
  Row larger;
  for (std::size_t i = 0; i < readout.size(); i += 2) larger.push_back(std::max(readout[i], readout[i + 1]));
  return larger;
}

// One step. The cell reads the word, with input feeding also the previous readout, and in Bahdanau's order the
// context of the state before. In Luong's order the context is that of the new state.
Numbers step(const Model& m, const std::vector<Row>& h_s, const Numbers& before, Index word,
             const models::DecoderOptions& options) {
  const bool bahdanau = options.order == models::Order::bahdanau;
  const Row y = row_of(m.at("decoder/embedding/W"), word);
  Row gates = sum(sum(m.times("decoder/layer0/W_x", y), m.times("decoder/layer0/W_h", before.h)),
                  row_of(m.at("decoder/layer0/b"), 0));
  if (options.input_feeding) gates = sum(gates, m.times("decoder/layer0/feed/W", before.feed));
  Seen seen;
  if (bahdanau) {
    seen = look(m, h_s, before.h);
    gates = sum(gates, m.times("decoder/layer0/context/W", seen.context));
  }
  const std::size_t H = before.h.size();
  Numbers now;
  for (std::size_t i = 0; i < H; ++i) {
    now.c.push_back(sigmoid(gates[H + i]) * before.c[i] + sigmoid(gates[i]) * std::tanh(gates[2 * H + i]));
    now.h.push_back(sigmoid(gates[3 * H + i]) * std::tanh(now.c[i]));
  }
  if (!bahdanau) seen = look(m, h_s, now.h);
  now.weights = seen.weights;
  now.readout = read(m, options.readout, seen.context, now.h, y);
  now.feed = now.readout;
  return now;
}

void check_equal(const Tensor& tensor, const Row& expected) {
  REQUIRE(tensor.size() == static_cast<Index>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(tensor.at(static_cast<Index>(i)) == Approx(expected[i]).epsilon(1e-10));
  }
}

void check_three_steps(const models::DecoderOptions& decoder) {
  auto options = toy_model("general");
  options.decoder = decoder;
  const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const nn::Pass pass{tape};
  const std::vector<Index> source = {4, 7, 5, 9, data::kEos};
  const std::vector<Index> lengths = {5};
  const auto encoded = model.encoder()(pass, source, 5, lengths);
  auto memory = model.decoder().prepare_memory(pass, encoded, lengths);
  auto state = model.decoder().start(pass, encoded, memory);

  std::vector<Row> h_s;
  for (Index s = 0; s < 5; ++s) h_s.push_back(row_of(encoded.h_s.value(), s));
  Numbers expected{row_of(encoded.h_n[0].value(), 0), row_of(encoded.c_n[0].value(), 0), Row(4, 0.0), {}, {}};
  for (const Index word : {Index{data::kBos}, Index{9}, Index{5}}) {
    const auto now = model.decoder().advance(pass, memory, state, std::vector<Index>{word}, 1);
    expected = step({model}, h_s, expected, word, decoder);
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

}  // namespace

TEST_CASE("equations: three steps of a decoder in each order with each readout") {
  using models::Order;
  using models::ReadoutKind;
  for (const Order order : {Order::luong, Order::bahdanau}) {
    for (const ReadoutKind readout : {ReadoutKind::attentional, ReadoutKind::tanh, ReadoutKind::maxout}) {
      for (const bool feeding : {false, true}) {
        INFO("order " << static_cast<int>(order) << ", readout " << static_cast<int>(readout)
                      << (feeding ? ", input feeding" : ""));
        check_three_steps({.order = order, .input_feeding = feeding, .readout = readout});
      }
    }
  }
}

}  // namespace regard::testing
