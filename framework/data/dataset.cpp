#include "framework/data/dataset.h"

namespace regard::data {
namespace {

std::filesystem::path with_ending(const std::filesystem::path& stem, const char* ending) {
  return stem.empty() ? stem : std::filesystem::path(stem.string() + ending);
}

}  // namespace

Sentences::Sentences(const std::filesystem::path& stem)
    : ids_(with_ending(stem, ".ids")), begins_(with_ending(stem, ".begins")) {
  if (std::filesystem::exists(with_ending(stem, ".firsts"))) {
    firsts_ = Array<Index>(with_ending(stem, ".firsts"));
    shares_ = Array<float>(with_ending(stem, ".shares"));
  }
}

void Sentences::add(std::span<const TokenId> sentence) {
  ids_.append(sentence);
  begins_.push_back(static_cast<Index>(ids_.size()));
}

Index Sentences::tokens() const noexcept {
  if (!several()) return begins_[begins_.size() - 1];
  Index count = 0;
  for (Index i = 0; i < size(); ++i) count += length(i);
  return count;
}

Index Sentences::draw(Index i, double u) const {
  if (!several()) return i;
  Index encoding = firsts_[at(i)];
  const Index last = firsts_[at(i) + 1] - 1;
  while (encoding < last && u >= static_cast<double>(shares_[at(encoding)])) ++encoding;
  return encoding;
}

void Sentences::forget() const noexcept {
  ids_.forget();
  begins_.forget();
  firsts_.forget();
  shares_.forget();
}

SentencesWriter::SentencesWriter(const std::filesystem::path& stem, bool several)
    : stem_(stem), ids_(with_ending(stem, ".ids")), begins_(with_ending(stem, ".begins")) {
  begins_.push_back(0);
  for (const char* ending : {".firsts", ".shares"}) {  // files of an earlier writer
    if (!stem.empty()) std::filesystem::remove(with_ending(stem, ending));
  }
  if (!several) return;
  firsts_ = std::make_unique<ArrayWriter<Index>>(with_ending(stem, ".firsts"));
  shares_ = std::make_unique<ArrayWriter<float>>(with_ending(stem, ".shares"));
  firsts_->push_back(0);
}

void SentencesWriter::add(std::span<const TokenId> encoding) {
  ids_.append(encoding);
  written_ += static_cast<Index>(encoding.size());
  begins_.push_back(written_);
  ++encodings_;
}

void SentencesWriter::end_sentence(std::span<const float> shares) {
  if (!firsts_) return;
  shares_->append(shares);
  firsts_->push_back(encodings_);
}

void SentencesWriter::rename(std::span<const TokenId> ids) {
  ids_.change([&](TokenId& id) { id = ids[static_cast<std::size_t>(id)]; });
}

Sentences SentencesWriter::done() {
  Sentences sentences;
  sentences.ids_ = ids_.done();
  sentences.begins_ = begins_.done();
  if (firsts_) {
    sentences.firsts_ = firsts_->done();
    sentences.shares_ = shares_->done();
  }
  return sentences;
}

void Dataset::forget() const noexcept {
  source.forget();
  target.forget();
  lines.forget();
}

}  // namespace regard::data
