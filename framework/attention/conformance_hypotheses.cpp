// Beams: K hypotheses of one position are K queries of their sentence, with their rows of the state. Each must
// give the same result as alone.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

constexpr Index K = 3;
// For each hypothesis of the second step, the hypothesis of the first step that it extends.
constexpr std::array<Index, K> kParents{2, 0, 2};
// The sentence that continues when the others leave.
constexpr Index kKept = 2;

void require_rows(const State& state, Index rows, const char* whose) {
  for (Index i = 0; i < state.count; ++i) {
    const Shape& shape = state.rows[static_cast<std::size_t>(i)].shape();
    if (shape.rank() == 0 || shape[0] != rows) {
      throw ShapeError(fmt::format("{}: state {} is {}, and its first axis must be the {} hypotheses", whose, i,
                                   shape.text(), rows));
    }
  }
}

class Steps {
 public:
  Steps(Trial& trial, const Inputs& inputs)
      : trial_(trial), inputs_(inputs), tape_(trial.type(), Tape::Mode::evaluate) {
    const Index key = trial.sizes().key;
    const Tensor h_s = tape_.tensor({inputs.B(), inputs.S, key});
    for (Index i = 0; i < h_s.size(); ++i) h_s.set(i, inputs.h_s[static_cast<std::size_t>(i)]);
    source_ = source_of(tape_.input(h_s), inputs.lengths);
    words_ = inputs.words;
    source_.words = words_;
    Source first = source_;  // with the words' vectors, which are gone after start()
    const Tensor vectors = tape_.tensor({inputs.B(), inputs.S, trial.sizes().embedding});
    for (Index i = 0; i < vectors.size(); ++i) vectors.set(i, inputs.word_vectors[static_cast<std::size_t>(i)]);
    first.vectors = tape_.input(vectors);
    prepared_ = trial.attention().prepare(first);
    start_ = trial.attention().start(first);
  }

  [[nodiscard]] Tape& tape() noexcept { return tape_; }
  [[nodiscard]] State start() const {
    require_rows(start_, inputs_.B(), "start");
    return start_;
  }

  // All sentences but b leave, as finished sentences do in a search.
  void keep_only(Index b) {
    const std::vector<Index> rows{b};
    source_.h_s = gather_rows(source_.h_s, rows);
    source_.lengths = tape_.copy(source_.lengths.subspan(static_cast<std::size_t>(b), 1));
    source_.words =
        source_.words.subspan(static_cast<std::size_t>(b * inputs_.S), static_cast<std::size_t>(inputs_.S));
    if (prepared_.empty()) return;
    if (prepared_.shape().rank() == 0 || prepared_.shape()[0] != inputs_.B()) {
      throw ShapeError(fmt::format("prepare: {} must have the {} sentences as its first axis",
                                   prepared_.shape().text(), inputs_.B()));
    }
    prepared_ = gather_rows(prepared_, rows);
  }

  // Hypotheses with the queries h[b, which[k]], all at position t.
  [[nodiscard]] Attended operator()(const State& state, const std::vector<Index>& which, Index t) {
    const Index n = static_cast<Index>(which.size());
    const Index width = trial_.sizes().query;
    const Index B = source_.h_s.shape()[0];
    const Index kept = B == inputs_.B() ? 0 : kKept;
    const Index E = trial_.sizes().embedding;
    const Tensor h = tape_.tensor({B, n, width});
    const Tensor vectors = tape_.tensor({B * n, 1, E});
    const auto previous = tape_.allocate_span<Index>(B * n);
    for (Index b = 0; b < B; ++b) {
      for (Index k = 0; k < n; ++k) {
        const Index row = (b + kept) * inputs_.T + which[static_cast<std::size_t>(k)];
        for (Index i = 0; i < width; ++i)
          h.set((b * n + k) * width + i, inputs_.h[static_cast<std::size_t>(row * width + i)]);
        for (Index i = 0; i < E; ++i)
          vectors.set((b * n + k) * E + i, inputs_.previous_vectors[static_cast<std::size_t>(row * E + i)]);
        previous[static_cast<std::size_t>(b * n + k)] = inputs_.previous[static_cast<std::size_t>(row)];
      }
    }
    const auto positions = tape_.allocate_span<Index>(n);
    std::fill(positions.begin(), positions.end(), t);
    const StepFacts facts{.previous = previous, .vectors = tape_.input(vectors)};
    const Query query{tape_.input(h), positions, &facts};
    const Attended attended = trial_.attention().attend(query, prepared_, state, source_);
    require_attended(attended, query, source_, trial_.attention().context_width(trial_.sizes()));
    require_rows(attended.next, B * n, "attend");
    return attended;
  }

