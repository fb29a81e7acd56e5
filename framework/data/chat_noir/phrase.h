#pragma once
// The two sides of a phrase while the grammar builds it. Every word has the numbers of the meanings that it expresses.
// An English and a French word are aligned if they share a meaning. For example, "did not eat" {1} {2} {3} and "n' a
// pas mangé" {2} {1} {2} {3} give did–a, not–n', not–pas, eat–mangé, for any order on both sides.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "framework/data/alignment.h"

namespace regard::data::chat_noir {

using Meaning = int;

struct Word {
  std::string text;
  std::vector<Meaning> meanings;
};

using Words = std::vector<Word>;

struct Phrase {
  Words english;
  Words french;
};

// Appends the space-separated words of `text`, all with the same meanings; nothing for an empty text.
void append(Words& words, std::string_view text, std::initializer_list<Meaning> meanings);
void append(Words& words, const Words& more);
void append(Phrase& phrase, const Phrase& more);

// Returns whether the word starts with a vowel sound, so that le becomes l' before it. A French word with a leading '*'
// does not.
[[nodiscard]] bool begins_with_vowel(std::string_view french);

// Changes "a" to "an" before a vowel sound.
void mend_english(Words& words);

// Applies French rules in this order: elision (le la de ne que je me se lose their vowel before a vowel sound: l' d' n'
// qu' j' m' s'), forms that avoid a hiatus (ce → cet; ma sa → mon son), and contraction (de le → du, de les → des, à le
// → au, à les → aux; the two words become one word with the meanings of both). Then removes the marks '*'.
void mend_french(Words& words);

// Returns the words, separated by one space.
[[nodiscard]] std::string text(const Words& words);

// Returns the pairs (English position, French position) of words that share a meaning, sorted.
[[nodiscard]] Alignment align(const Phrase& phrase);

}  // namespace regard::data::chat_noir
