// The functions of a Query and of the notes that they write.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/attention/attention.h"
#include "framework/attention/notes.h"
#include "framework/attention/registry.h"
#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"

namespace regard::attention {
namespace {

void require_name(const char* function, std::string_view name) {
  if (!is_name(name)) {
    throw ShapeError(
        fmt::format("{}: the name \"{}\" must be small letters, digits and '_', first a letter, as in my_gate",
                    function, name));
  }
}

// A number in (0, 1) as float or double.
template <class F>
F inside(double u) {
  return std::clamp(static_cast<F>(u), std::numeric_limits<F>::min(), std::nextafter(F{1}, F{0}));
}

// Returns [B, T, n]: number i of a position is `number(key of the position, i, F{})`.
template <class Number>
Var numbers(const char* function, const Query& query, std::string_view name, Index n, Number number) {
  if (query.facts == nullptr || query.facts->sentences.empty()) {
    throw ShapeError(fmt::format(
        "{}: random numbers \"{}\" are for training only; ask source.training, and without it do what needs none",
        function, name));
  }
  require_name(function, name);
  Tape& tape = query.h.tape();
  const Index T = query.h.shape()[1];
  const Tensor y = tape.tensor({query.h.shape()[0], T, n});
  const Key key = query.facts->key.with("attention").with(name);
  for_rows({y}, 64 * n, [=, t = query.t, sentences = query.facts->sentences]<class F>(Index row, F* out) {
    const Key position =
        key.with(sentences[static_cast<std::size_t>(row / T)]).with(t[static_cast<std::size_t>(row % T)]);
    for (Index i = 0; i < n; ++i) out[i] = number(position, i, F{});
  });
  return tape.input(y);
}

}  // namespace

Var Source::embedded() const {
  if (vectors.empty()) {
    throw ShapeError(
        "embedded: the words' vectors are there in project(), prepare() and start() only; return from one of these "
        "what later steps need of them");
  }
  if (places.empty()) return zero_padding(vectors, lengths);
  const Shape shape = vectors.shape();
  const Var read = gather_rows(reshape(vectors, {shape[0] * shape[1], shape[2]}), places);
  return zero_padding(reshape(read, shape), lengths);
}

std::span<const Index> Query::previous() const {
  check(facts != nullptr && !facts->previous.empty(), "a query whose previous words are not known");
  const Index rows = h.shape()[0] * h.shape()[1];
  const auto all = static_cast<Index>(facts->previous.size());
  if (rows == all) return facts->previous;
  // One step of several.
  const Index steps = all / rows;
  const auto own = h.tape().allocate_span<Index>(rows);
  for (Index row = 0; row < rows; ++row)
    own[static_cast<std::size_t>(row)] = facts->previous[static_cast<std::size_t>(row * steps + facts->step)];
  return own;
}

Var Query::previous_embedded() const {
  check(facts != nullptr && !facts->vectors.empty(), "a query whose previous words are not known");
  const Shape all = facts->vectors.shape();
  const Shape shape{h.shape()[0], h.shape()[1], all[2]};
  const bool whole = all[0] * all[1] == shape[0] * shape[1];
  return reshape(whole ? facts->vectors : slice_time(facts->vectors, facts->step, 1), shape);
}

Var Query::uniform(std::string_view name, Index n) const {
  return numbers("uniform", *this, name, n,
                 [](const Key& key, Index i, auto tag) { return inside<decltype(tag)>(key.uniform(i)); });
}

Var Query::normal(std::string_view name, Index n) const {
  return numbers("normal", *this, name, n,
                 [](const Key& key, Index i, auto tag) { return static_cast<decltype(tag)>(key.normal(i)); });
}

Var Query::gumbel(std::string_view name, Index n) const {
  return numbers("gumbel", *this, name, n, [](const Key& key, Index i, auto tag) {
    return static_cast<decltype(tag)>(-std::log(-std::log(inside<double>(key.uniform(i)))));
  });
}

Var Query::straight_through(Var hard, Var soft) const {
  const bool checked = facts != nullptr && facts->surrogates != nullptr;
  return checked ? (*facts->surrogates)(hard, soft) : regard::straight_through(hard, soft);
}

void Query::add_loss(std::string_view name, Var x) const {
  if (facts == nullptr || facts->notes == nullptr) return;
  require_name("add_loss", name);
  const Shape expected{h.shape()[0], h.shape()[1], 1};
  if (x.shape() != expected) {
    throw ShapeError(fmt::format("add_loss: '{}' is {}, expected [B, T, 1] = {}: a number for each position", name,
                                 x.shape().text(), expected.text()));
  }
  facts->notes->add_loss(name, x, t.front());
}

void Query::watch(std::string_view name, Var x) const {
  if (facts == nullptr || facts->notes == nullptr) return;
  require_name("watch", name);
  const Shape shape = x.shape();
  const bool per_position = shape.rank() == 3 && shape[0] == h.shape()[0] && shape[1] == h.shape()[1];
  if (shape.size() != 1 && !per_position) {
    throw ShapeError(fmt::format("watch: '{}' is {}, expected [1], or [B, T, n] with [B, T] = [{}, {}]", name,
                                 shape.text(), h.shape()[0], h.shape()[1]));
  }
  facts->notes->watch(name, x, t.front());
}

void Notes::append(List& list, std::string_view name, Var value, Index first) {
  Tape& tape = value.tape();
  const std::span<const char> kept = tape.copy(std::span<const char>(name));
  Note* const note = tape.allocate_span<Note>(1).data();
  *note = {{kept.data(), kept.size()}, value, first, nullptr};
  (list.last == nullptr ? list.first : list.last->next) = note;
  list.last = note;
}

Var joined(const Note* notes, std::string_view name, Index T) {
  const Note* only = nullptr;
  Index positions = 0;
  Index count = 0;
  for (const Note* note = notes; note != nullptr; note = note->next) {
    if (note->name != name) continue;
    if (note->first != positions) break;
    positions += note->value.shape()[1];
    ++count;
    only = note;
  }
  if (positions != T) {
    throw ShapeError(
        fmt::format("add_loss: '{}' was given for {} of {} target positions; call it once for each query", name,
                    positions, T));
  }
  check(only != nullptr, "a query has at least one target position");
  if (count == 1) return only->value;
  const auto parts = only->value.tape().allocate_span<Var>(count);
  std::size_t at = 0;
  for (const Note* note = notes; note != nullptr && at < parts.size(); note = note->next) {
    if (note->name == name) parts[at++] = note->value;
  }
  return concat_time(parts);
}

void require_declared(const Notes& notes, std::span<const std::string> declared) {
  for (const Note* note = notes.losses(); note != nullptr; note = note->next) {
    if (std::find(declared.begin(), declared.end(), note->name) != declared.end()) continue;
    throw ShapeError(fmt::format(
        "add_loss: '{0}' is not among the `.losses` of the registration; name it there, as in .losses = {{{{\"{0}\", "
        "0.1, \"what it is for\"}}}}",
        note->name));
  }
}

bool is_first_of_its_name(const Note* notes, const Note* note) {
  const Note* at = notes;
  while (at->name != note->name) at = at->next;
  return at == note;
}

Var Surrogates::operator()(Var hard, Var soft) {
  if (!replays_) {
    std::vector<double> away;
    for (Index i = 0; i < soft.shape().size(); ++i) away.push_back(hard.value().at(i) - soft.value().at(i));
    away_.push_back(std::move(away));
    return regard::straight_through(hard, soft);
  }
  check(next_ < away_.size(), "a replayed pass makes the same choices as the recorded one");
  const std::vector<double>& away = away_[next_++];
  const Tensor constant = soft.tape().tensor(soft.shape());
  for (Index i = 0; i < constant.size(); ++i) constant.set(i, away[static_cast<std::size_t>(i)]);
  return add(soft, soft.tape().input(constant));
}

}  // namespace regard::attention