 private:
  Trial& trial_;
  const Inputs& inputs_;
  Tape tape_;
  std::vector<Index> words_;
  Source source_;
  Var prepared_;
  State start_;
};

// Adds context and weights of `attended` [B, n, …] for its hypothesis k.
void add_parts(Outputs& out, const Attended& attended, Index k, const std::string& what) {
  for (const auto& [name, x] : {std::pair("context", attended.context), std::pair("weights", attended.weights)}) {
    const Index B = x.shape()[0];
    const Index n = x.shape()[1];
    const Index cols = x.shape()[2];
    Outputs::Part part{fmt::format("{} of {}", name, what), {B, cols}, {}};
    for (Index b = 0; b < B; ++b) {
      for (Index i = 0; i < cols; ++i) part.values.push_back(x.value().at((b * n + k) * cols + i));
    }
    out.parts.push_back(std::move(part));
  }
}

Check check(Trial trial) {
  const Inputs inputs = trial.inputs({4, 2}, 2 * K);
  Steps steps(trial, inputs);
  // A query for each hypothesis: 0 … K-1 for the first step, K … 2K-1 for the second.
  std::vector<Index> first, second, repeat, moved;
  for (Index k = 0; k < K; ++k) {
    first.push_back(k);
    second.push_back(K + k);
  }
  for (Index b = 0; b < inputs.B(); ++b) {
    for (Index k = 0; k < K; ++k) {
      repeat.push_back(b);
      moved.push_back(b * K + kParents[static_cast<std::size_t>(k)]);
    }
  }
  const Attended one = steps(gather(steps.start(), repeat, steps.tape()), first, 0);
  const Attended two = steps(gather(one.next, moved, steps.tape()), second, 1);
  Outputs together;
  Outputs alone;
  for (Index k = 0; k < K; ++k) {
    const Index parent = kParents[static_cast<std::size_t>(k)];
    const Attended before = steps(steps.start(), {parent}, 0);
    const Attended after = steps(before.next, {K + k}, 1);
    add_parts(together, one, parent, fmt::format("hypothesis {} at step 0", parent));
    add_parts(alone, before, 0, "");
    add_parts(together, two, k, fmt::format("hypothesis {} at step 1", k));
    add_parts(alone, after, 0, "");
  }
  const Difference d = difference(together, alone, equal_within(trial.type()));
  const std::string figure = fmt::format("{} x 2 steps, worst {:.1e}", K, d.error);
  if (d.error <= equal_within(trial.type())) return passed("hypotheses", figure);
  return failed("hypotheses", figure,
                fmt::format("the {} is {:.6g} among {} and {:.6g} alone: a query or row of state must not look at "
                            "the others, and everything that changes from step to step belongs into State",
                            d.where, d.a, K, d.b));
}

}  // namespace

Check check_leaving(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs inputs = trial.inputs({5, 3, 4}, 2);
  Steps all(trial, inputs);
  Steps fewer(trial, inputs);
  const Attended before = all(all.start(), {0}, 0);
  const Attended stays = all(before.next, {1}, 1);
  const Attended same = fewer(fewer.start(), {0}, 0);
  fewer.keep_only(kKept);
  const Attended goes_on = fewer(gather(same.next, std::vector<Index>{kKept}, fewer.tape()), {1}, 1);
  Outputs expected;
  Outputs found;
  for (const auto& [name, x, y] : {std::tuple("context", stays.context, goes_on.context),
                                   std::tuple("weights", stays.weights, goes_on.weights)}) {
    Outputs::Part among{name, {x.shape().cols()}, {}};
    Outputs::Part alone = among;
    for (Index i = 0; i < x.shape().cols(); ++i) {
      among.values.push_back(x.value().at(kKept * x.shape().cols() + i));
      alone.values.push_back(y.value().at(i));
    }
    expected.parts.push_back(std::move(among));
    found.parts.push_back(std::move(alone));
  }
  const Difference d = difference(expected, found, kEqual64);
  const std::string figure = fmt::format("worst {:.1e}", d.error);
  if (d.error <= kEqual64) return passed("leaving", figure);
  return failed(
      "leaving", figure,
      fmt::format("the {} is {:.6g} among 3 sentences and {:.6g} once the others left: everything that "
                  "belongs to a sentence must stand in its row of what prepare() returned or of the state",
                  d.where, d.a, d.b));
}

Check check_hypotheses(const Subject& subject) {
  Check single = check(subject.trial(DType::f32));
  return single.outcome == Outcome::failed ? single : check(subject.trial(DType::f64));
}

}  // namespace regard::attention
