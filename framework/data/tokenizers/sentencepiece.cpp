// SentencePiece (Kudo and Richardson 2018): subwords by byte-pair encoding (Sennrich et al. 2016) or by a unigram model
// (Kudo 2018), learned from the training text or loaded from a file.
//
// The settings make sure that the same text gives the same model: one thread, all lines (no sampling), no limit on a
// line's length. Whitespace is that of Python, as for all tokenisers: runs of it become one space before the library
// gets the line. The library's own normalisation is off; data.text has other normalisation.
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <cmath>
#include <string>
#include <unordered_map>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/section.h"
#include "framework/data/tokenizer.h"

namespace regard::data {
namespace {

constexpr Index kDefaultSize = 8000;

std::string spaced(std::string_view line) {
  std::string text;
  for_each_word(line, [&](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  });
  return text;
}

// Iterates over the lines of all texts, one after the other.
class Lines final : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(std::span<const std::span<const std::string>> texts) : texts_(texts) { settle(); }
  bool done() const override { return text_ == texts_.size(); }
  void Next() override {
    ++line_;
    settle();
  }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void settle() {
    while (text_ < texts_.size() && line_ == texts_[text_].size()) {
      ++text_;
      line_ = 0;
    }
    if (!done()) value_ = spaced(texts_[text_][line_]);
  }
  std::span<const std::span<const std::string>> texts_;
  std::size_t text_ = 0;
  std::size_t line_ = 0;
  std::string value_;
};

// Returns the library's reason without the place in its source: "trainer_interface.cc(590) [cond] Vocabulary size …".
// If there is no sentence after the condition, the condition is the reason.
std::string reason_of(const sentencepiece::util::Status& status) {
  const auto trimmed = [](std::string text) {
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
    return text;
  };
  const std::string whole = trimmed(status.error_message());
  const std::size_t end = whole.rfind(']');
  const std::string sentence =
      end == std::string::npos ? whole : trimmed(whole.substr(std::min(end + 2, whole.size())));
  return sentence.empty() ? whole.substr(std::min(whole.find('['), whole.size() - 1)) : sentence;
}

// Returns whether the bytes are a complete model. A protocol buffer that was cut between two fields can still be
// parsed, but then the last fields are missing: the settings (field 2) and the normaliser (field 3).
bool is_whole(std::string_view bytes) {
  bool settings = false;
  bool normaliser = false;
  const auto varint = [&bytes](std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  };
  while (!bytes.empty()) {
    std::uint64_t tag = 0;
    std::uint64_t size = 0;
    constexpr std::uint64_t kLengthDelimited = 2;
    if (!varint(tag) || (tag & 7U) != kLengthDelimited || !varint(size) || size > bytes.size()) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
    settings = settings || tag >> 3U == 2;
    normaliser = normaliser || tag >> 3U == 3;
  }
  return settings && normaliser;
}

struct Settings {
  std::string algorithm;
  std::optional<Index> size;
  double coverage = 1;
  Index nbest = 1;
  double alpha = 0.1;
  config::Path file;
};

class SentencePiece final : public Tokenizer {
 public:
  explicit SentencePiece(Settings settings) : settings_(std::move(settings)) {}

  void train(std::span<const std::span<const std::string>> texts) override {
    if (!settings_.file.empty()) return load_file();
    Lines lines(texts);
    const Index size = settings_.size.value_or(kDefaultSize);
    const std::unordered_map<std::string, std::string> words = {
        {"model_type", settings_.algorithm},
        {"vocab_size", fmt::format("{}", size)},
        {"character_coverage", fmt::format("{}", settings_.coverage)},
        {"normalization_rule_name", "identity"},
        {"bos_id", "-1"},
        {"eos_id", "-1"},
        {"pad_id", "-1"},
        {"num_threads", "1"},
        {"input_sentence_size", "0"},
        {"shuffle_input_sentence", "false"},
        {"max_sentence_length", "1000000000"},
        {"minloglevel", "2"},
    };
    const auto status = sentencepiece::SentencePieceTrainer::Train(words, &lines, &model_);
    if (!status.ok()) {
      throw DataError(
          fmt::format("data.tokenizer: SentencePiece cannot learn {} pieces from "
                      "this text: {}; change data.tokenizer.size, or use more text",
                      size, reason_of(status)));
    }
    load("the model just learned");
  }

  bool learns() const override { return settings_.file.empty(); }

  // Kudo 2018, section 3.2: encoding x of the n best has weight P(x)^alpha.
  bool several() const override { return settings_.nbest > 1; }
  void for_each_encoding(std::string_view line, const EncodingCallback& receive) const override {
    if (!several()) return Tokenizer::for_each_encoding(line, receive);
    const auto best = processor_.NBestEncodeAsImmutableProto(spaced(line), static_cast<int>(settings_.nbest));
    if (best.nbests_size() == 0) return receive({}, 1);  // an empty line
    for (std::size_t i = 0; i < best.nbests_size(); ++i) {
      const auto encoding = best.nbests(static_cast<int>(i));
      std::vector<std::string> tokens;
      for (const auto& piece : encoding.pieces()) tokens.push_back(piece.piece());
      const double behind = static_cast<double>(encoding.score()) - static_cast<double>(best.nbests(0).score());
      receive(std::move(tokens), std::exp(settings_.alpha * behind));
    }
  }

  std::string learned() const override { return model_; }
  void recall(std::string_view bytes, const std::string& name) override {
    model_ = bytes;
    load(name);
  }

