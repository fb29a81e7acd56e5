#include "framework/data/chat_noir/phrase.h"

#include <algorithm>
#include <array>
#include <utility>

namespace regard::data::chat_noir {
namespace {

struct Change {
  std::string_view from, to;
};

constexpr std::array<Change, 11> kBeforeVowel = {{
    {"le", "l'"},
    {"la", "l'"},
    {"de", "d'"},
    {"ne", "n'"},
    {"que", "qu'"},
    {"je", "j'"},
    {"me", "m'"},
    {"se", "s'"},
    {"ce", "cet"},
    {"ma", "mon"},
    {"sa", "son"},
}};

struct Contraction {
  std::string_view first, second, to;
};

constexpr std::array<Contraction, 4> kContractions = {{
    {"de", "le", "du"},
    {"de", "les", "des"},
    {"à", "le", "au"},
    {"à", "les", "aux"},
}};

void contract(Words& words) {
  Words out;
  for (Word& word : words) {
    const auto fits = [&](const Contraction& c) {
      return !out.empty() && out.back().text == c.first && word.text == c.second;
    };
    const auto found = std::find_if(kContractions.begin(), kContractions.end(), fits);
    if (found == kContractions.end()) {
      out.push_back(std::move(word));
    } else {
      out.back().text = found->to;
      out.back().meanings.insert(out.back().meanings.end(), word.meanings.begin(), word.meanings.end());
    }
  }
  words = std::move(out);
}

bool share_a_meaning(const Word& a, const Word& b) {
  return std::any_of(a.meanings.begin(), a.meanings.end(), [&](Meaning meaning) {
    return std::find(b.meanings.begin(), b.meanings.end(), meaning) != b.meanings.end();
  });
}

}  // namespace

void append(Words& words, std::string_view text, std::initializer_list<Meaning> meanings) {
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    words.push_back({std::string(text.substr(0, space)), meanings});
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
}

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

void append(Phrase& phrase, const Phrase& more) {
  append(phrase.english, more.english);
  append(phrase.french, more.french);
}

bool begins_with_vowel(std::string_view french) {
  constexpr std::array<std::string_view, 14> kStarts = {"a", "à", "â", "e", "é", "è", "ê",
                                                        "i", "î", "o", "ô", "œ", "u", "h"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return french.starts_with(start); });
}

void mend_english(Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& next = words[i + 1].text;
    const bool silent_h = next.starts_with("hon");  // honest; in the other words the h is pronounced
    if (words[i].text == "a" && (silent_h || std::string_view("aeiou").find(next[0]) != std::string_view::npos)) {
      words[i].text = "an";
    }
  }
}

void mend_french(Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto fits = [&](const Change& change) { return words[i].text == change.from; };
    const auto found = std::find_if(kBeforeVowel.begin(), kBeforeVowel.end(), fits);
    if (found != kBeforeVowel.end() && begins_with_vowel(words[i + 1].text)) words[i].text = found->to;
  }
  contract(words);
  for (Word& word : words) {
    if (word.text[0] == '*') word.text.erase(0, 1);
  }
}

std::string text(const Words& words) {
  std::string line;
  for (const Word& word : words) {
    if (!line.empty()) line += ' ';
    line += word.text;
  }
  return line;
}

Alignment align(const Phrase& phrase) {
  Alignment pairs;
  for (std::size_t i = 0; i < phrase.english.size(); ++i) {
    for (std::size_t j = 0; j < phrase.french.size(); ++j) {
      if (share_a_meaning(phrase.english[i], phrase.french[j])) {
        pairs.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(j)});
      }
    }
  }
  return pairs;
}

}  // namespace regard::data::chat_noir
