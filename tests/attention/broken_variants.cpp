// The broken variants whose own numbers are wrong: gradients, weights, padding, sources and states of unusual
// sizes.
#include "tests/attention/broken_variants.h"

#include "tests/attention/broken_parts.h"

namespace regard::testing {

using namespace broken;

namespace {

std::vector<Broken> wrong_in_themselves() {
  std::vector<Broken> all;
  all.push_back({wide_variant("unmasked", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(softmax(energies_of(query, source)), source);
                              }),
                 "weights", "weights [#, #, #] is #, but the sentence has # positions: mask by source.lengths"});
  all.push_back({score_variant("wrong_gradient",
                               [](const Query& query, const Source& source) {
                                 return energies_of({cube(query.h, false, true), query.t}, source);
                               }),
                 "gradients",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({score_variant("overwrites",
                               [](const Query& query, const Source& source) {
                                 return energies_of({cube(query.h, true, false), query.t}, source);
                               }),
                 "gradients",
                 "attend() twice on one tape must give twice the gradient, but the gradient of h [#, #, #] is # "
                 "instead of #: a backward of the variant's own writes where it must add"});
  all.push_back({score_variant("asks_for_both",
                               [](const Query& query, const Source& source) {
                                 return energies_of({twice_if(query.h, source.h_s), query.t}, source);
                               }),
                 "gradients",
                 "where h_s needs no gradient the gradient of h [#, #, #] is # instead of #: a backward of the "
                 "variant's own must not depend on which inputs ask for gradients"});
  all.push_back({behind_zero(), "gradients",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({score_variant("neighbours",
                               [](const Query& query, const Source& source) {
                                 return mul(energies_of(query, source), sum(source.h_s));
                               }),
                 "batch",
                 "the context [#, #, #] is # in a batch of # and # alone: a sentence must not see its neighbours, "
                 "nor how far it is padded"});
  all.push_back({score_variant("padded",
                               [](const Query& query, const Source& source) {
                                 return scale(energies_of(query, source),
                                              1.0 / static_cast<double>(source.h_s.shape()[1]));
                               }),
                 "batch",
                 "the context [#, #, #] is # in a batch of # and # alone: a sentence must not see its neighbours, "
                 "nor how far it is padded"});
  all.push_back({score_variant("one_word",
                               [](const Query& query, const Source& source) {
                                 const Var words = constant(
                                     source.h_s.tape(), {source.h_s.shape()[0], 1, 1},
                                     [&](Index b) { return static_cast<double>(length_at(source, b) - 1); });
                                 return div(energies_of(query, source), words);
                               }),
                 "one word",
                 "with a source of one word the context [#, #, #] is nan: "
                 "look for a division by length - # or by a deviation"});
  all.push_back({wide_variant("overflows", true,
                              [](const Query& query, const State&, const Source& source) {
                                const Var e = mul(exp(energies_of(query, source)), mask(source));
                                return finish(div(e, sum_last(e)), source);
                              }),
                 "extreme",
                 "with states of size # the context [#, #, #] is nan: subtract "
                 "the largest energy before exp(), or take softmax()"});
  all.push_back({wide_variant("unnormalised", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(mul(sigmoid(energies_of(query, source)), mask(source)), source);
                              }),
                 "weights",
                 "the weights of query [#, #] sum to # instead of #; a variant whose weights do not says "
                 "`.normalised = false`"});
  // A cosine without an epsilon: 0 / 0 on padding, which softmax leaves out forward, but no product backward.
  const auto cosine = score_variant("divides_by_norm", [](const Query& query, const Source& source) {
    const Var norm = sqrt(sum_last(mul(source.h_s, source.h_s)));
    return batched_matmul_nt(query.h, div(source.h_s, norm));
  });
  all.push_back({cosine, "padding",
                 "with padding in the batch the gradient of h [#, #, #] is nan: h_s is # there, so look for a "
                 "division by a norm or a sum, or a root of it; # times nan is nan in a backward"});
  all.push_back({cosine, "gradients",
                 "the gradient of h at [#, #, #] is nan, and central differences give #: look for a backward that "
                 "divides by # or takes its root or logarithm, also on padding, where h_s is #"});
  Variant grows = wide_variant("grows", true, [](const Query& query, const State&, const Source& source) {
    const Var places = constant(source.h_s.tape(), {1, 1, source.h_s.shape()[1]},
                                [](Index s) { return 0.1 * static_cast<double>(s); });
    const Var e = mul(exp(add(sigmoid(energies_of(query, source)), places)), mask(source));
    return finish(div(e, sum_last(e)), source);
  });
  grows.content_based = false;
  all.push_back(
      {grows, "long source",
       "with a source of # words the context [#, #, #] is nan: look for sums that grow with the length"});
  all.push_back({wide_variant("unmasked_padding", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(softmax(energies_of(query, source)), source);
                              }),
                 "padding", "weights [#, #, #] is #, but the sentence has # positions: mask by source.lengths"});
  Variant too_much = wide_variant("too_much", true, [](const Query& query, const State&, const Source& source) {
    return finish(scale(softmax(energies_of(query, source), source.lengths), 1.5), source);
  });
  too_much.normalised = false;
  all.push_back({too_much, "weights", "the weights of query [#, #] sum to # instead of at most #"});
  all.push_back({wide_variant("negative", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(mul(energies_of(query, source), mask(source)), source);
                              }),
                 "weights", "weights [#, #, #] is #, below #"});
  all.push_back(
      {score_variant("positional",
                     [](const Query& query, const Source& source) {
                       return add(energies_of(query, source),
                                  constant(source.h_s.tape(), {1, 1, source.h_s.shape()[1]},
                                           [](Index s) { return 0.2 * static_cast<double>(s); }));
                     }),
       "order",
       "the context [#, #, #] is #, and # after the source positions changed places: a variant that looks "
       "at positions says `.content_based = false`"});
  all.push_back({wide_variant("short_context", true,
                              [](const Query& query, const State&, const Source& source) {
                                Attended attended =
                                    finish(softmax(energies_of(query, source), source.lengths), source);
                                attended.context = slice_last(attended.context, 0, 1);
                                return attended;
                              }),
                 "weights", "the variant threw: attend: context [#, #, #] must be [#, #, #]"});
  all.push_back({wide_variant("no_weights", true,
                              [](const Query& query, const State&, const Source& source) {
                                Attended attended =
                                    finish(softmax(energies_of(query, source), source.lengths), source);
                                attended.weights = {};
                                return attended;
                              }),
                 "weights", "the variant threw: attend: weights (none) must be [#, #, #]"});
  return all;
}

}  // namespace

std::vector<Broken> broken_variants() {
  std::vector<Broken> all = wrong_in_themselves();
  for (Broken& each : wrong_beside_others()) all.push_back(std::move(each));
  return all;
}

}  // namespace regard::testing
