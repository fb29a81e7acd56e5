#include "framework/experiment/run.h"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/stage.h"
#include "framework/config/write.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/chrf.h"
#include "framework/experiment/digest.h"
#include "framework/experiment/forced_attention.h"
#include "framework/experiment/provenance.h"
#include "framework/experiment/results_json.h"
#include "framework/experiment/stand.h"
#include "framework/experiment/tensorboard.h"
#include "framework/experiment/wording.h"
#include "framework/models/word_vectors.h"
#include "framework/training/checkpoint.h"
#include "framework/training/trainer.h"

namespace regard::experiment {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class Runner {
 public:
  Runner(const Plan& plan, const System& system, Index seed, const Corpora& corpora, const RunFolder& folder,
         const RunHooks& hooks)
      : plan_(plan),
        system_(system),
        seed_(seed),
        corpora_(corpora),
        paths_(folder.run(system.name, seed)),
        hooks_(hooks),
        model_(system.model, corpora.prepared.source.size(), corpora.prepared.target.size(),
               static_cast<std::uint64_t>(seed)) {
    make_folder(paths_.checkpoints());
    log_ = std::make_shared<spdlog::logger>(
        "run", std::make_shared<spdlog::sinks::basic_file_sink_mt>(paths_.log().string()));
    log_->set_pattern("%Y-%m-%d %H:%M:%S %v");
    log_->flush_on(spdlog::level::info);
    manifest_ = describe_build();
    manifest_.precision = name_of(model_.arithmetic());
    count_parameters(model_.params(), manifest_);
    if (system.training.guided_alignment > 0 && corpora.splits.train.gold.empty()) {
      throw DataError(
          "training.guided_alignment: the training text has no word alignments; give them as the third file of "
          "data.files.train, or set it to 0");
    }
    manifest_.plugins = plugins_of(plan, system);
    first_values_ = models::fit_to_vocabularies(system.model, corpora.prepared.source, corpora.prepared.target,
                                                model_.params());
    const auto& train = corpora.prepared.train;
    manifest_.flops_per_token = flops_per_token(model_.params(), train.source.tokens() + train.size(),
                                                train.target.tokens() + train.size(), train.size(),
                                                model_.decoder().has_attention() ? system.model.hidden : 0);
    std::string reason;
    if (const auto before = try_read_file(paths_.manifest(), reason)) {
      const auto old = from_json<Manifest>(*before, paths_.manifest().string());
      manifest_.started = old.started;
      manifest_.decoded = old.decoded;
      manifest_.decoding_seconds = old.decoding_seconds;
      manifest_.peak_memory_bytes = old.peak_memory_bytes;
    }
    write_file(paths_.identity(), config::to_yaml(identity_of(plan, system, seed)));
    manifest_.run_hash = sha256_file(paths_.identity());
    if (std::filesystem::exists(folder.data_facts())) manifest_.data_hash = sha256_file(folder.data_facts());
    write_manifest();
  }

  RunOutcome operator()() {
    log_->info("{} seed {}: {} parameters, {} threads", system_.name, seed_, manifest_.parameters,
               manifest_.threads);
    if (const auto why = models::why_not(system_.model.precision)) log_->warn("model.precision: {}", *why);
    for (const std::string& sentence : first_values_) log_->info("{}", sentence);
    Status status;
    try {
      say("training");
      if (!train(status)) return RunOutcome::interrupted;
      if (!decode()) return RunOutcome::interrupted;
      status.finished = true;
    } catch (const CheckpointError& error) {
      const std::string reason = fmt::format("{}; --retrain trains this run again from the start", error.what());
      fail(status, reason);
      throw CheckpointError(reason);
    } catch (const Error& error) {
      fail(status, error.what());
      throw;
    }
    manifest_.finished = now_utc();
    manifest_.files = hashes_of(paths_.folder);
    write_manifest();
    write_file(paths_.status(), to_json(status));
    log_->info("finished: {} after {} updates, best in epoch {}", status.stopped, status.updates,
               status.best_epoch);
    return RunOutcome::finished;
  }

 private:
  void fail(Status& status, const std::string& reason) const {
    status.finished = false;
    status.reason = reason;
    log_->error("failed: {}", reason);
    write_file(paths_.status(), to_json(status));
  }

