#include "framework/attention/conformance_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace regard::attention {
namespace {

constexpr double kMoved = 0.2;  // largest difference of parameters from their initial values
// The ids of data/vocabulary.h, which is not ours to include.
constexpr Index kBegin = 2, kEnd = 3, kFirstWord = 4;

// Values and a gradient outside of any tape. The gradient starts as NaN, so that unwritten elements show.
class Memory {
 public:
  Memory(DType type, const Shape& shape, const std::vector<double>& values)
      : type_(type), shape_(shape), memory_(2 * values.size()) {
    for (Index i = 0; i < shape.size(); ++i) {
      value().set(i, values[static_cast<std::size_t>(i)]);
      grad().set(i, std::numeric_limits<double>::quiet_NaN());
    }
  }
  [[nodiscard]] Tensor value() { return {memory_.data(), type_, shape_}; }
  [[nodiscard]] Tensor grad() { return {memory_.data() + shape_.size(), type_, shape_}; }
  [[nodiscard]] Var on(Tape& tape, bool constant) {
    return constant ? tape.input(value()) : tape.leaf(value(), grad(), false);
  }

 private:
  DType type_;
  Shape shape_;
  std::vector<double> memory_;
};

Outputs::Part part_of(std::string name, const Tensor& tensor) {
  Outputs::Part part{std::move(name), tensor.shape(), {}};
  for (Index i = 0; i < tensor.size(); ++i) {
    const double x = tensor.at(i);
    part.values.push_back(std::isnan(x) ? std::numeric_limits<double>::quiet_NaN() : x);  // there is one NaN
  }
  return part;
}

void fill(const Key& key, double magnitude, double* out, Index count) {
  key.fill_uniform(std::span<double>(out, static_cast<std::size_t>(count)), -magnitude, magnitude);
}

}  // namespace

const Outputs::Part& Outputs::part(std::string_view name) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& p) { return p.name == name; });
  check(found != parts.end(), "conformance: no such part of a result");
  return *found;
}

bool is_over_source(const Outputs::Part& part) {
  return part.name == "weights" || part.name == "copies" || part.name.starts_with("map ");
}

std::string place(const Shape& shape, Index flat) {
  std::vector<Index> at(static_cast<std::size_t>(shape.rank()));
  for (int axis = shape.rank(); axis-- > 0;) {
    at[static_cast<std::size_t>(axis)] = flat % shape[axis];
    flat /= shape[axis];
  }
  return fmt::format("[{}]", fmt::join(at, ", "));
}

Difference difference(const Outputs& a, const Outputs& b, double allowed) {
  Difference most;
  for (std::size_t p = 0; p < a.parts.size() && most.error <= allowed; ++p) {
    check(p < b.parts.size() && a.parts[p].shape == b.parts[p].shape, "conformance: results of two shapes");
    for (std::size_t i = 0; i < a.parts[p].values.size(); ++i) {
      const double x = a.parts[p].values[i];
      const double y = b.parts[p].values[i];
      double error = std::abs(x - y) / std::max({1.0, std::abs(x), std::abs(y)});
      if (!std::isfinite(error)) error = std::numeric_limits<double>::infinity();
      if (error > most.error) {
        most = {error, a.parts[p].name + " " + place(a.parts[p].shape, static_cast<Index>(i)), x, y};
      }
    }
  }
  return most;
}

bool same_bytes(const Outputs& a, const Outputs& b) {
  for (std::size_t p = 0; p < a.parts.size(); ++p) {
    const auto& x = a.parts[p].values;
    const auto& y = b.parts.at(p).values;
    if (x.size() != y.size() || std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) != 0) return false;
  }
  return true;
}

void require_attended(const Attended& attended, const Query& query, const Source& source, Index context) {
  const Shape h_s = source.h_s.shape();
  const Index T = query.h.shape()[1];
  const auto require = [](const char* name, const Var& x, const Shape& expected) {
    if (x.empty() || x.shape() != expected) {
      throw ShapeError(
          fmt::format("attend: {} {} must be {}", name, x.empty() ? "(none)" : x.shape().text(), expected.text()));
    }
  };
  require("context", attended.context, {h_s[0], T, context});
  require("weights", attended.weights, {h_s[0], T, h_s[1]});
  if (!attended.copies.empty() || !attended.generate.empty()) {
    require("copies", attended.copies, {h_s[0], T, h_s[1]});
    require("generate", attended.generate, {h_s[0], T, 1});
  }
  for (const Var& map : attended.maps) require("a map", map, {h_s[0], T, h_s[1]});
}

