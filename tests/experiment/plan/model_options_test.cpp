// Every option of `model:` can be set in a plan: it changes the result of the model, and the gradients are finite.
#include <cmath>

#include "framework/base/files.h"
#include "framework/experiment/data/corpora.h"
#include "framework/models/word_vectors.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"

namespace regard::experiment {
namespace {

Plan plan_of(const std::string& model, const std::string& system) {
  return make_plan(
      config::parse_yaml("name: p\ndata: {corpus: {type: reverse, train: 20, valid: 4, test: 4, test_long: 4, "
                         "symbols: 5}, vocabulary: "
                         "{shared: true}}\nmodel: {embedding: 8, hidden: 8, initializer: glorot" +
                             model + "}\nsystems: {s: {" + system + "}}\n",
                         "p.yaml"));
}

// Returns the bytes of the training loss and of all gradients.
std::string trained_once(const std::string& model_text, const std::string& system = "model.attention: general") {
  const Plan plan = plan_of(model_text, system);
  const Corpora corpora = load_corpora(plan, {"no-such-folder"});
  models::Seq2Seq model(plan.systems[0].model, corpora.prepared.source.size(), corpora.prepared.target.size(), 1);
  static_cast<void>(models::fit_to_vocabularies(plan.systems[0].model, corpora.prepared.source,
                                                corpora.prepared.target, model.params()));
  const data::Batch batch = testing::batch_of(corpora.prepared.train, {0, 1, 2, 3, 4, 5});
  Tape tape(model.arithmetic());
  model.params().begin_update();
  const Var loss = model.loss({tape, true, Key(1, "dropout"), batch.sentences}, batch);
  CHECK(std::isfinite(loss.value().at(0)));
  tape.backward(loss);
  model.params().finish_backward(tape);
  std::string bytes = testing::bytes_of(loss.value());
  for (const nn::Param& param : model.params().all()) {
    for (Index i = 0; i < param.grad().size(); ++i) CHECK(std::isfinite(param.grad().at(i)));
    bytes += testing::bytes_of(param.grad());
  }
  return bytes;
}

}  // namespace

TEST_CASE("model options: each can be set in a plan and changes the result") {
  const test::TempFolder folder;
  write_file(folder / "v.txt", "s1 1 2 3 4 5 6 7 8\ns2 8 7 6 5 4 3 2 1\n");
  const std::string vectors = (folder / "v.txt").string();
  const std::string deep = ", encoder: {layers: 2}, decoder: {layers: 2}";
  struct Case {
    std::string without, with, system = "model.attention: general";
  };
  std::vector<Case> cases = {
      {"", ", cell: gru"},
      {"", ", layer_norm: true"},
      {deep, deep + ", residual: true"},
      {deep, deep + ", layer_norm: true"},
      {"", ", tied_embeddings: target"},
      {", tied_embeddings: target", ", tied_embeddings: all"},
      {"", ", encoder: {bidirectional: false}"},
      {"", ", encoder: {reverse_source: true}"},
      {", decoder: {bridge: linear}", ", decoder: {bridge: linear}, encoder: {hidden: 12}"},
      {"", fmt::format(", encoder: {{embeddings: {}}}", vectors)},
      {"", fmt::format(", decoder: {{embeddings: {}}}", vectors)},
      {"", ", decoder: {input_feeding: true}"},
      {"", ", decoder: {order: bahdanau}"},
      {", decoder: {order: bahdanau, readout: tanh}", ", decoder: {order: bahdanau, readout: maxout}"},
      {"", ", decoder: {readout_size: 6}"},
      {"", ", decoder: {final_state: every_step}", "model.attention: none"},
      {", dropout: {embedding: 0.5}", ", dropout: {embedding: 0.5, variational: true}"},
      {deep, deep + ", dropout: {layers: 0.5}"},
  };
  for (const char* layers : {"2", "3", "4"})
    cases.push_back({"", fmt::format(", encoder: {{layers: {0}}}, decoder: {{layers: {0}}}", layers)});
  for (const char* name : {"embedding", "states", "encoder", "context", "readout", "source_words", "target_words"})
    cases.push_back({"", fmt::format(", dropout: {{{}: 0.5}}", name)});
  const std::vector<std::string> bridges = {"copy", "linear", "mean", "zero"};
  for (std::size_t i = 0; i < bridges.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      cases.push_back({fmt::format(", decoder: {{bridge: {}}}", bridges[i]),
                       fmt::format(", decoder: {{bridge: {}}}", bridges[j])});
  }
  for (const Case& one : cases) {
    CAPTURE(one.without, one.with);
    const bool same = trained_once(one.without, one.system) == trained_once(one.with, one.system);
    CHECK_FALSE(same);
  }
}

}  // namespace regard::experiment
