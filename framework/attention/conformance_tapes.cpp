// Search gives each step a tape of its own: two tapes take turns, and each is reset before it is used again. What
// a step reads must have been handed to it.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

// Hypotheses a sentence, all with the same queries: at first its one row is repeated, then each stays where it is.
constexpr Index K = 2;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tensor tensor_of(Tape& tape, const Shape& shape, const std::vector<double>& values) {
  const Tensor tensor = tape.tensor(shape);
  for (Index i = 0; i < tensor.size(); ++i) tensor.set(i, values[static_cast<std::size_t>(i)]);
  return tensor;
}

// Resets the tape; its old values become NaN, so that what still reads them shows.
void reset_to_nan(Tape& tape) {
  const auto numbers = static_cast<Index>(tape.arena().bytes_in_use()) / size_of(tape.type());
  tape.reset();
  const Tensor all = tape.tensor({numbers});
  for (Index i = 0; i < numbers; ++i) all.set(i, kNan);
  tape.reset();
}

// Context and weights of all steps of each sentence's last hypothesis, in the layout of a Trial's.
Outputs in_turns(const Trial& trial, const Inputs& inputs) {
  const Sizes sizes = trial.sizes();
  const Index width = sizes.query;
  const Index context = trial.attention().context_width(sizes);
  Tape memory(trial.type(), Tape::Mode::evaluate);
  Source source =
      source_of(memory.input(tensor_of(memory, {inputs.B(), inputs.S, sizes.key}, inputs.h_s)), inputs.lengths);
  source.words = inputs.words;
  source.vectors = memory.input(tensor_of(memory, {inputs.B(), inputs.S, sizes.embedding}, inputs.word_vectors));
  const Var prepared = trial.attention().prepare(source);
  State state = trial.attention().start(source);
  std::vector<Index> rows(static_cast<std::size_t>(inputs.B() * K));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<Index>(i) / K;

  Outputs out;
  out.parts.push_back({"context", {inputs.B(), inputs.T, context}, {}});
  out.parts.push_back({"weights", {inputs.B(), inputs.T, inputs.S}, {}});
  for (Outputs::Part& part : out.parts) part.values.resize(static_cast<std::size_t>(part.shape.size()));

  std::array<std::unique_ptr<Tape>, 2> tapes;
  for (auto& tape : tapes) tape = std::make_unique<Tape>(trial.type(), Tape::Mode::evaluate);
  for (Index t = 0; t < inputs.T; ++t) {
    Tape& tape = *tapes[static_cast<std::size_t>(t % 2)];
    reset_to_nan(tape);
    // Those of position t, for each hypothesis.
    const auto repeated = [&](Shape shape, const std::vector<double>& values) {
      const Tensor all = tape.tensor(shape);
      const Index n = shape.cols();
      for (Index i = 0; i < all.size(); ++i)
        all.set(i, values[static_cast<std::size_t>((i / n / K * inputs.T + t) * n + i % n)]);
      return tape.input(all);
    };
    const auto previous = tape.allocate_span<Index>(inputs.B() * K);
    for (Index n = 0; n < inputs.B() * K; ++n)
      previous[static_cast<std::size_t>(n)] = inputs.previous[static_cast<std::size_t>(n / K * inputs.T + t)];
    const StepFacts facts{.previous = previous,
                          .vectors = repeated({inputs.B() * K, 1, sizes.embedding}, inputs.previous_vectors)};
    Source there = source;
    there.h_s = tape.input(source.h_s.value());
    there.vectors = {};
    const auto position = tape.allocate_span<Index>(K);
    std::fill(position.begin(), position.end(), inputs.first_t + t);
    const Attended attended = trial.attention().attend(
        {repeated({inputs.B(), K, width}, inputs.h), position, &facts},
        prepared.empty() ? prepared : tape.input(prepared.value()), gather(state, rows, tape), there);
    state = attended.next;
    std::iota(rows.begin(), rows.end(), 0);
    for (Outputs::Part& part : out.parts) {
      const Var& from = part.name == "context" ? attended.context : attended.weights;
      const Index cols = part.shape[2];
      for (Index i = 0; i < inputs.B() * cols; ++i) {
        const Index b = i / cols;
        const double x = from.value().at((b * K + K - 1) * cols + i % cols);
        part.values[static_cast<std::size_t>((b * inputs.T + t) * cols + i % cols)] = x;
      }
    }
  }
  return out;
}

}  // namespace

Check check_two_tapes(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs inputs = trial.inputs({4, 2}, 5);
  Outputs one = trial(inputs, {.gradients = false, .single_steps = true});
  one.parts.resize(2);  // context and weights
  const Difference d = difference(one, in_turns(trial, inputs), kEqual64);
  const std::string figure = fmt::format("{} steps, worst {:.1e}", inputs.T, d.error);
  if (d.error <= kEqual64) return passed("two tapes", figure);
  return failed(
      "two tapes", figure,
      fmt::format("the {} is {:.6g} on one tape and {:.6g} where two tapes take turns, as in search: what "
                  "a step reads of earlier ones must come in its State",
                  d.where, d.a, d.b));
}

}  // namespace regard::attention
