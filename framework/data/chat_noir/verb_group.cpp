// The verb with its auxiliaries, negation and adverb of frequency.
//
//   ate                 a mangé                     did not eat       n' a pas mangé
//   often eats          mange souvent               never went        n' est jamais allé
//   woke up (she)       s' est réveillée            the apples that he ate    les pommes qu' il a mangées
#include "framework/data/chat_noir/grammar.h"

namespace regard::data::chat_noir {
namespace {

bool takes_etre(VerbKind kind) {
  switch (kind) {
    case VerbKind::kTransitive:
    case VerbKind::kDative:
    case VerbKind::kIntransitive:
      return false;
    default:
      return true;
  }
}

const char* reflexive_pronoun(const Agreement& subject) {
  if (subject.person == 1) return subject.plural ? "nous" : "me";
  return subject.person == 2 ? "vous" : "se";
}

struct Frequency {
  const char* english;
  const char* french;
};

}  // namespace

std::string inflected_participle(const char* masculine, const Agreement& agreement) {
  std::string form = masculine;
  if (agreement.feminine) form += 'e';
  if (agreement.plural && form.back() != 's') form += 's';
  return form;
}

const char* conjugated(const Auxiliary& auxiliary, const Agreement& subject) {
  if (subject.person == 1) return subject.plural ? auxiliary.first_plural : auxiliary.first;
  if (subject.person == 2) return auxiliary.second_plural;
  return subject.plural ? auxiliary.third_plural : auxiliary.third;
}

Saying Grammar::draw_saying(Tense tense) {
  switch (dice_.weighted({72, 16, 5, 7})) {
    case 0:
      return {tense, Polarity::kPositive, false};
    case 1:
      return {tense, Polarity::kNot, false};
    case 2:
      return {tense, Polarity::kNever, false};
    default:
      return {tense, Polarity::kPositive, true};
  }
}

// `preceding_object` is the object before que, with which the participle of a verb with avoir agrees.
Phrase Grammar::verb_group(const Verb& verb, const Agreement& subject, const Saying& saying,
                           const Agreement* preceding_object) {
  constexpr Frequency kFrequencies[] = {{"often", "souvent"}, {"always", "toujours"}};
  const Frequency frequency =
      saying.with_frequency ? dice_.pick(std::span<const Frequency>(kFrequencies)) : Frequency{"", ""};
  const bool past = saying.tense == Tense::kPast;
  const bool negated = saying.polarity != Polarity::kPositive;
  const bool never = saying.polarity == Polarity::kNever;
  const Meaning action = meaning();
  const Meaning negation = meaning();
  const Meaning how_often = meaning();
  const Meaning support = meaning();  // did, does, do, and the finite verb in French

  Phrase phrase;
  Words& english = phrase.english;
  const char* present = subject.plural || subject.person != 3 ? verb.english : verb.english_present;
  append(english, frequency.english, {how_often});
  if (saying.polarity == Polarity::kNot) {
    const char* does = subject.plural || subject.person != 3 ? "do" : "does";
    append(english, past ? "did" : does, {support});
    append(english, "not", {negation});
    append(english, verb.english, {action});
  } else {
    append(english, never ? "never" : "", {negation});
    append(english, past ? verb.english_past : present, {action});
  }
  append(english, verb.particle, {action});

  Words& french = phrase.french;
  const bool supported = saying.polarity == Polarity::kNot;
  append(french, negated ? "ne" : "", {negation});
  append(french, verb.kind == VerbKind::kReflexive ? reflexive_pronoun(subject) : "", {action});
  if (past) {
    const char* auxiliary = conjugated(takes_etre(verb.kind) ? kEtre : kAvoir, subject);
    append(french, auxiliary, {supported ? support : action});
  } else {
    const char* finite = subject.plural ? verb.french_plural : verb.french_singular;
    if (supported) {
      append(french, finite, {support, action});
    } else {
      append(french, finite, {action});
    }
  }
  append(french, negated ? (never ? "jamais" : "pas") : "", {negation});
  append(french, frequency.french, {how_often});
  if (past) {
    const Agreement masculine;
    const Agreement& agrees = takes_etre(verb.kind) ? subject : preceding_object ? *preceding_object : masculine;
    append(french, inflected_participle(verb.participle, agrees), {action});
  }
  return phrase;
}

// is not, was never, are often: n' est pas, n' était jamais, sont souvent.
Phrase Grammar::copula(const Agreement& subject, const Saying& saying) {
  const bool past = saying.tense == Tense::kPast;
  const bool negated = saying.polarity != Polarity::kPositive;
  const bool never = saying.polarity == Polarity::kNever;
  const Meaning being = meaning();
  const Meaning negation = meaning();
  Phrase phrase;
  append(phrase.english, conjugated(past ? kBePast : kBe, subject), {being});
  append(phrase.english, negated ? (never ? "never" : "not") : "", {negation});
  append(phrase.french, negated ? "ne" : "", {negation});
  append(phrase.french, conjugated(past ? kEtreImperfect : kEtre, subject), {being});
  append(phrase.french, negated ? (never ? "jamais" : "pas") : "", {negation});
  if (saying.with_frequency) append(phrase, both("often", "souvent"));
  return phrase;
}

}  // namespace regard::data::chat_noir
