#pragma once
// The paths of a run folder (docs/run-folder.md) as functions, so that no path is written twice. Names of systems and
// test sets are path components; invalid ones are refused (require_file_name).
#include <string>
#include <string_view>

#include "framework/base/base.h"
#include "framework/base/files.h"

namespace regard::runs {

// The format of run.yaml and of the folder. It is raised for a change that an older version would read wrongly.
inline constexpr std::string_view kFormat = "1";

// The files of one system with one seed: FOLDER/SYSTEM/seed-N/…
struct RunPaths {
  Path folder;

  [[nodiscard]] Path identity() const { return folder / "run.yaml"; }
  [[nodiscard]] Path manifest() const { return folder / "manifest.json"; }
  [[nodiscard]] Path history() const { return folder / "history.jsonl"; }
  [[nodiscard]] Path history_hashes() const { return folder / "history.sha256"; }  // of its lines
  [[nodiscard]] Path timing() const { return folder / "timing.jsonl"; }
  [[nodiscard]] Path log() const { return folder / "log.txt"; }
  [[nodiscard]] Path facts() const { return folder / "facts.json"; }  // what the run was worth (run_facts.h)
  [[nodiscard]] Path scores() const { return folder / "scores.json"; }
  [[nodiscard]] Path status() const { return folder / "status.json"; }
  // Results with other attention weights, of `regard attend --intervene`.
  [[nodiscard]] Path interventions() const { return folder / "interventions.json"; }
  [[nodiscard]] Path events() const { return folder / "tensorboard" / "events.out.tfevents.0.regard"; }
  [[nodiscard]] Path dictionary() const { return folder / "dictionary.txt"; }  // a copy of decoding.dictionary
  [[nodiscard]] Path checkpoints() const { return folder / "checkpoints"; }
  [[nodiscard]] Path best_checkpoint() const { return checkpoints() / "best.safetensors"; }
  [[nodiscard]] Path last_checkpoint() const { return checkpoints() / "last.safetensors"; }
  [[nodiscard]] Path previous_checkpoint() const { return checkpoints() / "previous.safetensors"; }
  [[nodiscard]] Path hypotheses(std::string_view test) const;         // of beam search, detokenised
  [[nodiscard]] Path greedy_hypotheses(std::string_view test) const;  // of greedy search, detokenised
  [[nodiscard]] Path hypothesis_tokens(std::string_view test) const;  // tokens of beam search
  [[nodiscard]] Path nbest(std::string_view test) const;              // n-best lists with scores
  [[nodiscard]] Path attention(std::string_view test) const;          // for the run's own translations
  [[nodiscard]] Path forced_attention(std::string_view test) const;   // for the references
  [[nodiscard]] Path forced_links(std::string_view test) const;       // the most weighted word for each word
};

// The number of hash digits in the name of a plug-in's copy.
inline constexpr std::size_t kCopyDigits = 12;

// The files of one plan.
struct RunFolder {
  Path folder;

  [[nodiscard]] Path plan() const { return folder / "plan.yaml"; }
  // The way from here to the folder where the relative paths of the plans start.
  [[nodiscard]] Path plan_folder() const { return folder / "plan.folder"; }
  [[nodiscard]] Path resolved_plan() const { return folder / "plan.resolved.yaml"; }
  [[nodiscard]] Path plugins() const { return folder / "plugins"; }
  // Returns the copy of a plug-in, named after its content: plugins/my_score-0123456789ab.so.
  [[nodiscard]] Path plugin(std::string_view name, std::string_view sha256) const;
  [[nodiscard]] Path progress() const { return folder / "progress.json"; }
  [[nodiscard]] Path tune() const { return folder / "tune"; }                 // a separate run folder
  [[nodiscard]] Path tuning() const { return folder / "tune.json"; }          // the choice of the tuning
  [[nodiscard]] Path decisions() const { return folder / "decisions.json"; }  // of report.claim
  [[nodiscard]] Path claim_history() const {
    return folder / "claim.jsonl";
  }  // when it was registered and changed
  [[nodiscard]] Path data() const { return folder / "data"; }
  [[nodiscard]] Path data_facts() const { return data() / "data.json"; }
  [[nodiscard]] Path source_vocabulary() const { return data() / "source.vocab"; }
  [[nodiscard]] Path target_vocabulary() const { return data() / "target.vocab"; }
  // The models of the tokenisers. If both sides share one, it is the source's file.
  [[nodiscard]] Path source_tokenizer() const { return data() / "source.model"; }
  [[nodiscard]] Path target_tokenizer() const { return data() / "target.model"; }
  [[nodiscard]] Path prepared() const { return data() / "prepared"; }  // can be made again: no result
  // The sha256 of the plan's files, for workers.
  [[nodiscard]] Path input_hashes() const { return prepared() / "inputs.json"; }
  [[nodiscard]] Path test_source(std::string_view test) const;
  [[nodiscard]] Path test_target(std::string_view test) const;
  [[nodiscard]] Path test_source_tokens(std::string_view test) const;
  [[nodiscard]] Path test_target_tokens(std::string_view test) const;
  [[nodiscard]] Path test_alignment(std::string_view test) const;
  [[nodiscard]] Path test_tokenized(std::string_view test) const;  // the target, lower-cased and tokenised
  [[nodiscard]] RunPaths run(std::string_view system, Index seed) const;
  [[nodiscard]] Path externals() const { return folder / "external"; }
  [[nodiscard]] Path external(std::string_view system, std::string_view test) const;
  [[nodiscard]] Path report() const { return folder / "report"; }
};

// Refuses a name that cannot be a component of a path: empty, longer than 200 bytes, not UTF-8, with '/' or a control
// character, starting with '-' (a program would read it as an option) or '.', or used by the folder itself ("data",
// "plan.yaml", "log", …). `what` is the kind of the name: ConfigError "a system is named "a/b": …".
void require_file_name(std::string_view what, std::string_view name);

}  // namespace regard::runs
