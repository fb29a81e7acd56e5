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
                 "shapes", "the variant threw: attend: context [#, #, #] must be [#, #, #]"});
  all.push_back({wide_variant("no_weights", true,
                              [](const Query& query, const State&, const Source& source) {
                                Attended attended =
                                    finish(softmax(energies_of(query, source), source.lengths), source);
                                attended.weights = {};
                                return attended;
                              }),
                 "shapes", "the variant threw: attend: weights (none) must be [#, #, #]"});
  const auto copying = [](double generate) {
    return [generate](const Query& query, const State&, const Source& source) {
      Attended attended = finish(softmax(energies_of(query, source), source.lengths), source);
      attended.copies = scale(attended.weights, 0.5);
      attended.generate = add_number(scale(sum_last(attended.weights), 0), generate);
      return attended;
    };
  };
  Variant too_likely = wide_variant("too_likely", true, copying(0.6));
  too_likely.extends_vocabulary = true;
  all.push_back({too_likely, "copies", "generate and copies of query [#, #] sum to # instead of #"});
  all.push_back({wide_variant("undeclared_copies", true, copying(0.5)), "copies",
                 "a variant that returns copies says `.extends_vocabulary = true`"});
  Variant no_copies = score_variant(
      "no_copies", [](const Query& query, const Source& source) { return energies_of(query, source); });
  no_copies.extends_vocabulary = true;
  all.push_back(
      {no_copies, "copies", "a variant that says `.extends_vocabulary = true` returns copies at every step"});
  all.push_back({wide_variant("wrong_maps", true,
                              [](const Query& query, const State&, const Source& source) {
                                const Var energies = energies_of(query, source);
                                Attended attended = finish(softmax(energies, source.lengths), source);
                                const auto maps = query.h.tape().allocate_span<Var>(2);
                                maps[0] = attended.weights;
                                maps[1] = softmax(scale(energies, 2), source.lengths);
                                attended.maps = maps;
                                return attended;
                              }),
                 "maps", "weights [#, #, #] is #, but the mean of the # maps there is #"});
  all.push_back({score_variant("one_energy",
                               [](const Query& query, const Source& source) {
                                 return slice_last(energies_of(query, source), 0, 1);
                               }),
                 "shapes", "the variant threw: score() returned [#, #, #], expected [B, T, S] = [#, #, #]"});
  return all;
}

Variant with_loss(Variant variant) {
  variant.losses = {{"own", 1, "for a test"}};
  return variant;
}

// Those that are wrong in what they do in training: random numbers, straight-through choices, own losses.
std::vector<Broken> wrong_in_training() {
  const auto noisy = [](const Query& query, const Source& source) {
    const Var energies = energies_of(query, source);
    return source.training ? add(energies, query.gumbel("noise", energies.shape()[2])) : energies;
  };
  std::vector<Broken> all;
  all.push_back({score_variant("undeclared_noise", noisy), "keys",
                 "the context [#, #, #] is #, and # with another key: a variant that takes random numbers says "
                 "`.stochastic = true`"});
  const auto plain = [](const Query& query, const Source& source) { return energies_of(query, source); };
  Variant calm = score_variant("declared_calm", plain);
  calm.stochastic = true;
  all.push_back({calm, "keys",
                 "another key gives the same bytes: a variant that takes no random numbers does not say "
                 "`.stochastic = true`"});
  Variant always = score_variant("always_noisy", [](const Query& query, const Source& source) {
    return add(energies_of(query, source), query.uniform("noise", source.h_s.shape()[1]));
  });
  always.stochastic = true;
  all.push_back(
      {always, "shapes",
       "when it translates: the variant threw: uniform: random numbers \"noise\" are for training only; ask "
       "source.training, and without it do what needs none"});
  all.push_back({wide_variant("undeclared_choice", true,
                              [](const Query& query, const State&, const Source& source) {
                                const Var soft = softmax(energies_of(query, source), source.lengths);
                                return finish(query.straight_through(hardmax(soft, source.lengths), soft), source);
                              }),
                 "gradients",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({wide_variant("unmasked_in_use", true,
                              [](const Query& query, const State&, const Source& source) {
                                const Var energies = energies_of(query, source);
                                return finish(
                                    source.training ? softmax(energies, source.lengths) : softmax(energies),
                                    source);
                              }),
                 "weights",
                 "when it translates: weights [#, #, #] is #, but the sentence has # positions: mask by "
                 "source.lengths"});
  all.push_back(
      {score_variant("undeclared_loss",
                     [](const Query& query, const Source& source) {
                       const Var energies = energies_of(query, source);
                       query.add_loss("own", sum_last(energies));
                       return energies;
                     }),
       "shapes",
       "the variant threw: add_loss: 'own' is not among the `.losses` of the registration; name it there, "
       "as in .losses = {{\"own\", #, \"what it is for\"}}"});
  all.push_back({with_loss(score_variant("no_loss", plain)), "shapes",
                 "the variant threw: add_loss: 'own' was given for # of # target positions; call it once for each "
                 "query"});
  all.push_back(
      {with_loss(score_variant("loss_of_all",
                               [](const Query& query, const Source& source) {
                                 const Var energies = energies_of(query, source);
                                 const Var each = sum_last(slice_last(energies, 0, 1));
                                 query.add_loss("own", add(scale(each, 0), sum(each)));
                                 return energies;
                               })),
       "losses",
       "the loss own [#, #, #] is #, and nan with NaN in the last two queries: a position's loss must not "
       "depend on later positions, which may be padding"});
  return all;
}

}  // namespace

std::vector<Broken> broken_variants() {
  std::vector<Broken> all = wrong_in_themselves();
  for (Broken& each : wrong_in_training()) all.push_back(std::move(each));
  for (Broken& each : wrong_beside_others()) all.push_back(std::move(each));
  return all;
}

}  // namespace regard::testing
