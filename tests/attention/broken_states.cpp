// The broken variants that are wrong beside others: several positions, hypotheses, batches, threads, objects. And
// unusual ones that keep every promise.
#include "framework/base/parallel.h"
#include "tests/attention/broken_parts.h"
#include "tests/attention/broken_variants.h"

namespace regard::testing {

using namespace broken;

namespace {

// Lowers the energies by state that start() makes and no step changes: each step returns the row it was given.
// With `points` the state is a view of the source's memory again after each step of one hypothesis a sentence.
class Carrying final : public attention::Attention {
 public:
  explicit Carrying(bool points) : points_(points) {}
  State start(const Source& source) const override {
    const Shape h_s = source.h_s.shape();
    State state;
    state.rows[0] = reshape(source.h_s, {h_s[0], h_s[1] * h_s[2]});
    state.count = 1;
    return state;
  }
  Attended attend(const Query& query, Var, const State& state, const Source& source) const override {
    const Index B = source.h_s.shape()[0];
    const Index S = source.h_s.shape()[1];
    const Index K = query.h.shape()[1];
    const Var rows = reshape(state.rows[0], {B * K, S, source.h_s.shape()[2]});
    const Var lowered = scale(reshape(slice_last(rows, 0, 1), {B, K, S}), 5);
    Attended attended = finish(softmax(sub(energies_of(query, source), lowered), source.lengths), source);
    attended.next = points_ && K == 1 ? start(source) : state;
    return attended;
  }

 private:
  bool points_;
};

Variant carrying_variant(const char* name, bool points) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make_attention = [points](Sizes, const config::Options&, nn::Params&) -> attention::AttentionPtr {
    return std::make_unique<Carrying>(points);
  };
  return variant;
}

}  // namespace

Variant carrying() { return carrying_variant("carrying", false); }
Variant pointing() { return carrying_variant("pointing", true); }

Variant covering() {
  return wide_variant("covering", false, [](const Query& query, const State& state, const Source& source) {
    const Shape& h = query.h.shape();
    const Index S = source.h_s.shape()[1];
    const Var covered = reshape(state.rows[0], {h[0], h[1], S});
    const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
    Attended attended = finish(weights, source);
    attended.next.rows[0] = reshape(add(covered, weights), {h[0] * h[1], S});
    attended.next.count = 1;
    return attended;
  });
}

namespace {

// Adds to each key a vector of its source word, to each query one of the word before, and gives a context as wide as
// a word's vector.
class ReadingWords final : public attention::Attention {
 public:
  ReadingWords(Sizes sizes, nn::Params& params)
      : words_(params.add("words", {sizes.source_words, sizes.query})),
        W_(params.add("W", {sizes.query, sizes.embedding})),
        before_(params.add("before", {sizes.target_words, sizes.query})),
        V_(params.add("V", {sizes.query, sizes.embedding})) {}
  Index context_width(Sizes sizes) const override { return sizes.embedding; }

  // Keys, then values.
  Var prepare(const Source& source) const override {
    Tape& tape = source.h_s.tape();
    const Shape h_s = source.h_s.shape();
    const Var vectors = source.embedded();
    const Var ids = embedding(words_.on(tape), source.words, {h_s[0], h_s[1]});
    return concat(add(matmul_nt(vectors, W_.on(tape)), ids), vectors);
  }
  Attended attend(const Query& query, Var prepared, const State&, const Source& source) const override {
    Tape& tape = prepared.tape();
    const Shape h = query.h.shape();
    const Var keys = slice_last(prepared, 0, h[2]);
    const Var values = slice_last(prepared, h[2], prepared.shape()[2] - h[2]);
    const Var word = add(embedding(before_.on(tape), query.previous(), {h[0], h[1]}),
                         matmul_nt(query.previous_embedded(), V_.on(tape)));
    const Var weights = softmax(batched_matmul_nt(add(query.h, word), keys), source.lengths);
    return {batched_matmul(weights, values), weights, {}};
  }
  bool whole_sequence() const override { return true; }

 private:
  const nn::Param& words_;
  const nn::Param& W_;
  const nn::Param& before_;
  const nn::Param& V_;
};

}  // namespace

