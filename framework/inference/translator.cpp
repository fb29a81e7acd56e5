#include "framework/inference/translator.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/utf8.h"
#include "framework/config/write.h"
#include "framework/inference/word_alignment.h"

namespace regard::inference {
namespace {

// The most tokens for each word of the limit on words. It cuts long lines in scripts without spaces.
constexpr Index kTokensAWord = 10;

// Returns the first `count` words of a line.
std::string_view first_words(std::string_view line, Index count) {
  std::size_t end = 0;
  Index seen = 0;
  data::for_each_word(line, [&](std::string_view word) {
    if (seen++ < count) end = static_cast<std::size_t>(word.data() - line.data()) + word.size();
  });
  return line.substr(0, end);
}

void check_utf8(const std::string& line, Index number, const std::string& file) {
  if (const auto fault = utf8_fault(line, number, file)) throw DataError(*fault);
}

std::vector<data::TokenId> ids_of(const data::Vocabulary& vocabulary, const std::vector<std::string>& tokens) {
  std::vector<data::TokenId> ids;
  ids.reserve(tokens.size());
  for (const std::string& token : tokens) ids.push_back(vocabulary.id(token));
  return ids;
}

// ConfigError if two runs do not have the same vocabularies, tokenisers and normalisation of text.
void check_together(const TrainedRun& first, const TrainedRun& other) {
  const auto fail = [&](const char* what) {
    throw ConfigError(
        fmt::format("{}: {} not that of {}, so the two cannot be an ensemble; name runs of the same plan",
                    other.folder().string(), what, first.folder().string()));
  };
  if (!(first.source_vocabulary() == other.source_vocabulary())) fail("its source vocabulary is");
  if (!(first.target_vocabulary() == other.target_vocabulary())) fail("its target vocabulary is");
  const auto text = [](const TrainedRun& run) {
    return config::to_yaml(config::to_node(data::text_rows(), run.record().data.text)) +
           config::to_yaml(config::to_node(config::Value{run.record().data.tokenizer}));
  };
  const bool same = first.learned().source == other.learned().source &&
                    first.learned().target == other.learned().target && text(first) == text(other);
  if (!same) fail("its treatment of text (data.text, data.tokenizer) is");
}

const TrainedRun& front_of(const std::vector<std::unique_ptr<TrainedRun>>& runs) {
  check(!runs.empty(), "a translator needs at least one run");
  return *runs.front();
}

}  // namespace

std::optional<std::string> utf8_fault(const std::string& line, Index number, const std::string& file) {
  const auto at = utf8::first_invalid(line);
  if (!at) return std::nullopt;
  return fmt::format(
      "{}:{}: byte {} of the line (0x{:02X}) is not valid UTF-8; convert the text, for example with "
      "iconv -f latin1 -t utf-8",
      file, number, *at + 1, static_cast<unsigned char>(line[*at]));
}

Translator::Translator(std::vector<std::unique_ptr<TrainedRun>> runs, decoding::SearchOptions options)
    : runs_(std::move(runs)),
      options_(std::move(options)),
      detokenizer_(front_of(runs_).tokenizers().target, front_of(runs_).target_vocabulary(), options_) {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!std::filesystem::equivalent(runs_[i]->folder(), runs_[j]->folder())) continue;
      throw ConfigError(
          fmt::format("{}: is named twice; each run of an ensemble counts once", runs_[i]->folder().string()));
    }
    if (i > 0) check_together(*runs_.front(), *runs_[i]);
    models_.push_back(&runs_[i]->model());
  }
}

bool Translator::has_attention() const {
  return std::any_of(models_.begin(), models_.end(), [](const auto* m) { return m->decoder().has_attention(); });
}

