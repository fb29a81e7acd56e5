#pragma once
// The keys of each JSON file and line of a run folder, written once for reading and writing. fields() calls `io` with
// each key and its member; io.optional() for a key that older folders do not have; io.choice() for a bool or an enum,
// with a word for each of its values.
#include <array>
#include <concepts>
#include <type_traits>

#include "framework/runs/progress.h"
#include "framework/runs/results.h"

namespace regard::runs {

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

void fields(auto& io, Like<SplitFacts> auto& s) {
  io("sentences", s.sentences);
  io("source_tokens", s.source_tokens);
  io("target_tokens", s.target_tokens);
}

void fields(auto& io, Like<DataFacts> auto& d) {
  io("corpus", d.corpus);
  io("description", d.description);
  io("synthetic", d.synthetic);
  io("source_language", d.source_language);
  io("target_language", d.target_language);
  io("train", d.train);
  io("valid", d.valid);
  io("tests", d.tests);
  io("source_vocabulary", d.source_vocabulary);
  io("target_vocabulary", d.target_vocabulary);
  io("hashes", d.hashes);
}

void fields(auto& io, Like<Intervened> auto& i) {
  io("losses", i.losses);
  io.unless_empty("lines", i.lines);
}

void fields(auto& io, Like<Interventions> auto& i) {
  io("checkpoint", i.checkpoint);
  io("record", i.record);
  io("texts", i.texts);
  io.unless_empty("other", i.other);
  io.unless_empty("other_checkpoint", i.other_checkpoint);
  io.unless_empty("refused", i.refused);
  io("tests", i.tests);
}

void fields(auto& io, Like<Manifest> auto& m) {
  io("regard", m.regard);
  io("commit", m.commit);
  io("tree_clean", m.tree_clean);
  io("compiler", m.compiler);
  io("flags", m.flags);
  io("cpu", m.cpu);
  io("instruction_set", m.instruction_set);
  io("backend", m.backend);
  io("precision", m.precision);
  io.optional("portable", m.portable);  // older folders do not have it
  io.optional("not_portable", m.not_portable);
  io("threads", m.threads);
  io("libraries", m.libraries);
  io("plugins", m.plugins);
  io.unless_empty("plugin_checks", m.plugin_checks);
  io("parameters", m.parameters);
  io("parameters_by_part", m.parameters_by_part);
  io("started", m.started);
  io("finished", m.finished);
  io("training_seconds", m.training_seconds);
  io("decoding_seconds", m.decoding_seconds);
  io("target_tokens_per_second", m.target_tokens_per_second);
  io("peak_memory_bytes", m.peak_memory_bytes);
  io("decoded", m.decoded);
  io.optional("cut", m.cut);  // older folders do not have the next three
  io.optional("attention_by", m.attention_by);
  io.optional("best_by", m.best_by);
  io.optional("flops_per_token", m.flops_per_token);  // older folders do not have it
  io.optional("run_hash", m.run_hash);
  io.optional("data_hash", m.data_hash);
  io.optional("files", m.files);
}

void fields(auto& io, Like<HistoryEntry> auto& h) {
  io("epoch", h.epoch);
  io("update", h.update);
  io("tokens", h.tokens);
  io("learning_rate", h.learning_rate);
  io("train_loss", h.train_loss);
  io("gradient_norm", h.gradient_norm);
  io("valid_loss", h.valid_loss);
  io("valid_perplexity", h.valid_perplexity);
  io("valid_bleu", h.valid_bleu);
  io("best", h.best);
  io.unless_empty("losses", h.losses);
  io.unless_empty("watched", h.watched);
}

void fields(auto& io, Like<TimingEntry> auto& t) {
  io("epoch", t.epoch);
  io("update", t.update);
  io("seconds", t.seconds);
  io("tokens_per_second", t.tokens_per_second);
  io("validation_seconds", t.validation_seconds);
}

void fields(auto& io, Like<BleuScore> auto& b) {
  io("score", b.score);
  io("precisions", b.precisions);
  io("bp", b.bp);
  io("hyp_len", b.hyp_len);
  io("ref_len", b.ref_len);
  io("signature", b.signature);
}

void fields(auto& io, Like<TestScores> auto& t) {
  io("bleu", t.bleu);
  io("greedy_bleu", t.greedy_bleu);
  io("loss", t.loss);
  io("perplexity", t.perplexity);
  io("sentences", t.sentences);
}

void fields(auto& io, Like<Scores> auto& s) { io("tests", s.tests); }

inline constexpr std::array<const char*, 2> kStatusStates{"failed", "finished"};

void fields(auto& io, Like<Status> auto& s) {
  io.choice("state", s.finished, kStatusStates);
  if (!s.finished) io("reason", s.reason);
  io("updates", s.updates);
  io("epochs", s.epochs);
  io("best_epoch", s.best_epoch);
  io("best_update", s.best_update);
  io("stopped", s.stopped);
  io.optional("time_dependent", s.time_dependent);
}

void fields(auto& io, Like<RunFact> auto& f) {
  io.choice("fact", f.kind, kFactNames);
  io("test", f.test);
  io("value", f.value);
  io("text", f.text);
}

void fields(auto& io, Like<RunFacts> auto& f) { io("facts", f.facts); }

void fields(auto& io, Like<TunedPoint> auto& p) {
  io("system", p.system);
  io("values", p.values);
  io("of_seed", p.of_seed);
  io("mean", p.mean);
  io.optional("epochs", p.epochs);
}

void fields(auto& io, Like<TunedSystem> auto& s) {
  io("name", s.name);
  io("points", s.points);
  io("chosen", s.chosen);
  io.optional("ends", s.ends);
}

void fields(auto& io, Like<Tuning> auto& t) {
  io("metric", t.metric);
  io.optional("search", t.search);
  io.optional("tried", t.tried);
  io("seeds", t.seeds);
  io("systems", t.systems);
}

void fields(auto& io, Like<SystemLook> auto& s) {
  io("system", s.system);
  io("seeds", s.look.seeds);
  io("difference", s.look.difference);
  io("seed_deviation", s.look.seed_deviation);
  io("sentence_deviation", s.look.sentence_deviation);
  io("level", s.look.level);
  io("low", s.look.low);
  io("high", s.look.high);
  io("equivalence_level", s.look.equivalence_level);
  io("equivalence_low", s.look.equivalence_low);
  io("equivalence_high", s.look.equivalence_high);
  io("spent", s.look.spent);
  io.choice("state", s.look.finding, evaluation::kFindings);
  io.choice("obstacle", s.look.obstacle, evaluation::kObstacles);
  io("needs_seeds", s.look.needs_seeds);
  io("needs_sentences", s.look.needs_sentences);
}

void fields(auto& io, Like<DecisionRound> auto& r) {
  io("seeds", r.seeds);
  io("systems", r.systems);
}

inline constexpr std::array<const char*, 4> kDecisionStates{"open", "decided", "hopeless", "most"};

void fields(auto& io, Like<Decisions> auto& d) {
  io("metric", d.metric);
  io("test", d.test);
  io("effect", d.effect);
  io("alpha", d.alpha);
  io("power", d.power);
  io("first", d.first);
  io("most", d.most);
  io("baseline", d.baseline);
  io("sentences", d.sentences);
  io.choice("state", d.state, kDecisionStates);
  io("rounds", d.rounds);
  io("seeds", d.seeds);
}

void fields(auto& io, Like<Registration> auto& r) {
  io("time", r.time);
  io("event", r.event);
  io("claim", r.claim);
  io("claim_hash", r.claim_hash);
  io("plan_hash", r.plan_hash);
  io("changes", r.changes);
  io("decoded", r.decoded);
  io("previous", r.previous);
  io("hash", r.hash);
}

void fields(auto& io, Like<RunProgress> auto& r) {
  io("system", r.system);
  io("seed", r.seed);
  io.choice("state", r.state, kProgressStates);
  io("stage", r.stage);
  io("epoch", r.epoch);
  io("epochs", r.epochs);
  io("update", r.update);
  io("updates", r.updates);
  io("loss", r.loss);
  io("bleu", r.bleu);
  io("tokens_per_second", r.tokens_per_second);
  io("seconds", r.seconds);
  io("seconds_left", r.seconds_left);
  io("reason", r.reason);
}

void fields(auto& io, Like<PlanProgress> auto& p) {
  io("plan", p.plan);
  io("jobs", p.jobs);
  io("seconds", p.seconds);
  io("runs", p.runs);
}

void fields(auto& io, Like<AttentionExample> auto& a) {
  io("index", a.index);
  io("source", a.source);
  io("target", a.target);
  io("weights", a.weights);
  io.unless_empty("maps", a.maps);
}

}  // namespace regard::runs