Trial::Trial(const Variant& variant, Sizes sizes, const config::Options& options, DType type, bool training,
             std::uint64_t seed, std::uint64_t params_seed)
    : params_(std::make_unique<nn::ParamStore>(type, params_seed)),
      sizes_(sizes),
      key_(seed, "conformance"),
      training_(training) {
  for (const OwnLoss& loss : variant.losses) losses_.push_back(loss.name);
  attention_ = make_attention(variant, sizes, options, nn::Params(*params_));
  // A parameter that starts at 0 would hide errors behind it.
  for (const nn::Param& param : params_->all()) {
    const Key key = Key(params_seed, "conformance").with(param.name());
    for (Index i = 0; i < param.value().size(); ++i) {
      param.value().set(i, param.value().at(i) + kMoved * (2 * key.uniform(i) - 1));
    }
  }
}

Inputs Trial::inputs(const std::vector<Index>& lengths, Index T, double magnitude) const {
  Inputs inputs;
  inputs.lengths = lengths;
  inputs.S = *std::max_element(lengths.begin(), lengths.end());
  inputs.T = T;
  inputs.h_s.resize(static_cast<std::size_t>(inputs.B() * inputs.S * sizes_.key));
  inputs.h.resize(static_cast<std::size_t>(inputs.B() * T * sizes_.query));
  inputs.word_vectors.resize(static_cast<std::size_t>(inputs.B() * inputs.S * sizes_.embedding));
  inputs.previous_vectors.resize(static_cast<std::size_t>(inputs.B() * T * sizes_.embedding));
  for (Index b = 0; b < inputs.B(); ++b) {
    inputs.sentences.push_back(b);
    const Index length = lengths[static_cast<std::size_t>(b)];
    fill(key_.with("h_s").with(b), magnitude, inputs.h_s.data() + b * inputs.S * sizes_.key, length * sizes_.key);
    fill(key_.with("h").with(b), magnitude, inputs.h.data() + b * T * sizes_.query, T * sizes_.query);
    const Index E = sizes_.embedding;
    fill(key_.with("words").with(b), magnitude, inputs.word_vectors.data() + b * inputs.S * E, length * E);
    fill(key_.with("previous").with(b), magnitude, inputs.previous_vectors.data() + b * T * E, T * E);
    const auto id = [&](const char* side, Index vocabulary, Index at) {
      return kFirstWord + key_.with(side).with(b).below(vocabulary - kFirstWord, at);
    };
    for (Index s = 0; s < inputs.S; ++s) {
      inputs.words.push_back(s + 1 < length ? id("source", sizes_.source_words, s) : s < length ? kEnd : 0);
    }
    for (Index t = 0; t < T; ++t)
      inputs.previous.push_back(t == 0 ? kBegin : id("target", sizes_.target_words, t));
  }
  return inputs;
}

Inputs Trial::alone(const Inputs& all, Index b) const {
  const Index length = all.lengths[static_cast<std::size_t>(b)];
  const auto h_s = all.h_s.begin() + b * all.S * sizes_.key;
  const auto h = all.h.begin() + b * all.T * sizes_.query;
  const auto words = all.words.begin() + b * all.S;
  const auto previous = all.previous.begin() + b * all.T;
  const auto word_vectors = all.word_vectors.begin() + b * all.S * sizes_.embedding;
  const auto previous_vectors = all.previous_vectors.begin() + b * all.T * sizes_.embedding;
  return {.sentences = {all.sentences[static_cast<std::size_t>(b)]},
          .lengths = {length},
          .S = length,
          .T = all.T,
          .first_t = all.first_t,
          .h_s = {h_s, h_s + length * sizes_.key},
          .h = {h, h + all.T * sizes_.query},
          .words = {words, words + length},
          .previous = {previous, previous + all.T},
          .word_vectors = {word_vectors, word_vectors + length * sizes_.embedding},
          .previous_vectors = {previous_vectors, previous_vectors + all.T * sizes_.embedding}};
}