Translator::Source Translator::source_of(const std::string& line, Index number, const std::string& file) const {
  check_utf8(line, number, file);
  const TrainedRun& run = *runs_.front();
  Source source;
  source.line = run.plan_text(line);
  const Index words = run.record().data.max_line_words;
  if (const Index all = data::count_words(source.line); all > words) {
    source.line = std::string(first_words(source.line, words));
    source.notes.push_back(
        fmt::format("{}:{}: the line has {} words, but only the first {} are translated "
                    "(data.max_line_words)",
                    file, number, all, words));
  }
  source.tokens = run.tokenizers().source->encode(source.line);
  const auto most = static_cast<std::size_t>(words * kTokensAWord);
  if (source.tokens.size() > most) {
    source.notes.push_back(fmt::format("{}:{}: the line has {} tokens, but only the first {} are translated", file,
                                       number, source.tokens.size(), most));
    source.tokens.resize(most);
    source.line = run.tokenizers().source->decode(source.tokens);
  }
  return source;
}

std::optional<WeightMatrix> Translator::words_of(const Source& source, const decoding::Translation& translation,
                                                 const std::vector<std::string>& tokens,
                                                 const std::string& text) const {
  if (translation.weights.empty()) return std::nullopt;
  // What a dictionary put for a token may be several words, which come from where the token does.
  WeightMatrix weights;
  std::vector<std::string> pieces;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const auto row = translation.weights.row(static_cast<Index>(t));
    data::for_each_word(tokens[t], [&](std::string_view piece) {
      pieces.emplace_back(piece);
      weights.add_row(row);
    });
  }
  return word_weights(weights, {source.line, source.tokens}, {text, pieces});
}

TranslatedLine Translator::detokenized(Source source, const std::vector<decoding::Translation>& found,
                                       const std::vector<std::string>* given) const {
  TranslatedLine line;
  line.notes = std::move(source.notes);
  for (const decoding::Translation& translation : found) {
    const auto tokens = given != nullptr ? *given : detokenizer_.written(translation, source.tokens);
    Translated one{detokenizer_.line(tokens), translation.score, translation.log_probability};
    one.words = words_of(source, translation, tokens, one.text);
    line.found.push_back(std::move(one));
  }
  return line;
}

std::vector<TranslatedLine> Translator::translate(const std::vector<std::string>& lines, Index first,
                                                  const std::string& file) const {
  std::vector<TranslatedLine> translated(lines.size());
  std::vector<Source> sources;
  std::vector<std::size_t> places;  // positions of the lines that have words
  data::Dataset dataset;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Index number = first + static_cast<Index>(i);
    Source source = source_of(lines[i], number, file);
    if (source.tokens.empty()) {
      translated[i].found.push_back({});
      continue;
    }
    dataset.source.add(ids_of(runs_.front()->source_vocabulary(), source.tokens));
    dataset.target.add({});
    dataset.lines.push_back(number - 1);
    sources.push_back(std::move(source));
    places.push_back(i);
  }
  const decoding::Translations found = decoding::translate_all(models_, dataset, options_);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const decoding::Translation& best = found[i].front();
    if (!best.complete) {
      sources[i].notes.push_back(
          fmt::format("{}:{}: the translation was cut at {} tokens, before its end "
                      "(decoding.max_length_factor, max_length_extra)",
                      file, dataset.lines[i] + 1, best.words.size()));
    }
    translated[places[i]] = detokenized(std::move(sources[i]), found[i], nullptr);
  }
  return translated;
}

std::vector<TranslatedLine> Translator::given(const std::vector<std::string>& lines,
                                              const std::vector<std::string>& targets, Index first,
                                              const std::string& file, const std::string& target_file) const {
  std::vector<Source> sources;
  std::vector<std::vector<std::string>> tokens;
  data::Dataset dataset;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Index number = first + static_cast<Index>(i);
    check_utf8(targets[i], number, target_file);
    sources.push_back(source_of(lines[i], number, file));
    tokens.push_back(runs_.front()->tokenizers().target->encode(runs_.front()->plan_text(targets[i])));
    dataset.source.add(ids_of(runs_.front()->source_vocabulary(), sources.back().tokens));
    dataset.target.add(ids_of(runs_.front()->target_vocabulary(), tokens.back()));
    dataset.lines.push_back(number - 1);
  }
  const auto found = decoding::translations_given(models_, dataset, options_);
  std::vector<TranslatedLine> translated;
  for (std::size_t i = 0; i < found.size(); ++i)
    translated.push_back(detokenized(std::move(sources[i]), {found[i]}, &tokens[i]));
  return translated;
}

}  // namespace regard::inference