Variant reading_words() {
  Variant variant{.name = "reading_words", .summary = "for a test", .equation = "(none)"};
  variant.make_attention = [](Sizes sizes, const config::Options&, nn::Params& params) -> attention::AttentionPtr {
    return std::make_unique<ReadingWords>(sizes, params);
  };
  return variant;
}

Variant choosing() {
  Variant variant = wide_variant("choosing", true, [](const Query& query, const State&, const Source& source) {
    const Var energies = energies_of(query, source);
    const Var p = softmax(energies, source.lengths);
    query.add_loss("entropy", scale(sum_last(mul(p, log(add_number(p, 1e-8)))), -1));
    query.watch("largest", sum_last(mul(p, hardmax(p, source.lengths))));
    if (!source.training) return finish(hardmax(p, source.lengths), source);
    const Var drawn = softmax(add(energies, query.gumbel("choice", energies.shape()[2])), source.lengths);
    return finish(query.straight_through(hardmax(drawn, source.lengths), drawn), source);
  });
  variant.stochastic = variant.straight_through = true;
  variant.losses = {{"entropy", 0.1, "for a test"}};
  return variant;
}

Variant decaying() {
  Variant variant = wide_variant("decaying", true, [](const Query& query, const State&, const Source& source) {
    const Index S = source.h_s.shape()[1];
    const Var window =
        constant(source.h_s.tape(), {1, 1, S}, [](Index s) { return std::exp(-0.1 * static_cast<double>(s)); });
    return finish(mul(softmax(energies_of(query, source), source.lengths), window), source);
  });
  variant.content_based = false;
  variant.normalised = false;
  return variant;
}