struct Trial::Given {
  Var h_s, h, word_vectors, previous_vectors;
};

struct Trial::Passed {
  Var context, weights;
  std::vector<Var> maps;
  Var generate, copies;
  std::vector<Var> losses;
  Var objective;
};

Trial::Passed Trial::pass(Tape& tape, const Given& given, const Inputs& inputs, const How& how) const {
  Source source = source_of(given.h_s, inputs.lengths);
  source.training = training_;
  source.words = tape.copy(std::span<const Index>(inputs.words));
  source.vectors = given.word_vectors;
  Notes notes;
  StepFacts facts{.key = key_.with("update").with(how.update),
                  .previous = tape.copy(std::span<const Index>(inputs.previous)),
                  .vectors = given.previous_vectors,
                  .notes = training_ ? &notes : nullptr,
                  .surrogates = how.surrogates};
  if (training_) facts.sentences = tape.copy(std::span<const Index>(inputs.sentences));
  const Var prepared = attention_->prepare(source);
  State state = attention_->start(source);
  source.vectors = {};  // gone after start()
  const bool whole = attention_->whole_sequence() && !how.single_steps && !how.feeding;
  const Index width = whole ? inputs.T : 1;
  Var feed;
  if (how.feeding) {
    const Tensor F = tape.tensor({sizes_.query, attention_->context_width(sizes_)});
    for (Index i = 0; i < F.size(); ++i) F.set(i, key_.with("F").uniform(i) - 0.5);
    feed = tape.input(F);
  }
  std::vector<Var> contexts;
  std::vector<Var> weights;
  std::vector<std::vector<Var>> maps;  // of each map: its steps
  std::vector<Var> generate, copies;
  for (Index first = 0; first < inputs.T; first += width) {
    const auto t = tape.allocate_span<Index>(width);
    for (Index i = 0; i < width; ++i) t[static_cast<std::size_t>(i)] = inputs.first_t + first + i;
    Var queries = whole ? given.h : slice_time(given.h, first, 1);
    facts.step = first;
    if (how.feeding && first > 0) queries = add(queries, matmul_nt(contexts.back(), feed));
    const Query query{queries, t, &facts};
    const Attended attended = attention_->attend(query, prepared, state, source);
    require_attended(attended, query, source, attention_->context_width(sizes_));
    contexts.push_back(attended.context);
    weights.push_back(attended.weights);
    if (!attended.copies.empty()) {
      generate.push_back(attended.generate);
      copies.push_back(attended.copies);
    }
    if (first == 0) maps.resize(attended.maps.size());
    if (maps.size() != attended.maps.size()) {
      throw ShapeError(fmt::format("attend: {} maps at position {} and {} before; return as many at every step",
                                   attended.maps.size(), inputs.first_t + first, maps.size()));
    }
    for (std::size_t i = 0; i < maps.size(); ++i) maps[i].push_back(attended.maps[i]);
    state = attended.next;
  }
  Passed passed;
  passed.context = whole ? contexts[0] : concat_time(contexts);
  passed.weights = whole ? weights[0] : concat_time(weights);
  for (const std::vector<Var>& steps : maps) passed.maps.push_back(whole ? steps[0] : concat_time(steps));
  // Cotangents by sentence: a sentence has the same ones alone and in a batch.
  const Tensor R = tape.tensor(passed.context.shape());
  const Tensor Q = tape.tensor(passed.weights.shape());
  const auto put = [&](const Tensor& cotangent, const char* name) {
    const Index cols = cotangent.cols();
    for (Index row = 0; row < cotangent.rows(); ++row) {
      const Index sentence = inputs.sentences[static_cast<std::size_t>(row / inputs.T)];
      const Key key = key_.with(name).with(sentence).with(row % inputs.T);
      for (Index i = 0; i < cols; ++i) cotangent.set(row * cols + i, 2 * key.uniform(i) - 1);
    }
  };
  put(R, "R");
  put(Q, "Q");
  passed.objective = add(sum(mul(passed.context, tape.input(R))), sum(mul(passed.weights, tape.input(Q))));
  if (!copies.empty()) {
    passed.generate = whole ? generate[0] : concat_time(generate);
    passed.copies = whole ? copies[0] : concat_time(copies);
    for (const auto& [name, x] : {std::pair("generate", passed.generate), std::pair("copies", passed.copies)}) {
      const Tensor P = tape.tensor(x.shape());
      put(P, name);
      passed.objective = add(passed.objective, sum(mul(x, tape.input(P))));
    }
  }
  if (!training_) return passed;
  require_declared(notes, losses_);
  for (const std::string& name : losses_) {
    passed.losses.push_back(joined(notes.losses(), name, inputs.T));
    const Tensor P = tape.tensor(passed.losses.back().shape());
    put(P, name.c_str());
    passed.objective = add(passed.objective, sum(mul(passed.losses.back(), tape.input(P))));
  }
  return passed;
}

