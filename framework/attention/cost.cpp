#include "framework/attention/cost.h"

#include <time.h>  // clock_gettime

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "framework/attention/notes.h"
#include "framework/base/random.h"

namespace regard::attention {
namespace {

using Clock = std::chrono::steady_clock;

// The processor time of this process so far, over all its threads, in microseconds. Other programs do not add to it.
double processor_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

constexpr Index kWord = 4;           // of both sides, everywhere
constexpr int kSettled = 15;         // stop after this many tries without improvement
constexpr double kBetter = 0.99;     // of the least before
constexpr double kLongEnough = 1e6;  // microseconds: what a user waits, where other programs disturb each try

double microseconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::micro>(to - from).count();
}

}  // namespace

Cost cost_of(const Variant& variant, const config::Options& options, const CostBatch& batch) {
  nn::ParamStore params(DType::f32, 1);
  const AttentionPtr attention = make_attention(variant, batch.sizes, options, nn::Params(params));
  const Shape h_s_shape{batch.B, batch.S, batch.sizes.key};
  const Shape h_shape{batch.B, batch.T, batch.sizes.query};
  std::vector<float> memory(static_cast<std::size_t>(2 * (h_s_shape.size() + h_shape.size())));
  Key(1, "cost").fill_uniform(std::span<float>(memory), -1, 1);
  float* const h_s = memory.data();
  float* const h = h_s + 2 * h_s_shape.size();
  const std::vector<Index> lengths(static_cast<std::size_t>(batch.B), batch.S);
  std::vector<Index> t;
  for (Index i = 0; i < batch.T; ++i) t.push_back(i);
  std::vector<Index> sentences;
  for (Index b = 0; b < batch.B; ++b) sentences.push_back(b);
  const std::vector<Index> words(static_cast<std::size_t>(batch.B * batch.S), kWord);
  const std::vector<Index> previous(static_cast<std::size_t>(batch.B * batch.T), kWord);

  const bool whole = attention->whole_sequence();
  Tape tape;
  Cost cost;
  const auto began = Clock::now();
  int settled = 0;
  double shortest = std::numeric_limits<double>::infinity();
  // The first try allocates memory, and is not counted.
  for (int attempt = 0; settled < kSettled; ++attempt) {
    tape.reset();
    params.begin_update();
    const double start = processor_microseconds();
    const auto leaf = [&](float* values, const Shape& shape) {
      return tape.leaf({values, DType::f32, shape}, {values + shape.size(), DType::f32, shape}, false);
    };
    Source source = source_of(leaf(h_s, h_s_shape), lengths);
    source.training = true;
    source.words = words;
    source.vectors = tape.input(tape.zeros({batch.B, batch.S, batch.sizes.embedding}));
    Notes notes;
    StepFacts facts{.key = Key(1, "cost"),
                    .sentences = sentences,
                    .previous = previous,
                    .vectors = tape.input(tape.zeros({batch.B, batch.T, batch.sizes.embedding})),
                    .notes = &notes};
    const Var queries = leaf(h, h_shape);
    const Var prepared = attention->prepare(source);
    State state = attention->start(source);
    source.vectors = {};  // gone after start()
    Var total;
    for (Index first = 0; first < batch.T; first += whole ? batch.T : 1) {
      const std::span<const Index> positions(t);
      facts.step = first;
      const Query query{whole ? queries : slice_time(queries, first, 1),
                        whole ? positions : positions.subspan(static_cast<std::size_t>(first), 1), &facts};
      const Attended attended = attention->attend(query, prepared, state, source);
      state = attended.next;
      const Var part = sum(attended.context);
      total = total.empty() ? part : add(total, part);
    }
    const double half = processor_microseconds();
    if (total.needs_grad()) tape.backward(total);
    params.finish_backward(tape);
    const double end = processor_microseconds();
    if (attempt == 0) continue;
    const double positions = static_cast<double>(batch.T);
    const auto keep = [&](double& least, double now) { least = attempt == 1 ? now : std::min(least, now); };
    keep(cost.forward_microseconds, (half - start) / positions);
    keep(cost.backward_microseconds, (end - half) / positions);
    cost.bytes = static_cast<Index>(tape.arena().bytes_in_use()) / batch.T;
    const double whole_try = end - start;
    settled = whole_try < kBetter * shortest ? 0 : settled + 1;
    shortest = std::min(shortest, whole_try);
    if (microseconds(began, Clock::now()) > kLongEnough && attempt > 1) break;
  }
  return cost;
}

}  // namespace regard::attention