  void write_manifest() {
    manifest_.peak_memory_bytes = std::max(manifest_.peak_memory_bytes, peak_memory_bytes());
    write_file(paths_.manifest(), to_json(manifest_));
  }

  void say(const std::string& stage) const {
    log_->info("{}", stage);
    if (hooks_.event) hooks_.event({.kind = RunEvent::Kind::stage, .stage = stage});
  }

  // False when it was told to stop.
  bool train(Status& status) {
    const Stage stage("train");
    training::Hooks hooks;
    hooks.validate = [this](const models::Seq2Seq& model) { return validate(model); };
    hooks.progress = [this](const training::Progress& progress) {
      if (hooks_.event) hooks_.event({.kind = RunEvent::Kind::progress, .progress = progress});
    };
    std::vector<std::string> history = read_log(paths_.history());
    std::vector<std::string> timing = read_log(paths_.timing());
    hooks.validated = [&](const training::HistoryRecord& record, const training::TimingRecord& time) {
      const HistoryEntry entry{record.epoch,
                               record.update,
                               record.tokens,
                               record.learning_rate,
                               record.train_loss,
                               record.gradient_norm,
                               record.valid_loss,
                               std::exp(record.valid_loss),
                               record.valid_bleu.value_or(0),
                               record.best};
      history.push_back(to_json(entry));
      history.back().pop_back();  // joined() gives each line its newline
      const TimingEntry took{time.epoch, time.update, time.seconds, time.tokens_per_second,
                             time.validation_seconds};
      timing.push_back(to_json(took));
      timing.back().pop_back();
      write_file(paths_.history(), joined(history));
      write_file(paths_.timing(), joined(timing));
      if (events_) events_->add(entry, took);
      manifest_.training_seconds = time.seconds;
      manifest_.target_tokens_per_second =
          time.seconds > 0 ? static_cast<double>(record.tokens) / time.seconds : 0;
      log_->info("epoch {} update {}: train loss {:.4f}, valid perplexity {:.3f}, valid BLEU {:.2f}{}",
                 record.epoch, record.update, record.train_loss, entry.valid_perplexity, entry.valid_bleu,
                 record.best ? ", best" : "");
      if (hooks_.event) hooks_.event({.kind = RunEvent::Kind::validated, .validation = entry});
    };
    hooks.stop = hooks_.stop;
    hooks.warn = [this](const std::string& warning) { log_->warn("{}", warning); };
    training::Trainer trainer(model_, corpora_.prepared.train, system_.training, static_cast<std::uint64_t>(seed_),
                              paths_.checkpoints(), hooks, corpora_.splits.train.gold);
    double seconds = 0;
    if (std::filesystem::exists(paths_.last_checkpoint()) ||
        std::filesystem::exists(paths_.previous_checkpoint())) {
      if (!timing.empty()) seconds = from_json<TimingEntry>(timing.back(), paths_.timing().string()).seconds;
      trainer.resume(paths_.last_checkpoint(), seconds);
      manifest_.training_seconds = seconds;
      manifest_.target_tokens_per_second = seconds > 0 ? static_cast<double>(trainer.state().tokens) / seconds : 0;
      log_->info("goes on after update {}", trainer.state().updates);
    } else if (!system_.training.warm_start.empty()) {
      const auto [taken, left] = training::take_parameters(system_.training.warm_start.expanded, model_.params());
      log_->info("begins with {} parameters of {} (sha256 {}); first values have: {}", taken.size(),
                 system_.training.warm_start.given, sha256_file(system_.training.warm_start.expanded),
                 left.empty() ? "none" : fmt::format("{}", fmt::join(left, ", ")));
    }
    // A line that was written before a kill, but whose checkpoint was not, comes again.
    history.resize(std::min(history.size(), static_cast<std::size_t>(trainer.state().validations)));
    timing.resize(std::min(timing.size(), history.size()));
    if (plan_.report.tensorboard) begin_events(history, timing);
    const training::Outcome outcome = trainer.run();
    if (outcome.stopped == training::Stopped::interrupted) return false;
    status.updates = outcome.state.updates;
    updates_ = outcome.state.updates;
    status.epochs = outcome.state.epochs;
    status.best_epoch = outcome.state.best_epoch;
    status.best_update = outcome.state.best_update;
    status.stopped = training::name_of(outcome.stopped);
    status.time_dependent = outcome.stopped == training::Stopped::minutes;
    return true;
  }