Outputs Trial::operator()(const Inputs& inputs, const How& how) {
  Memory h_s(type(), {inputs.B(), inputs.S, sizes_.key}, inputs.h_s);
  Memory h(type(), {inputs.B(), inputs.T, sizes_.query}, inputs.h);
  Memory words(type(), {inputs.B(), inputs.S, sizes_.embedding}, inputs.word_vectors);
  Memory previous(type(), {inputs.B(), inputs.T, sizes_.embedding}, inputs.previous_vectors);
  Tape tape(type(), how.gradients ? Tape::Mode::record : Tape::Mode::evaluate);
  const Given given{h_s.on(tape, how.constant_h_s || !how.gradients), h.on(tape, how.constant_h || !how.gradients),
                    words.on(tape, how.constant_h_s || !how.gradients),
                    previous.on(tape, how.constant_h || !how.gradients)};
  params_->begin_update();  // before any leaf is made: it says what the leaves' gradients start from
  Passed passed = pass(tape, given, inputs, how);
  Var total = passed.objective;
  for (int time = 1; time < how.times; ++time) {
    total = add(total, pass(tape, given, inputs, how).objective);
  }
  Outputs out;
  out.parts.push_back(part_of("context", passed.context.value()));
  out.parts.push_back(part_of("weights", passed.weights.value()));
  for (std::size_t i = 0; i < passed.maps.size(); ++i)
    out.parts.push_back(part_of(fmt::format("map {}", i), passed.maps[i].value()));
  if (!passed.copies.empty()) {
    out.parts.push_back(part_of("copies", passed.copies.value()));
    out.parts.push_back(part_of("generate", passed.generate.value()));
  }
  for (std::size_t i = 0; i < passed.losses.size(); ++i)
    out.parts.push_back(part_of("loss " + losses_[i], passed.losses[i].value()));
  if (!how.gradients) return out;
  // Weights that do not depend on parameters or states (a fixed window) have no gradient.
  if (total.needs_grad()) tape.backward(total);
  params_->finish_backward(tape);
  if (!how.constant_h_s) out.parts.push_back(part_of("gradient of h_s", h_s.grad()));
  if (!how.constant_h) out.parts.push_back(part_of("gradient of h", h.grad()));
  // Most variants read no words' vectors.
  if (given.word_vectors.has_grad()) out.parts.push_back(part_of("gradient of embedded", words.grad()));
  if (given.previous_vectors.has_grad())
    out.parts.push_back(part_of("gradient of previous_embedded", previous.grad()));
  for (const nn::Param& param : params_->all()) {
    out.parts.push_back(part_of("gradient of " + param.name(), param.grad()));
  }
  return out;
}

double Trial::objective(const Inputs& inputs, const How& how) {
  Memory h_s(type(), {inputs.B(), inputs.S, sizes_.key}, inputs.h_s);
  Memory h(type(), {inputs.B(), inputs.T, sizes_.query}, inputs.h);
  Memory words(type(), {inputs.B(), inputs.S, sizes_.embedding}, inputs.word_vectors);
  Memory previous(type(), {inputs.B(), inputs.T, sizes_.embedding}, inputs.previous_vectors);
  Tape tape(type(), Tape::Mode::evaluate);
  const Given given{h_s.on(tape, true), h.on(tape, true), words.on(tape, true), previous.on(tape, true)};
  return pass(tape, given, inputs, how).objective.value().at(0);
}

}  // namespace regard::attention
