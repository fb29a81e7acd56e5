// Determiner, adjectives and noun: their choice, agreement and order.
//
//   the small black cat   →  le petit chat noir           an old man      →  un vieil homme
//   some small birds      →  de petits oiseaux            some water      →  de l' eau
#include <vector>

#include "framework/data/chat_noir/grammar.h"

namespace regard::data::chat_noir {

const char* inflected(const Adjective& adjective, const Agreement& agreement) {
  if (agreement.feminine) return agreement.plural ? adjective.feminine_plural : adjective.feminine;
  return agreement.plural ? adjective.masculine_plural : adjective.masculine;
}

Determiner Grammar::draw_determiner(const Noun& noun, bool plural, const Want& want) {
  const bool mass = (noun.classes & kMass) != 0;
  const auto possessive = [&] { return dice_.pick(possessives()); };
  if (want.definite) {
    switch (dice_.weighted({70, 20, 10})) {
      case 0:
        return kThe;
      case 1:
        return possessive();
      default:
        return kThis;
    }
  }
  if (mass) {
    switch (dice_.weighted({42, 40, 10, 8})) {
      case 0:
        return kThe;
      case 1:
        return want.negated ? kNotAnyMass : kSomeMass;
      case 2:
        return possessive();
      default:
        return kThis;
    }
  }
  const int counting = want.negated ? 0 : 5;  // "did not see three cats" would negate the number
  if (plural) {
    switch (dice_.weighted({44, 20, 15, 6, counting, counting, counting})) {
      case 0:
        return kThe;
      case 1:
        return want.negated ? kNotA : kSome;
      case 2:
        return possessive();
      case 3:
        return kThis;
      case 4:
        return kTwo;
      case 5:
        return kThree;
      default:
        return kMany;
    }
  }
  switch (dice_.weighted({50, 22, 17, 7, counting})) {
    case 0:
      return kThe;
    case 1:
      return want.negated ? kNotA : kA;
    case 2:
      return possessive();
    case 3:
      return kThis;
    default:
      return kEvery;
  }
}

const Adjective* Grammar::draw_adjective(Classes classes, bool precedes) {
  std::vector<const Adjective*> fitting;
  for (const Adjective& adjective : adjectives()) {
    if (adjective.precedes == precedes && (adjective.classes & classes) != 0) fitting.push_back(&adjective);
  }
  return fitting.empty() ? nullptr : dice_.pick(std::span<const Adjective* const>(fitting));
}

NounPhrase Grammar::noun_phrase(const Want& want) {
  std::vector<const Noun*> fitting;
  for (const Noun& candidate : nouns()) {
    if ((candidate.classes & want.classes) != 0) fitting.push_back(&candidate);
  }
  const Noun& noun = *dice_.pick(std::span<const Noun* const>(fitting));
  const bool plural = noun.english_plural[0] != '\0' && dice_.chance(30);
  Determiner determiner = draw_determiner(noun, plural, want);
  const Adjective* before = dice_.chance(22) ? draw_adjective(noun.classes, true) : nullptr;
  const Adjective* after = dice_.chance(24) ? draw_adjective(noun.classes, false) : nullptr;

  NounPhrase phrase{{}, {3, plural, noun.feminine}, noun.classes};
  const char* french_noun = plural ? noun.french_plural : noun.french;
  const bool indefinite_before = before != nullptr && determiner.plural == kSome.plural;

  const Meaning which = meaning();
  const char* article = plural ? determiner.plural : noun.feminine ? determiner.feminine : determiner.masculine;
  append(phrase.words.english, plural ? determiner.english_plural : determiner.english, {which});
  append(phrase.words.french, indefinite_before ? "de" : article, {which});
  if (before != nullptr) {
    const Meaning quality = meaning();
    const bool hiatus =
        !noun.feminine && !plural && before->before_vowel[0] != '\0' && begins_with_vowel(french_noun);
    append(phrase.words.english, before->english, {quality});
    append(phrase.words.french, hiatus ? before->before_vowel : inflected(*before, phrase.agreement), {quality});
  }
  const Meaning after_quality = meaning();
  const Meaning thing = meaning();
  append(phrase.words.french, french_noun, {thing});
  if (after != nullptr) {
    append(phrase.words.english, after->english, {after_quality});
    append(phrase.words.french, inflected(*after, phrase.agreement), {after_quality});
  }
  append(phrase.words.english, plural ? noun.english_plural : noun.english, {thing});

  const std::string_view first_word =
      determiner.english[0] != '\0' ? determiner.english : determiner.english_plural;
  const bool can_be_owned =
      (noun.classes & (kThing | kAnimal | kPlace | kRelation)) != 0 && (first_word == "the" || first_word == "a");
  if (want.depth >= 2 && !want.negated && dice_.chance(20)) {  // "no book that …" would need the subjunctive
    append(phrase.words, relative(phrase));
  } else if (want.depth >= 1 && can_be_owned && dice_.chance(18)) {
    append(phrase.words, of_phrase(noun.classes));
  }
  return phrase;
}

NounPhrase Grammar::coordinated(const Want& want) {
  NounPhrase first = noun_phrase(want);
  if (want.negated || !dice_.chance(8)) return first;
  append(first.words, both("and", "et"));
  const NounPhrase second = noun_phrase({.classes = want.classes & first.classes, .definite = want.definite});
  append(first.words, second.words);
  first.agreement = {3, true, first.agreement.feminine && second.agreement.feminine};
  first.classes &= second.classes;
  return first;
}

// the key of the castle → la clé du château
Phrase Grammar::of_phrase(Classes possessed) {
  const Classes owners = (possessed & kPlace) != 0   ? kPerson
                         : (possessed & kThing) != 0 ? kPerson | kPlace
                                                     : kPerson;
  return placed("of", "de", {.classes = owners, .definite = true});
}

}  // namespace regard::data::chat_noir