  void begin_events(const std::vector<std::string>& history, const std::vector<std::string>& timing) {
    std::vector<HistoryEntry> entries;
    std::vector<TimingEntry> times;
    for (const std::string& line : history)
      entries.push_back(from_json<HistoryEntry>(line, paths_.history().string()));
    for (const std::string& line : timing) times.push_back(from_json<TimingEntry>(line, paths_.timing().string()));
    events_.emplace(paths_, entries, times);
  }

  training::Validation validate(const models::Seq2Seq& model) const {
    const data::Dataset& valid = corpora_.prepared.valid;
    const decoding::Loss loss = decoding::forced_loss(model, valid, system_.decoding.batch_sentences);
    const auto greedy = decoding::validation_of(system_.decoding);
    const Wording wording(corpora_.prepared.target_tokenizer, corpora_.prepared.target, greedy);
    std::vector<std::string> lines;
    for (const auto& translation : decoding::translate(model, valid, greedy))
      lines.push_back(wording.line(wording.tokens(translation)));
    const auto bleu =
        evaluation::corpus_bleu(lines, {corpora_.splits.valid.target}, {.tokenizer = evaluation::Tokenizer::none});
    training::Validation validation{.loss = loss.per_token(), .bleu = bleu.score};
    if (system_.training.best_by == training::Metric::chrf) {
      const evaluation::Chrf chrf;
      validation.chrf = chrf.score(chrf.statistics(lines, {corpora_.splits.valid.target}).sum());
    }
    return validation;
  }

  // Every test set whose scores do not stand; false when it was told to stop. A test set stands with its entry in
  // scores.json, which is written after its files.
  bool decode() {
    Scores scores;
    std::string reason;
    if (const auto text = try_read_file(paths_.scores(), reason)) {
      scores = from_json<Scores>(*text, paths_.scores().string());
    }
    forget_other_tests(scores);
    const config::Path& dictionary = system_.decoding.dictionary;
    if (dictionary.empty()) std::filesystem::remove(paths_.dictionary());
    if (!dictionary.empty()) write_file(paths_.dictionary(), read_file(dictionary.expanded));
    bool loaded = false;
    const bool never = system_.decoding.test == decoding::TestSets::never;
    for (std::size_t at = 0; !never && at < corpora_.prepared.tests.size(); ++at) {
      const std::string& name = corpora_.prepared.tests[at].name;
      if (scores.tests.contains(name)) continue;
      if (hooks_.stop && hooks_.stop()) return false;
      if (!loaded) training::load_parameters(paths_.best_checkpoint(), model_.params());
      loaded = true;
      say("decoding " + name);
      ++manifest_.decoded[name];
      write_manifest();
      scores.tests[name] = decode(at);
      write_file(paths_.scores(), to_json(scores));
    }
    write_file(paths_.scores(), to_json(scores));
    return true;
  }

  // What stands of test sets that the plan no longer has.
  void forget_other_tests(Scores& scores) const {
    std::erase_if(scores.tests, [this](const auto& entry) {
      const auto& tests = corpora_.prepared.tests;
      const bool wanted =
          system_.decoding.test != decoding::TestSets::never &&
          std::any_of(tests.begin(), tests.end(), [&](const auto& t) { return t.name == entry.first; });
      if (wanted) return false;
      for (const Path& file :
           {paths_.hypotheses(entry.first), paths_.greedy_hypotheses(entry.first),
            paths_.hypothesis_tokens(entry.first), paths_.nbest(entry.first), paths_.attention(entry.first),
            paths_.forced_attention(entry.first), paths_.forced_links(entry.first)}) {
        std::filesystem::remove(file);
      }
      return true;
    });
  }

