#include "framework/data/options.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "framework/base/errors.h"
#include "framework/data/builtin.h"
#include "framework/data/line_form.h"

namespace regard::data {
namespace {

using config::Path;

const config::OptionTable<FilesOptions>& files_rows() {
  static const config::OptionTable<FilesOptions> rows = {
      config::option("name", &FilesOptions::name,
                     "name of the corpus in the report; empty: the first training file's name without its ending"),
      config::option(
          "train", &FilesOptions::train,
          "training text: [source, target], one sentence a line, in UTF-8; a third file may have the word "
          "alignment in Pharaoh form"),
      config::option("valid", &FilesOptions::valid, "validation text, in the same form"),
      config::option("test", &FilesOptions::test, "test sets by name, each in the same form"),
      config::option("tokenized", &FilesOptions::tokenized,
                     "for test sets of plain text: a file of their targets, lower-cased and tokenised, by name. "
                     "BLEU 'none', as in older papers, compares with it; translations are converted to this form"),
      config::option(
          "line", &FilesOptions::line,
          "the form of a line that has both sides: \"{source}\\t{target}\", \"IN: {source} OUT: {target}\". {features}, "
          "separated by ;, become words <A> behind the source; {_} is left out. Then each list has one file"),
      config::section("hold_out", &FilesOptions::hold_out, hold_out_rows(),
                      "takes the validation text out of the training text, in place of valid"),
  };
  return rows;
}

const config::OptionTable<VocabularyOptions>& vocabulary_rows() {
  static const config::OptionTable<VocabularyOptions> rows = {
      config::option(
          "min_frequency", &VocabularyOptions::min_frequency, config::at_least(1), "occurrences",
          "a token that is less frequent in the training text becomes <unk>; 2 makes the output layer smaller and "
          "trains the model on <unk>"),
      config::option("max_size", &VocabularyOptions::max_size, config::at_least(0), "tokens",
                     "keep only the most frequent tokens, without counting the four special ones; 0: keep all"),
      config::option("shared", &VocabularyOptions::shared,
                     "use one vocabulary for both sides; for tied embeddings or languages that share words"),
  };
  return rows;
}

[[noreturn]] void fail(const config::Section& section, const std::string& key, const std::string& message) {
  config::fail_at(config::where(section.node(), key), config::join_key(section.path(), key), message);
}

void require_files(const config::Section& section, const std::string& key, const std::vector<Path>& files,
                   bool one_file) {
  if (one_file) {
    if (files.size() == 1) return;
    fail(section, key,
         fmt::format("expected one file, [file], because data.files.line is given; got {}", files.size()));
  }
  if (files.size() == 2 || files.size() == 3) return;
  fail(section, key,
       fmt::format("expected [source, target] or [source, target, alignment], got {} file{}", files.size(),
                   files.size() == 1 ? "" : "s"));
}

// ConfigError unless `name` can be a part of file names.
void require_name(const config::Section& section, const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return;
  fail(section, "files.test." + name, "the name of a test set consists of letters, digits, '_' and '-'");
}

void require_numbers(const config::Section& section, const std::string& key, const std::vector<Index>& numbers) {
  if (numbers.empty()) fail(section, key, "the list is empty; [1] does not join pairs");
}

void require_source_of_text(const config::Section& section, const DataOptions& options) {
  const bool built_in = options.corpus.name != "none";
  const FilesOptions& given = options.files;
  const bool files = !given.train.empty() || !given.valid.empty() || !given.test.empty();
  if (built_in && (files || !given.name.empty() || !given.tokenized.empty() || !given.line.empty() ||
                   !given.hold_out.empty())) {
    fail(section, "files",
         fmt::format("the corpus '{}' is already chosen; give either data.corpus or data.files",
                     options.corpus.name));
  }
  if (!built_in && !files) {
    fail(section, "corpus",
         fmt::format("there is no text to train on; name a built-in corpus ({}) or give data.files",
                     fmt::join(builtin_corpora().names(), ", ")));
  }
}

Pairs pairs_of(std::vector<Path> files, const DataOptions& options, EmptyLines empty_lines) {
  const ReadOptions read{.empty_lines = empty_lines, .max_line_words = options.max_line_words};
  std::string why;
  const auto form = options.files.line.empty() ? std::nullopt : LineForm::parse(options.files.line, why);
  return [files = std::move(files), form, read](const PairCallback& receive) {
    if (form) return for_each_pair(files[0].expanded, *form, read, receive);
    return for_each_pair(files[0].expanded, files[1].expanded,
                         files.size() > 2 ? files[2].expanded : std::filesystem::path{}, read, receive);
  };
}

// The positions in the training text that are validation; empty if validation has files of its own.
std::vector<Index> held_out_of(const DataOptions& options) {
  if (options.files.hold_out.empty()) return {};
  const std::string name = options.files.train[0].expanded.string();
  return held_out(pairs_of(options.files.train, options, options.empty_lines), options.files.hold_out, name);
}

// Returns "en" for train.en; "" if a file has no ending.
std::string language_of(const Path& file) {
  const std::string ending = file.expanded.extension().string();
  return ending.empty() ? "" : ending.substr(1);
}

std::vector<std::string> read_tokenized(const Path& file, const NamedCorpus& test, const Path& target) {
  std::vector<std::string> lines = read_lines(file.expanded, std::numeric_limits<Index>::max() / 2);
  if (static_cast<Index>(lines.size()) == test.corpus.size()) return lines;
  throw DataError(fmt::format("{}: has {} lines, but {}, of which it should be the tokenised form, has {}",
                              file.expanded.string(), lines.size(), target.expanded.string(), test.corpus.size()));
}

Splits read_splits(const DataOptions& options, const std::vector<Index>& held) {
  const FilesOptions& files = options.files;
  const std::filesystem::path source = files.train[0].expanded.filename();
  Splits splits;
  splits.name = files.name.empty() ? source.stem().string() : files.name;
  splits.source_language = "source";
  splits.target_language = "target";
  if (files.line.empty()) {
    const std::filesystem::path target = files.train[1].expanded.filename();
    splits.description = fmt::format("Parallel text, read from {} and {}.", source.string(), target.string());
    const std::string languages[] = {language_of(files.train[0]), language_of(files.train[1])};
    if (languages[0] != languages[1] && !languages[0].empty() && !languages[1].empty()) {
      splits.source_language = languages[0];
      splits.target_language = languages[1];
    }
  } else {
    splits.description = fmt::format("Pairs of lines, read from {}.", source.string());
  }
  if (held.empty()) {
    splits.valid = collect(pairs_of(files.valid, options, options.empty_lines));
  } else {
    splits.description += fmt::format(" {} training pairs, drawn with seed {}, are the validation text.",
                                      held.size(), files.hold_out.seed);
    splits.valid = collect(only(pairs_of(files.train, options, options.empty_lines), held));
  }
  for (const auto& [name, pair] : files.test) {
    splits.tests.push_back({name, collect(pairs_of(pair, options, EmptyLines::kKeep))});
    for (const auto& [of, file] : files.tokenized) {
      if (of == name) splits.tests.back().tokenized = read_tokenized(file, splits.tests.back(), pair.back());
    }
  }
  return splits;
}

// {source: char, target: word} means {type: sides, source: char, target: word}.
config::Row<DataOptions> tokenizer_row() {
  auto row =
      config::tagged("tokenizer", &DataOptions::tokenizer, "tokenizer", config::choices_from(tokenizers()),
                     "the unit of text that the model reads and writes; {source: char, target: word}: another one "
                     "for each side");
  row.row.untyped = "sides";
  return row;
}

}  // namespace

const config::OptionTable<DataOptions>& data_rows() {
  static const config::OptionTable<DataOptions> rows = {
      config::tagged("corpus", &DataOptions::corpus, "corpus",
                     config::choices_from(builtin_corpora(), {{.name = "none", .summary = "read data.files"}}),
                     "a built-in corpus, generated by regard, with its options"),
      config::section("files", &DataOptions::files, files_rows(), "your own text"),
      config::choice(
          "empty_lines", &DataOptions::empty_lines,
          {{"refuse", EmptyLines::kRefuse, "an error that names the line"},
           {"skip", EmptyLines::kSkip, "the pair is skipped and counted"}},
          "what to do with a training or validation pair with an empty side; test sets keep such pairs"),
      config::option("max_line_words", &DataOptions::max_line_words, config::between(1, 1e9), "words",
                     "a longer line in a file is an error, because probably a line break is missing"),
      config::option("max_length", &DataOptions::max_length, config::at_least(0), "tokens",
                     "training pairs with more tokens on a side are skipped and counted; 0: keep all"),
      config::section("text", &DataOptions::text, text_rows(), "changes to all text, including references"),
      config::section("join", &DataOptions::join, join_rows(),
                      "joins neighbouring pairs into longer ones, to study the effect of length on a decoder"),
      tokenizer_row(),
      config::section("vocabulary", &DataOptions::vocabulary, vocabulary_rows(), "which tokens get ids"),
  };
  return rows;
}

DataOptions parse_data(const config::Section& section) {
  DataOptions options = config::parse(section, data_rows());
  require_source_of_text(section, options);
  require_numbers(section, "join.train", options.join.train);
  require_numbers(section, "join.test", options.join.test);
  if (options.corpus.name != "none") return options;
  const FilesOptions& files = options.files;
  const bool one_file = !files.line.empty();
  std::string why;
  if (one_file && !LineForm::parse(files.line, why)) fail(section, "files.line", why);
  require_files(section, "files.train", files.train, one_file);
  if (files.hold_out.empty()) {
    require_files(section, "files.valid", files.valid, one_file);
  } else if (!files.valid.empty()) {
    fail(section, "files.hold_out",
         "takes validation out of the training text, but files.valid is given too; leave out one");
  } else if (files.hold_out.lines > 0 && files.hold_out.share > 0) {
    fail(section, "files.hold_out", "gives both lines and share; leave out one");
  }
  for (const auto& [name, pair] : options.files.test) {
    require_name(section, name);
    require_files(section, "files.test." + name, pair, one_file);
  }
  for (const auto& [name, file] : options.files.tokenized) {
    const auto is_it = [&name = name](const auto& test) { return test.first == name; };
    if (std::any_of(options.files.test.begin(), options.files.test.end(), is_it)) continue;
    fail(section, "files.tokenized." + name, "there is no test set of this name in data.files.test");
  }
  return options;
}

Text open_text(const DataOptions& options) {
  Text text;
  if (options.corpus.name == "none") {
    std::vector<Index> held = held_out_of(options);
    text.splits = read_splits(options, held);
    text.train = pairs_of(options.files.train, options, options.empty_lines);
    if (!held.empty()) text.train = without(std::move(text.train), std::move(held));
  } else {
    text.splits = builtin_corpora().at(options.corpus.name).make(options.corpus.options);
    const auto made = std::make_shared<const Corpus>(std::exchange(text.splits.train, {}));
    text.train = [made](const PairCallback& receive) { return pairs_of(*made)(receive); };
  }
  apply(options.text, text.splits);
  apply(options.join, text.splits);
  text.train = joined(changed(std::move(text.train), options.text), options.join.train, "train");
  return text;
}

Splits load(const DataOptions& options) {
  Text text = open_text(options);
  text.splits.train = collect(text.train);
  return std::move(text.splits);
}

PrepareOptions prepare_options(const DataOptions& options) {
  return {.tokenizer = options.tokenizer, .vocabulary = options.vocabulary, .max_length = options.max_length};
}

const config::OptionTable<BatchOptions>& batch_rows() {
  static const config::OptionTable<BatchOptions> rows = {
      config::option("tokens", &BatchOptions::tokens, config::at_least(1), "target tokens",
                     "upper limit of a batch: number of sentences times the longest target "
                     "with </s>; memory and time of a step vary little"),
      config::option("sentences", &BatchOptions::sentences, config::at_least(1), "sentences",
                     "sentences in a batch, of any length, as in many papers"),
      config::option(
          "window", &BatchOptions::window, config::at_least(1), "pairs",
          "a larger corpus is processed in windows of so many pairs, drawn from the whole corpus again in each "
          "epoch. A window is shuffled, sorted by length and read from the disk; this limits memory"),
  };
  return rows;
}

BatchSize batch_size(const BatchOptions& options, const BatchSize& default_value, const config::Origin& origin,
                     std::string_view key) {
  if (options.tokens && options.sentences) {
    config::fail_at(
        origin, key,
        fmt::format("a batch is limited by either tokens or sentences, but both are given ({} and {}); remove one",
                    *options.tokens, *options.sentences));
  }
  BatchSize size = default_value;
  if (options.tokens || options.sentences)
    size = {.tokens = options.tokens.value_or(0), .sentences = options.sentences.value_or(0)};
  size.window = options.window;
  return size;
}

}  // namespace regard::data