std::vector<Broken> wrong_beside_others() {
  std::vector<Broken> all;
  all.push_back({score_variant("reads_latest",
                               [latest = std::make_shared<Tensor>()](const Query& query, const Source& source) {
                                 return energies_of({cube_of_latest(query.h, latest.get()), query.t}, source);
                               }),
                 "input feeding",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({score_variant("remembers",
                               [calls = std::make_shared<int>(0)](const Query& query, const Source& source) {
                                 return scale(energies_of(query, source), 1 + 0.1 * ++*calls);
                               }),
                 "memory",
                 "the context [#, #, #] is #, and # after another batch went through: the object must be const; "
                 "what goes from step to step belongs into State"});
  all.push_back(
      {score_variant("counts_rows",
                     [](const Query& query, const Source& source) {
                       return mul(energies_of(query, source),
                                  constant(source.h_s.tape(), {1, query.h.shape()[1], 1},
                                           [](Index t) { return 1 + static_cast<double>(t); }));
                     }),
       "steps",
       "the context [#, #, #] is # with all positions at once and # one by one: a query must not see the "
       "others, and its position is query.t, not its place in the tensor"});
  all.push_back(
      {wide_variant("mixes_beams", false,
                    [](const Query& query, const State& state, const Source& source) {
                      // Every hypothesis of a sentence goes on with the state of the first.
                      const Shape& h = query.h.shape();
                      const Index S = source.h_s.shape()[1];
                      const Var covered = slice_time(reshape(state.rows[0], {h[0], h[1], S}), 0, 1);
                      const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
                      Attended attended = finish(weights, source);
                      attended.next.rows[0] = reshape(add(covered, weights), {h[0] * h[1], S});
                      attended.next.count = 1;
                      return attended;
                    }),
       "hypotheses",
       "the context of hypothesis # at step # [#, #] is # among # and # alone: a query or row of state must "
       "not look at the others, and everything that changes from step to step belongs into State"});
  all.push_back(
      {wide_variant("leaks_state", false,
                    [](const Query& query, const State& state, const Source& source) {
                      // What the batch as a whole was given goes to every sentence.
                      const Shape& h = query.h.shape();
                      const Index S = source.h_s.shape()[1];
                      const Var covered = reshape(state.rows[0], {h[0], h[1], S});
                      const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
                      Attended attended = finish(weights, source);
                      const Var most = sum(mul(weights, weights));
                      attended.next.rows[0] = mul(reshape(add(covered, weights), {h[0] * h[1], S}), most);
                      attended.next.count = 1;
                      return attended;
                    }),
       "batch",
       "the context [#, #, #] is # in a batch of # and # alone: a "
       "sentence must not see its neighbours, nor how far it is padded"});
  all.push_back({wide_variant("cuts_state", false,
                              [](const Query& query, const State& state, const Source& source) {
                                // The state goes on as a constant, so that no gradient comes back through it.
                                const Shape& h = query.h.shape();
                                const Index S = source.h_s.shape()[1];
                                const Var covered = reshape(state.rows[0], {h[0], h[1], S});
                                const Var weights =
                                    softmax(sub(energies_of(query, source), covered), source.lengths);
                                Attended attended = finish(weights, source);
                                const Var next = reshape(add(covered, weights), {h[0] * h[1], S});
                                attended.next.rows[0] = next.tape().input(next.value());
                                attended.next.count = 1;
                                return attended;
                              }),
                 "input feeding",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative "
                 "error #, allowed #): look at the backward of the ops that lead there"});
  all.push_back({flat_variant(), "leaving",
                 "the variant threw: prepare: [#, #] must have the # sentences as its first axis"});
  all.push_back({swapped_variant(), "leaving",
                 "the context [#] is # among # sentences and # once the others left: everything that belongs to a "
                 "sentence must stand in its row of what prepare() returned or of the state"});
  all.push_back(
      {wide_variant("loses_rows", false,
                    [](const Query& query, const State& state, const Source& source) {
                      Attended attended = finish(softmax(energies_of(query, source), source.lengths), source);
                      attended.next = state;
                      attended.next.rows[0] = slice_last(attended.next.rows[0], 0, 1);
                      if (query.h.shape()[1] > 1) attended.next.rows[0] = sum(attended.next.rows[0]);
                      return attended;
                    }),
       "hypotheses", "the variant threw: attend: state # is [#], and its first axis must be the # hypotheses"});
  all.push_back({wide_variant("keeps_first", false,
                              [first = std::make_shared<Tensor>()](const Query& query, const State& state,
                                                                   const Source& source) {
                                // Looks at the weights of its first step ever after, by a pointer of its own.
                                const Shape& h = query.h.shape();
                                const Index S = source.h_s.shape()[1];
                                const Var given = reshape(state.rows[0], {h[0], h[1], S});
                                const bool begins = state.rows[0].value().at(0) == 0;
                                const Var covered = begins ? given : source.h_s.tape().input(*first);
                                const Var weights =
                                    softmax(sub(energies_of(query, source), covered), source.lengths);
                                if (begins) *first = weights.value();
                                Attended attended = finish(weights, source);
                                attended.next.rows[0] = reshape(add(given, weights), {h[0] * h[1], S});
                                attended.next.count = 1;
                                return attended;
                              }),
                 "two tapes",
                 "the context [#, #, #] is # on one tape and nan where two tapes take turns, as in search: what a "
                 "step reads of earlier ones must come in its State"});
  all.push_back(
      {score_variant("counts_threads",
                     [](const Query& query, const Source& source) {
                       return scale(energies_of(query, source), 1 + 0.1 * threads());
                     }),
       "threads",
       "the context [#, #, #] is # with # thread and # with #: each element must be computed by one thread in "
       "an order fixed by its index"});
  Variant unsaved{.name = "unsaved", .summary = "for a test", .equation = "(none)"};
  unsaved.make = [made = std::make_shared<int>(0)](Sizes, const config::Options&,
                                                   nn::Params&) -> attention::ScorePtr {
    const double factor = 1 + 0.1 * ++*made;
    const auto score = [factor](const Query& query, const Source& source) {
      return scale(energies_of(query, source), factor);
    };
    return std::make_unique<FromScore<decltype(score)>>(score);
  };
  all.push_back({unsaved, "save and load",
                 "the context [#, #, #] is #, and # in another object with the same parameters: what a result "
                 "depends on must be a parameter"});
  return all;
}

}  // namespace regard::testing
