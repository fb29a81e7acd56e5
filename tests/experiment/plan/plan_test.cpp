// Over 350 lines: one case for each rule of a plan, so that rules about the same key are together.
#include "framework/experiment/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "framework/attention/registry.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/docs.h"
#include "framework/config/write.h"
#include "framework/tensor/cpu.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

Plan plan_of(const std::string& text) { return make_plan(config::parse_yaml(text, "p.yaml")); }

// Returns a valid plan of three lines and the given lines from line 4 on.
std::string small(const std::string& rest) {
  return "name: small\ndata: {corpus: reverse}\nsystems: {vanilla: {model.attention: none}}\n" + rest;
}
// Returns the same with systems on line 4.
std::string with_systems(const std::string& systems) {
  return "name: small\ndata: {corpus: reverse}\nsystems:\n" + systems;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(plan_of(text));
  } catch (const ConfigError& error) {
    CHECK(error.exit_code() == 2);
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("plan: report.metrics are names of known metrics and each stands once") {
  using runs::ReportMetric;
  CHECK(plan_of(small("")).report.metrics == runs::default_report_metrics());
  const Plan plan = plan_of(small("report: {metrics: [ter, bleu]}\n"));
  CHECK(plan.report.metrics == std::vector{ReportMetric::ter, ReportMetric::bleu});
  CHECK(has(config::to_yaml(plan.resolved), "  metrics: [ter, bleu]\n"));
  std::string known;
  for (const runs::NamedMetric& each : runs::report_metrics())
    known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", each.name, each.summary);
  CHECK(refusal(small("report:\n  metrics: [bleu, chfr2]\n")) ==
        "p.yaml:5:19: report.metrics[1]: unknown metric 'chfr2'; did you mean 'chrf2'? Known: " + known);
  CHECK(
      refusal(small("report: {metrics: bleu}\n"))
          .starts_with(
              "p.yaml:4:19: report.metrics: expected a list, each item one of: bleu, bleu_longest, greedy_bleu, "));
  CHECK(refusal(small("report: {metrics: []}\n")) ==
        "p.yaml:4:19: report.metrics: a table needs one metric at least");
  CHECK(refusal(small("report: {metrics: [ter, bleu, ter]}\n")) ==
        "p.yaml:4:19: report.metrics: 'ter' is named twice; leave out one of the two");
  CHECK(has(config::explain(plan_rows(), "report.metrics"), "\n  chrf2      chrF2 of the beam's translations"));
}

TEST_CASE("plan: every default is filled in and the resolved plan is read back as the same") {
  const Plan plan = plan_of(small(""));
  const std::string text = config::to_yaml(plan.resolved);
  const Plan again = plan_of(text);
  CHECK(config::to_yaml(again.resolved) == text);
  CHECK(config::same(config::parse_yaml(text, "a"), config::parse_yaml(config::to_yaml(again.resolved), "b")));
  std::vector<std::string> sections;
  for (const auto& entry : plan.resolved.entries) sections.push_back(entry.key);
  CHECK(sections ==
        std::vector<std::string>{"name", "data", "model", "systems", "seeds", "training", "decoding", "report"});
  for (const char* key :
       {"data.corpus.seed", "data.vocabulary.min_frequency", "model.encoder.layers", "model.dropout.readout",
        "training.optimizer.beta1", "training.batch.sentences", "decoding.beam", "report.baseline"}) {
    INFO(key);
    REQUIRE(plan.resolved.find(key) != nullptr);
    CHECK(plan.resolved.find(key)->kind == config::Node::Kind::scalar);
  }
  CHECK(plan.resolved.find("report.baseline")->scalar == "vanilla");
  CHECK(plan.seeds == std::vector<Index>{1});
  CHECK(plan.warnings.empty());
}

TEST_CASE("plan: the resolved plan keeps overrides with options and empty systems") {
  const Plan plan =
      plan_of(with_systems("  base: {}\n  none:\n  mine: {model.attention: {type: concat, hidden: 7}, "
                           "training.epochs: 3, decoding.beam: 9}\n"));
  REQUIRE(plan.systems.size() == 3);
  CHECK(plan.systems[0].overrides.empty());
  CHECK(plan.systems[1].overrides.empty());
  const Plan again = plan_of(config::to_yaml(plan.resolved));
  CHECK(config::to_yaml(again.resolved) == config::to_yaml(plan.resolved));
  for (const Plan* each : {&plan, &again}) {
    const System& mine = system_named(*each, "mine");
    CHECK(mine.model.attention.name == "concat");
    CHECK(mine.training.epochs == 3);
    CHECK(mine.decoding.beam == 9);
    CHECK(mine.model.hidden == each->systems[0].model.hidden);
    CHECK(each->systems[0].training.epochs == 10);
    CHECK(each->systems[0].decoding.beam != 9);
  }
}

TEST_CASE("plan: --set and extends override each other in their order") {
  const test::TempFolder folder;
  write_file(folder / "base.yaml", small("model: {hidden: 32, embedding: 16}\ntraining: {epochs: 3}\n"));
  write_file(folder / "p.yaml", "extends: base.yaml\nname: child\nmodel: {hidden: 64}\n");
  const std::vector<std::string> sets{"training.epochs=5", "seeds=[4, 2]"};
  const Plan plan = read_plan((folder / "p.yaml").string(), sets);
  CHECK(plan.name == "child");
  CHECK(plan.systems[0].model.hidden == 64);
  CHECK(plan.systems[0].model.embedding == 16);
  CHECK(plan.systems[0].training.epochs == 5);
  CHECK(plan.seeds == std::vector<Index>{4, 2});
  CHECK(read_plan((folder / "p.yaml").string()).systems[0].training.epochs == 3);
}

TEST_CASE("plan: --set applies to systems that set the key themselves") {
  const test::TempFolder folder;
  const std::string file = (folder / "p.yaml").string();
  write_file(file, with_systems("  a: {model.hidden: 8, model.attention: dot}\n"
                                "  b: {model: {hidden: 10}, model.attention: {type: concat, hidden: 7}}\n"
                                "  c:\n"));
  const auto with = [&](const std::vector<std::string>& sets) { return read_plan(file, sets); };
  for (const System& system : with({"model.hidden=20"}).systems) CHECK(system.model.hidden == 20);
  for (const System& system : with({"model={hidden: 20}"}).systems) CHECK(system.model.hidden == 20);
  for (const System& system : with({"model.attention=general"}).systems)
    CHECK(system.model.attention.name == "general");
  const Plan concat = with({"model.attention={type: concat, hidden: 9}"});
  for (const System& system : concat.systems) CHECK(system.model.attention.options.integer("hidden") == 9);
  const Plan again = plan_of(config::to_yaml(concat.resolved));
  CHECK(again.systems[1].model.attention.options.integer("hidden") == 9);
  CHECK(again.systems[1].model.hidden == 10);
  CHECK(with({"model.attention.hidden=9", "model.attention.type=concat"})
            .systems[1]
            .model.attention.options.integer("hidden") == 9);
}

TEST_CASE("plan: --set of a key that a grid varies is an error that names the grid") {
  const test::TempFolder folder;
  const std::string file = (folder / "p.yaml").string();
  write_file(file, small("grid: {model.hidden: [4, 6]}\n"));
  const std::vector<std::string> one{"model.hidden=20"};
  CHECK_THROWS_WITH(read_plan(file, one),
                    "--set model.hidden=20: model.hidden: grid varies this key; set its list of values: "
                    "grid.model.hidden=[…]");
  const std::vector<std::string> list{"grid.model.hidden=[20]"};
  CHECK(read_plan(file, list).systems[0].model.hidden == 20);
}

TEST_CASE("plan: a system's section keeps its other keys in any order") {
  for (const char* keys : {"{model.attention.hidden: 7, model.attention: concat}",
                           "{model.attention: concat, model.attention.hidden: 7}"}) {
    const Plan plan = plan_of(with_systems(fmt::format("  a: {}\n", keys)));
    CHECK(plan.systems[0].model.attention.options.integer("hidden") == 7);
    const Plan again = plan_of(config::to_yaml(plan.resolved));
    CHECK(again.systems[0].model.attention.options.integer("hidden") == 7);
  }
}

TEST_CASE("plan: seeds are a list or ranges as on the command line") {
  CHECK(plan_of(small("seeds: 1-3,7\n")).seeds == std::vector<Index>{1, 2, 3, 7});
  CHECK(plan_of(small("seeds: 4\n")).seeds == std::vector<Index>{4});
  CHECK(plan_of(small("tune: {grid: {model.hidden: [4]}, seeds: 2-3}\n")).tune.seeds == std::vector<Index>{2, 3});
  CHECK(has(
      config::explain(plan_rows(), "seeds"),
      "\n  accepts  a list, each item a whole number >= 0; or numbers and ranges: 1-3,7; or {first, most, until: "
      "decided}\n"));
  const auto schema = nlohmann::json::parse(config::schema(plan_rows()))["properties"];
  for (const auto& seeds : {schema["seeds"], schema["tune"]["anyOf"][0]["properties"]["seeds"]}) {
    CHECK(seeds["anyOf"][0]["type"] == "array");
    CHECK(seeds["anyOf"][1]["type"] == "string");
    CHECK(seeds["anyOf"][2]["type"] == "integer");
    const std::regex pattern(seeds["anyOf"][1]["pattern"].get<std::string>());
    for (const char* good : {"1-3,7", "4", "0-9", "1,2,3"}) CHECK(std::regex_match(good, pattern));
    for (const char* bad : {"", "1-", "-1", "1-3,", "1 - 3", "one", "1234567890"})
      CHECK_FALSE(std::regex_match(bad, pattern));
  }
  CHECK(refusal(small("seeds: 1-\n")) ==
        "p.yaml:4:8: seeds: expected a list of whole numbers, or numbers and ranges such as 1-3,7, got \"1-\"");
  CHECK(refusal(small("seeds: 3-1\n")) == "p.yaml:4:8: seeds: the range 3-1 is empty or too long");
}

TEST_CASE("plan: a misspelt required key is named with its line") {
  CHECK(refusal("name: small\ndata: {corpus: reverse}\nsistems: {a: {}}\n") ==
        "p.yaml:3:1: unknown key 'sistems' at the top; did you mean 'systems'?");
  CHECK(refusal("data: {corpus: reverse}\nnmae: small\nsystems: {a: {}}\n") ==
        "p.yaml:2:1: unknown key 'nmae' at the top; did you mean 'name'?");
}

TEST_CASE("plan: a child plan removes a system of its parent with null") {
  const test::TempFolder folder;
  write_file(folder / "base.yaml",
             with_systems("  dot: {model.attention: dot}\n  none: {model.attention: none}\n"));
  write_file(folder / "p.yaml", "extends: base.yaml\nsystems:\n  dot: null\n  none:\n  more: {}\n");
  const Plan plan = read_plan((folder / "p.yaml").string());
  REQUIRE(plan.systems.size() == 2);
  CHECK(plan.systems[0].name == "none");
  CHECK(plan.systems[0].model.attention.name == "none");
  CHECK(plan.systems[1].name == "more");
}

TEST_CASE("plan: equal systems are noted once each") {
  const Plan plan = plan_of(with_systems("  a: {}\n  b: {model.hidden: 8}\n  c: {}\n"));
  CHECK(plan.warnings == std::vector<std::string>{"systems 'a' and 'c' are the same"});
}

TEST_CASE("plan: an unknown key in any section is refused with its place") {
  CHECK_THAT(refusal(small("sedes: [1]\n")),
             StartsWith("p.yaml:4:1: unknown key 'sedes' at the top; did you mean 'seeds'? Known keys: "));
  CHECK_THAT(refusal("name: small\ndata: {corpsu: reverse}\nsystems: {a: {}}\n"),
             StartsWith("p.yaml:2:8: unknown key 'corpsu' in data; did you mean 'corpus'? Known keys: "));
  CHECK_THAT(refusal(small("model: {hiden: 3}\n")),
             StartsWith("p.yaml:4:9: unknown key 'hiden' in model; did you mean 'hidden'? Known keys: "));
  CHECK_THAT(refusal(small("training: {epoch: 3}\n")),
             StartsWith("p.yaml:4:12: unknown key 'epoch' in training; did you mean 'epochs'? Known keys: "));
  CHECK_THAT(refusal(small("decoding:\n  beem: 3\n")),
             StartsWith("p.yaml:5:3: unknown key 'beem' in decoding; did you mean 'beam'? Known keys: "));
  CHECK_THAT(refusal(small("report: {base: vanilla}\n")),
             StartsWith("p.yaml:4:10: unknown key 'base' in report; did you mean 'baseline'? Known keys: "));
  CHECK_THAT(
      refusal(with_systems("  a: {model.attention: {type: concat, hiden: 3}}\n")),
      StartsWith(
          "p.yaml:4:39: unknown key 'hiden' in model.attention (concat); did you mean 'hidden'? Known keys: "));
}

TEST_CASE("plan: a system can override only model and training and decoding") {
  CHECK(refusal(with_systems("  a: {data.corpus: copy}\n")) ==
        "p.yaml:4:7: systems.a: a system overrides keys of model, training or "
        "decoding, not 'data.corpus'; data and seeds are common to all systems");
  CHECK(refusal(with_systems("  a: {data.x: 1}\n")) ==
        "p.yaml:4:7: systems.a: a system overrides keys of model, training or "
        "decoding, not 'data.x'; data and seeds are common to all systems");
  CHECK(refusal(with_systems("  a: {seeds: [1]}\n")) ==
        "p.yaml:4:7: systems.a: a system overrides keys of model, training "
        "or decoding, not 'seeds'; data and seeds are common to all systems");
  CHECK_THAT(refusal(with_systems("  a: {model.hiden: 3}\n")),
             StartsWith("p.yaml:4:7: unknown key 'hiden' in model; did you mean 'hidden'? Known keys: "));
  CHECK(refusal(with_systems("  a: 3\n")) ==
        "p.yaml:4:6: systems.a: expected keys of model, training or decoding, got \"3\"");
}

TEST_CASE("plan: names that cannot be folders are refused with their place") {
  const std::string rule =
      ": the name is used for a folder or file, so it needs 1 to 200 bytes of UTF-8 without '/' or control "
      "characters, must not start with '-' or '.', and cannot be one of the run folder's own names "
      "(claim.jsonl, data, decisions.json, external, log, plan.folder, plan.resolved.yaml, "
      "plan.yaml, plugins, progress.json, report, timing, tune, tune.json)";
  CHECK(refusal(with_systems("  a/b: {}\n")) == "p.yaml:4:8: systems.a/b: a system is named \"a/b\"" + rule);
  CHECK(refusal(with_systems("  data: {}\n")) == "p.yaml:4:9: systems.data: a system is named \"data\"" + rule);
  CHECK(refusal(with_systems("  --help: {}\n")) ==
        "p.yaml:4:11: systems.--help: a system is named \"--help\"" + rule);
  CHECK(refusal(with_systems("  tune.json: {}\n")) ==
        "p.yaml:4:14: systems.tune.json: a system is named \"tune.json\"" + rule);
  CHECK(
      refusal("name: a\ndata: {files: {train: [a, b], valid: [a, b], test: {log: [a, b]}}}\nsystems: {a: {}}\n") ==
      "p.yaml:2:58: data.files.test.log: a test set is named \"log\"" + rule);
  CHECK(refusal(small("report: {external: {-x: {test: a}}}\n")) ==
        "p.yaml:4:25: report.external.-x: a system is named \"-x\"" + rule);
  CHECK(refusal("name: a/b\ndata: {corpus: reverse}\nsystems: {a: {}}\n") ==
        "p.yaml:1:7: name: a plan is named \"a/b\"" + rule);
  CHECK(refusal(with_systems("  a: {}\n  a: {}\n")) ==
        "p.yaml:5:3: key 'a' is given twice in systems; the first is at line 4");
}

TEST_CASE("plan: systems and data and a name are required") {
  CHECK(refusal("name: small\ndata: {corpus: reverse}\nsystems: {}\n") ==
        "p.yaml:3:10: systems: a plan needs at least one system");
  CHECK(refusal("name: small\ndata: {corpus: reverse}\n") ==
        "p.yaml:1:1: systems: is missing; give names, each with any value: the systems to compare: NAME: {keys of "
        "model, training or decoding that differ}");
  CHECK(refusal("name: small\nsystems: {a: {}}\n") ==
        "p.yaml:1:1: data.corpus: there is no text to train on; name a "
        "built-in corpus (chat_noir, copy, reverse) or give data.files");
  CHECK(refusal("data: {corpus: reverse}\nsystems: {a: {}}\n") ==
        "p.yaml:1:1: name: is missing; give text: name of the plan, and of its folder under runs/");
}

TEST_CASE("plan: seeds are different whole numbers") {
  CHECK(refusal(small("seeds: [1, 2, 1]\n")) ==
        "p.yaml:4:8: seeds: seed 1 is listed twice; a second identical run adds nothing");
  CHECK(refusal(small("seeds: []\n")) == "p.yaml:4:8: seeds: a plan needs at least one seed");
  CHECK(refusal(small("seeds: [-1]\n")) == "p.yaml:4:9: seeds[0]: expected a whole number >= 0, got \"-1\"");
}

TEST_CASE("plan: the baseline is one of the systems") {
  CHECK(
      refusal(small("report: {baseline: vanila}\n")) ==
      "p.yaml:4:20: report.baseline: no system is named 'vanila'; did you mean 'vanilla'? The plan has: vanilla");
  const Plan plan = plan_of(small(""));
  CHECK_THROWS_WITH(system_named(plan, "vanila"),
                    "no system is named 'vanila'; did you mean 'vanilla'? The plan has: vanilla");
}

TEST_CASE("plan: the error of a wrong type names the expected and the given value") {
  CHECK(refusal(small("model: {hidden: fast}\n")) ==
        "p.yaml:4:17: model.hidden: expected a whole number from 1 to 65536, got \"fast\"");
  CHECK(refusal(small("training: {learning_rate: fast}\n")) ==
        "p.yaml:4:27: training.learning_rate: expected a number > 0, got \"fast\"");
  CHECK(refusal(small("decoding: {beam: 0}\n")) ==
        "p.yaml:4:18: decoding.beam: expected a whole number from 1 to 1000, got \"0\"");
  CHECK(refusal(small("model: 3\n")) == "p.yaml:4:8: model: expected keys and values, got \"3\"");
  CHECK(refusal(small("seeds: {a: 1}\n")) ==
        "p.yaml:4:9: unknown key 'a' in seeds. Known keys: first, most, until");
  CHECK(refusal(with_systems("  a: {training.batch: {tokens: 3, sentences: 4}}\n")) ==
        "p.yaml:4:23: training.batch: a batch is limited by either "
        "tokens or sentences, but both are given (3 and 4); remove one");
}

TEST_CASE("plan: the error of an unknown name lists the known ones and the nearest") {
  CHECK_THAT(refusal(with_systems("  a: {model.attention: dott}\n")),
             StartsWith("p.yaml:4:24: model.attention: unknown attention 'dott'; did you mean 'dot'? Known: "));
  CHECK_THAT(refusal(with_systems("  a: {training.optimizer: adm}\n")),
             StartsWith("p.yaml:4:27: training.optimizer: unknown optimizer 'adm'; did you mean 'adam'? Known: "));
  CHECK_THAT(
      refusal(with_systems("  a: {training.schedule: plato}\n")),
      StartsWith("p.yaml:4:26: training.schedule: unknown schedule 'plato'; did you mean 'plateau'? Known: "));
  CHECK_THAT(refusal("name: small\ndata: {corpus: revers}\nsystems: {a: {}}\n"),
             StartsWith("p.yaml:2:16: data.corpus: unknown corpus 'revers'; did you mean 'reverse'? Known: "));
}

TEST_CASE("plan: impossible combinations of keys are refused") {
  CHECK(refusal(with_systems(
            "  dot: {model.attention: dot, model.encoder.hidden: 256, model.decoder.bridge: linear}\n")) ==
        "p.yaml:4:26: model.attention: attention 'dot' needs decoder size 512 "
        "equal to encoder output 256; 'general' bridges them (system 'dot')");
  CHECK(refusal(with_systems("  odd: {model.encoder.hidden: 255, model.decoder.bridge: linear}\n")) ==
        "p.yaml:4:31: model.encoder.bidirectional: each of the two directions has "
        "half of the width 255; make it even (system 'odd')");
  CHECK(refusal(with_systems("  deep: {model.encoder.layers: 2}\n")) ==
        "p.yaml:4:32: model.decoder.bridge: 'copy' needs equal widths and layers, but the encoder "
        "has 2 layers of 512 and the decoder 1 of 512; 'linear' bridges them (system 'deep')");
  CHECK(refusal(with_systems("  wide: {model.encoder.hidden: 256, model.decoder.bridge: copy}\n"))
            .find("the encoder has 1 layers of 256 and the decoder 1 of 512") != std::string::npos);
  CHECK(refusal(with_systems("  tied: {model.embedding: 64, model.tied_embeddings: target}\n")) ==
        "p.yaml:4:54: model.tied_embeddings: the output layer reads 512 units, but an embedding has 64, "
        "and both use the same matrix; set model.decoder.readout_size to 64 (system 'tied')");
  CHECK(refusal(with_systems(
            "  all: {model.embedding: 512, model.tied_embeddings: all, model.decoder.embeddings: x}\n")) ==
        "p.yaml:4:85: model.decoder.embeddings: tied_embeddings 'all' uses one matrix; name its file as "
        "model.encoder.embeddings (system 'all')");
  CHECK(refusal(with_systems("  a: {training.guided_alignment: 0.5}\n")) ==
        "p.yaml:4:34: training.guided_alignment: there is no attention "
        "to guide; set it to 0 for this system (system 'a')");
  CHECK(refusal(with_systems("  a: {model.attention: pointer, training.label_smoothing: 0.1}\n")) ==
        "p.yaml:4:59: training.label_smoothing: attention 'pointer' copies words, and smoothing is over the "
        "vocabulary alone; set it to 0 for this system (system 'a')");
  CHECK(
      refusal(with_systems("  a: {model.attention: pointer, training.scheduled_sampling.decay: linear}\n")) ==
      "p.yaml:4:68: training.scheduled_sampling.decay: attention 'pointer' copies words, and the model's own words "
      "are then not those of the output layer alone; set it to none for this system (system 'a')");
  CHECK(refusal(with_systems("  a: {training.attention_coverage: 0.5}\n")) ==
        "p.yaml:4:36: training.attention_coverage: there is no attention "
        "that has weights; set it to 0 for this system (system 'a')");
  CHECK(refusal("name: small\ndata: {corpus: reverse, tokenizer: char}\nmodel: {attention: dot}\n"
                "training: {guided_alignment: 1}\nsystems: {a: {}}\n") ==
        "p.yaml:4:30: training.guided_alignment: alignments link words, but the tokenizer "
        "is 'char'; use the tokenizer 'word' (system 'a')");
  CHECK(plan_of(with_systems("  flat: {model.residual: true}\n")).warnings ==
        std::vector<std::string>{
            "system 'flat': model.residual has no effect with one layer; it starts at the second"});
  CHECK(plan_of(with_systems(
                    "  ok: {model.encoder.hidden: 256, model.decoder.bridge: linear, model.attention: general}\n"))
            .systems.size() == 1);
}

TEST_CASE("plan: a patience that cannot end the training gives a warning") {
  CHECK(plan_of(with_systems("  a: {training.patience: 10}\n")).warnings ==
        std::vector<std::string>{"system 'a': training.patience 10 can never end 10 epochs early"});
  CHECK(plan_of(with_systems("  a: {training.patience: 9}\n")).warnings.empty());
  CHECK(plan_of(with_systems("  a: {training.patience: 90, training.validate_every: 5}\n")).warnings.empty());
}

TEST_CASE("plan: a precision that is not faster on the processor gives a warning") {
  const InstructionSet before = instruction_set();
  force_instruction_set(InstructionSet::baseline);
  CHECK(plan_of(with_systems(
                    "  a: {model.precision: bfloat16}\n  b: {model.precision: bfloat16, training.epochs: 3}\n"))
            .warnings ==
        std::vector<std::string>{"model.precision: this processor, or the instruction set or backend chosen, "
                                 "has no products of bfloat16: they are taken as float32"});
  CHECK(plan_of(with_systems("  a: {model.precision: float64}\n")).warnings.empty());
  force_instruction_set(before);
}

TEST_CASE("plan rows: sections list their own keys for explain and the schema") {
  const auto rows = plan_rows();
  for (const char* name : {"data", "model", "training", "decoding", "report"}) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& each) { return each.name == name; });
    REQUIRE(row != rows.end());
    CHECK(row->type == config::OptionRow::Type::section);
    CHECK_FALSE(row->inner.empty());
  }
}

TEST_CASE("plan: impossible combinations of decoding options are refused with their place") {
  const auto said = [](const std::string& decoding) { return refusal(small("decoding: {" + decoding + "}\n")); };
  CHECK(said("nbest: 6") ==
        "p.yaml:4:19: decoding.nbest: 6 translations cannot come of a beam of 5; set decoding.beam to 6 at least "
        "(system 'vanilla')");
  CHECK(said("coverage_penalty: 0.2") ==
        "p.yaml:4:30: decoding.coverage_penalty: there is no attention that could cover anything; set it to 0 for "
        "this system (system 'vanilla')");
  CHECK(said("length_norm: gmnt") ==
        "p.yaml:4:25: decoding.length_norm: unknown length_norm 'gmnt'; did you mean 'gnmt'? Known: "
        "average (log p / length^alpha), gnmt (log p / ((5 + length) / 6)^alpha (Wu et al. 2016))");
}

}  // namespace regard::experiment