  TestScores decode(std::size_t at) {
    const auto& [name, dataset] = corpora_.prepared.tests[at];
    const data::Corpus& corpus = corpora_.splits.tests[at].corpus;
    const Stage decoding("decode");
    const auto start = Clock::now();
    const models::Seq2Seq* const model = &model_;
    const decoding::Translations found = decoding::translate_all({&model, 1}, dataset, system_.decoding);
    manifest_.decoding_seconds += seconds_since(start);
    const auto greedy = decoding::translate(model_, dataset, decoding::greedy_of(system_.decoding));
    const Wording wording(corpora_.prepared.target_tokenizer, corpora_.prepared.target, system_.decoding);
    std::vector<std::string> lines;
    std::vector<std::string> greedy_lines;
    std::vector<std::string> tokens;
    std::vector<std::string> nbest;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto source = wording.replaces() ? corpora_.prepared.source_tokenizer->encode(corpus.source[i])
                                             : std::vector<std::string>();
      const auto line = [&](const auto& each) { return wording.line(wording.written(each, source)); };
      lines.push_back(line(found[i].front()));
      greedy_lines.push_back(line(greedy[i]));
      tokens.push_back(fmt::format("{}", fmt::join(wording.tokens(found[i].front()), " ")));
      for (const auto& each : found[i])
        nbest.push_back(nbest_entry(static_cast<Index>(i), line(each), each.score, each.log_probability));
    }
    make_folder(paths_.hypotheses(name).parent_path());
    write_file(paths_.hypotheses(name), joined(lines));
    write_file(paths_.greedy_hypotheses(name), joined(greedy_lines));
    write_file(paths_.hypothesis_tokens(name), joined(tokens));
    if (system_.decoding.nbest > 1) write_file(paths_.nbest(name), joined(nbest));
    write_attention(name, dataset, found, wording);
    write_forced_attention(model_, corpora_, at, plan_.report.attention_sentences, paths_);
    const decoding::Loss loss = decoding::forced_loss(model_, dataset, system_.decoding.batch_sentences);
    const Stage scoring("score");
    TestScores test;
    test.bleu = score_lines(lines, corpus.target);
    test.greedy_bleu = score_lines(greedy_lines, corpus.target);
    test.loss = loss.per_token();
    test.perplexity = std::exp(test.loss);
    test.sentences = dataset.size();
    return test;
  }

  void write_attention(const std::string& name, const data::Dataset& dataset,
                       const decoding::Translations& translations, const Wording& wording) {
    if (!model_.decoder().has_attention()) return;
    std::string text;
    const Index count = std::min(plan_.report.attention_sentences, static_cast<Index>(translations.size()));
    for (Index i = 0; i < count; ++i) {
      const decoding::Translation& translation = translations[static_cast<std::size_t>(i)].front();
      AttentionExample example;
      example.index = i;
      for (const data::TokenId id : dataset.source[i])
        example.source.push_back(corpora_.prepared.source.token(id));
      example.source.emplace_back("</s>");
      example.target = wording.tokens(translation);
      if (translation.complete) example.target.emplace_back("</s>");
      const auto width = static_cast<std::size_t>(translation.source_length);
      for (std::size_t row = 0; row < example.target.size(); ++row) {
        const auto begin = translation.weights.begin() + static_cast<std::ptrdiff_t>(row * width);
        example.weights.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(width));
      }
      if (events_ && i == 0) events_->add(updates_, {fmt::format("attention/{}", name), example.weights});
      text += to_json(example);
    }
    make_folder(paths_.attention(name).parent_path());
    write_file(paths_.attention(name), text);
  }

  const Plan& plan_;
  const System& system_;
  Index seed_;
  const Corpora& corpora_;
  RunPaths paths_;
  const RunHooks& hooks_;
  models::Seq2Seq model_;
  std::shared_ptr<spdlog::logger> log_;
  Manifest manifest_;
  std::vector<std::string> first_values_;  // what the parameters start from, for the log
  std::optional<EventFile> events_;
  Index updates_ = 0;
};

}  // namespace

RunOutcome do_run(const Plan& plan, const System& system, Index seed, const Corpora& corpora,
                  const RunFolder& folder, const RunHooks& hooks) {
  return Runner(plan, system, seed, corpora, folder, hooks)();
}

}  // namespace regard::experiment
