// The checks that compare two ways to the same result.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/attention/conformance_parts.h"
#include "framework/base/parallel.h"
#include "framework/nn/safetensors.h"

namespace regard::attention {
namespace {

// Restores the number of threads, whatever happens.
struct Threads {
  int before = threads();
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { set_threads(before); }
};

}  // namespace

Check check_batch(const Subject& subject) {
  double worst = 0;
  for (const DType type : {DType::f64, DType::f32}) {
    Trial trial = subject.trial(type);
    const Inputs inputs = trial.inputs({5, 2, 7, 1}, 3);
    const Outputs together = trial(inputs);
    Outputs assembled = together;
    for (auto& part : assembled.parts) std::fill(part.values.begin(), part.values.end(), 0.0);
    for (Index b = 0; b < inputs.B(); ++b) {
      const Outputs alone = trial(trial.alone(inputs, b));
      for (auto& part : assembled.parts) {
        const Outputs::Part& from = alone.part(part.name);
        const bool of_source = is_over_source(part);
        const bool by_sentence = of_source || part.name == "context" || part.name.starts_with("loss ") ||
                                 part.name == "generate" || part.name == "gradient of h_s" ||
                                 part.name == "gradient of h" || part.name == "gradient of embedded" ||
                                 part.name == "gradient of previous_embedded";
        // Rows of the sentence alone go to the beginning of its rows in the batch; parameters' gradients add up.
        const Index n = static_cast<Index>(from.values.size());
        const Index from_cols = of_source ? from.shape[2] : n;
        const Index to_cols = of_source ? part.shape[2] : by_sentence ? part.shape[1] * part.shape[2] : 0;
        const Index first = of_source ? b * inputs.T : by_sentence ? b : 0;
        for (Index i = 0; i < n; ++i) {
          const Index to = (first + i / from_cols) * to_cols + i % from_cols;
          part.values[static_cast<std::size_t>(to)] += from.values[static_cast<std::size_t>(i)];
        }
      }
    }
    const Difference d = difference(together, assembled, equal_within(trial.type()));
    worst = type == DType::f64 ? d.error : worst;
    if (!(d.error <= equal_within(type))) {
      return failed("batch", fmt::format("worst {:.1e}", d.error),
                    fmt::format("the {} is {:.6g} in a batch of {} and {:.6g} alone: a sentence must not see its "
                                "neighbours, nor how far it is padded",
                                d.where, d.a, inputs.B(), d.b));
    }
  }
  return passed("batch", fmt::format("worst {:.1e} (f64)", worst));
}

Check check_steps(const Subject& subject) {
  double worst = 0;
  for (const DType type : {DType::f64, DType::f32}) {
    Trial trial = subject.trial(type);
    if (!trial.attention().whole_sequence()) {
      return skipped("steps", "the variant takes one position at a time (whole_sequence() is false)");
    }
    const Inputs inputs = trial.inputs({5, 3}, 6);
    const Difference d = difference(trial(inputs), trial(inputs, {.single_steps = true}), equal_within(type));
    worst = type == DType::f64 ? d.error : worst;
    if (!(d.error <= equal_within(type))) {
      return failed(
          "steps", fmt::format("worst {:.1e}", d.error),
          fmt::format("the {} is {:.6g} with all positions at once and {:.6g} one by one: a query must not "
                      "see the others, and its position is query.t, not its place in the tensor",
                      d.where, d.a, d.b));
    }
  }
  return passed("steps", fmt::format("worst {:.1e} (f64)", worst));
}

Check check_order(const Subject& subject) {
  if (!subject.variant.content_based) return skipped("order", "the variant is not declared content_based");
  Subject without_noise = subject;  // which belongs to positions
  without_noise.training = subject.training && !subject.variant.stochastic;
  Trial trial = without_noise.trial(DType::f64);
  const Inputs inputs = trial.inputs({6, 4}, 3);
  const Index key = subject.sizes.key;
  // s -> to[b][s] within each sentence.
  std::vector<std::vector<Index>> to;
  Inputs moved = inputs;
  const Index E = static_cast<Index>(inputs.word_vectors.size()) / (inputs.B() * inputs.S);
  for (Index b = 0; b < inputs.B(); ++b) {
    auto& places = to.emplace_back(static_cast<std::size_t>(inputs.lengths[static_cast<std::size_t>(b)]));
    std::iota(places.begin(), places.end(), 0);
    std::rotate(places.begin(), places.begin() + 2, places.end());
    std::swap(places[0], places[1]);
    for (std::size_t s = 0; s < places.size(); ++s) {
      const auto from = inputs.h_s.begin() + (b * inputs.S + static_cast<Index>(s)) * key;
      std::copy(from, from + key, moved.h_s.begin() + (b * inputs.S + places[s]) * key);
      const Index old = b * inputs.S + static_cast<Index>(s);
      const Index now = b * inputs.S + places[s];
      moved.words[static_cast<std::size_t>(now)] = inputs.words[static_cast<std::size_t>(old)];
      std::copy(inputs.word_vectors.begin() + old * E, inputs.word_vectors.begin() + (old + 1) * E,
                moved.word_vectors.begin() + now * E);
    }
  }
  Outputs found = trial(moved, {.gradients = false});
  Outputs back = found;
  for (std::size_t p = 0; p < found.parts.size(); ++p) {
    if (!is_over_source(found.parts[p])) continue;
    for (Index row = 0; row < inputs.B() * inputs.T; ++row) {
      const auto& places = to[static_cast<std::size_t>(row / inputs.T)];
      for (std::size_t s = 0; s < places.size(); ++s) {
        back.parts[p].values[static_cast<std::size_t>(row * inputs.S) + s] =
            found.parts[p].values[static_cast<std::size_t>(row * inputs.S + places[s])];
      }
    }
  }
  const Difference d = difference(trial(inputs, {.gradients = false}), back, kEqual64);
  const std::string figure = fmt::format("worst {:.1e}", d.error);
  if (d.error <= kEqual64) return passed("order", figure);
  return failed(
      "order", figure,
      fmt::format("the {} is {:.6g}, and {:.6g} after the source positions changed places: a variant that "
                  "looks at positions says `.content_based = false`",
                  d.where, d.a, d.b));
}

Check check_memory(const Subject& subject) {
  Trial trial = subject.trial(DType::f32);
  const Inputs inputs = trial.inputs({5, 3}, 3);
  const Outputs before = trial(inputs);
  Inputs other = trial.inputs({2, 6, 4}, 5, 2);
  std::reverse(other.h_s.begin(), other.h_s.begin() + 2 * subject.sizes.key);
  static_cast<void>(trial(other));
  const Outputs after = trial(inputs);
  if (same_bytes(before, after)) return passed("memory", "same bytes after another batch");
  const Difference d = difference(before, after, 0);
  return failed(
      "memory", "",
      fmt::format("the {} is {:.9g}, and {:.9g} after another batch went through: the object must be const; "
                  "what goes from step to step belongs into State",
                  d.where, d.a, d.b));
}

Check check_threads(const Subject& subject) {
  const Threads restore;
  Trial trial = subject.trial(DType::f32);
  std::vector<Index> lengths;
  for (Index b = 0; b < 13; ++b) lengths.push_back(1 + b * 7 % 61);
  const Inputs inputs = trial.inputs(lengths, 11);
  set_threads(1);
  const Outputs one = trial(inputs);
  for (const int count : {2, 3, 4}) {
    set_threads(count);
    const Outputs several = trial(inputs);
    if (same_bytes(one, several)) continue;
    const Difference d = difference(one, several, 0);
    return failed(
        "threads", "",
        fmt::format("the {} is {:.9g} with 1 thread and {:.9g} with {}: each element must be computed by one "
                    "thread in an order fixed by its index",
                    d.where, d.a, d.b, count));
  }
  return passed("threads", "same bytes with 1, 2, 3 and 4");
}

Check check_save_and_load(const Subject& subject) {
  Trial trial = subject.trial(DType::f32);
  Trial other = subject.trial(DType::f32, 1);
  std::vector<nn::NamedTensor> tensors;
  for (const nn::Param& param : trial.params().all()) tensors.push_back({param.name(), param.value()});
  const auto file = nn::Safetensors::parse(nn::safetensors_bytes(tensors, {}), "conformance");
  for (const nn::Param& param : other.params().all()) {
    const auto* entry = file.find(param.name());
    if (entry == nullptr || entry->shape != param.shape()) {
      return failed(
          "save and load", "",
          fmt::format("parameter {} {} is not there when the variant is made again: parameters may depend "
                      "on sizes and options alone",
                      param.name(), param.shape().text()));
    }
    entry->copy_to(param.value());
  }
  const std::string figure = fmt::format("{} parameters, {} numbers", tensors.size(), trial.params().count());
  const Inputs inputs = trial.inputs({5, 3}, 3);
  const Outputs kept = trial(inputs);
  const Outputs loaded = other(inputs);
  if (same_bytes(kept, loaded)) return passed("save and load", figure);
  const Difference d = difference(kept, loaded, 0);
  return failed(
      "save and load", figure,
      fmt::format("the {} is {:.9g}, and {:.9g} in another object with the same parameters: what a result "
                  "depends on must be a parameter",
                  d.where, d.a, d.b));
}

}  // namespace regard::attention