  void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const override {
    std::vector<std::string> pieces;
    const auto status = processor_.Encode(spaced(line), &pieces);
    check(status.ok(), "SentencePiece could not encode a line");
    for (const std::string& piece : pieces) token(piece);
  }

  std::string decode(std::span<const std::string> tokens) const override {
    std::string line;
    const auto status = processor_.Decode(std::vector<std::string>(tokens.begin(), tokens.end()), &line);
    check(status.ok(), "SentencePiece could not decode a line");
    return spaced(line);
  }

 private:
  void load_file() {
    const std::string name = settings_.file.expanded.string();
    model_ = read_file(settings_.file.expanded);
    load(name);
    const Index size = processor_.GetPieceSize();
    if (settings_.size && *settings_.size != size) {
      throw DataError(
          fmt::format("{}: the model has {} pieces, but data.tokenizer.size is {}; remove the size, or "
                      "use another model",
                      name, size, *settings_.size));
    }
  }

  void load(const std::string& name) {
    std::string reason = is_whole(model_) ? "" : "it is incomplete";
    if (reason.empty()) {
      const auto status = processor_.LoadFromSerializedProto(model_);
      if (!status.ok()) reason = reason_of(status);
    }
    if (!reason.empty()) {
      throw DataError(
          fmt::format("{}: is not a SentencePiece model, or is damaged ({}); make it again with spm_train, or "
                      "remove it, so that the run learns one",
                      name, reason));
    }
    if (!processor_.IsUnknown(processor_.unk_id())) {
      throw DataError(fmt::format("{}: the model has no unknown piece; make it again with an unk_id", name));
    }
    std::vector<std::vector<std::string>> best;
    if (several() && !processor_.NBestEncode("a", 1, &best).ok()) {
      throw DataError(fmt::format(
          "{}: the model has no n best encodings, but data.tokenizer.nbest {} needs them; use a unigram "
          "model, or remove nbest",
          name, settings_.nbest));
    }
  }

  Settings settings_;
  std::string model_;
  sentencepiece::SentencePieceProcessor processor_;
};

std::vector<config::OptionRow> rows() {
  config::OptionRow size =
      config::integer_option("size", 0, config::between(8, 1000000), "pieces",
                             "number of pieces of the model; default: 8000, or that of the given model. Small "
                             "numbers give longer sentences, large numbers give rare pieces");
  size.optional = true;
  size.default_value = {};
  return {
      config::choice_option("algorithm", "bpe",
                            {{.name = "bpe", .summary = "byte-pair encoding (Sennrich et al. 2016)"},
                             {.name = "unigram", .summary = "a unigram model (Kudo 2018)"}},
                            "how pieces are learned"),
      std::move(size),
      config::boolean_option(
          "joint", true,
          "one model for both sides, learned from both: names and numbers are split in the same way; false: "
          "one model for each side"),
      config::number_option("character_coverage", 1, config::Range{.low = 0.98, .high = 1}, "",
                            "share of the training text's characters that have a piece; below 1 for scripts with "
                            "many rare characters"),
      config::integer_option(
          "nbest", 1, config::between(1, 1024), "encodings",
          "number of encodings of a training sentence, of which each epoch draws one (Kudo 2018: subword "
          "regularisation, with 64); the draw depends on seed, epoch and sentence. For the algorithm "
          "unigram; preparing takes longer. 1: always the best"),
      config::number_option("alpha", 0.1, config::Range{.low = 0, .high = 1}, "",
                            "for nbest: an encoding of probability P is drawn with "
                            "weight P^alpha; 0: all are equally likely, 1: mostly the best"),
      config::path_option("source_model", "",
                          "a .model file to use instead of learning one; with joint: for both sides"),
      config::path_option("target_model", "", "the same for the target side, if joint is false"),
  };
}

TokenizerPtr make(const config::Options& options, Side side) {
  const bool joint = options.boolean("joint");
  const config::Path& source = options.path("source_model");
  const config::Path& target = options.path("target_model");
  if (joint && !target.empty()) {
    config::fail_at(options.origin("target_model"), "data.tokenizer.target_model",
                    "a joint tokeniser has one model; give it as source_model, or set joint to false");
  }
  if (!joint && source.empty() != target.empty()) {
    const char* given = source.empty() ? "target_model" : "source_model";
    config::fail_at(options.origin(given), fmt::format("data.tokenizer.{}", given),
                    "only one side has a model; give both or neither");
  }
  Settings settings;
  settings.algorithm = options.text("algorithm");
  if (options.has("size")) settings.size = options.integer("size");
  settings.coverage = options.number("character_coverage");
  settings.nbest = options.integer("nbest");
  settings.alpha = options.number("alpha");
  if (settings.nbest > 1 && settings.algorithm == "bpe" && source.empty()) {
    config::fail_at(options.origin("nbest"), "data.tokenizer.nbest",
                    "byte-pair encoding has only one encoding of a sentence; set "
                    "data.tokenizer.algorithm to unigram, or remove nbest");
  }
  settings.file = joint || side == Side::source ? source : target;
  return std::make_unique<SentencePiece>(std::move(settings));
}

[[maybe_unused]] const bool registered =
    register_tokenizer({.name = "sentencepiece",
                        .summary = "subwords, learned from the training text or from a .model file",
                        .options = rows(),
                        .make = make,
                        .joint = [](const config::Options& options) { return options.boolean("joint"); }});

}  // namespace
}  // namespace regard::data
