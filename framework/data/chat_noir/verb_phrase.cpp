// The parts after the verb: objects, places, company, manner and time. Also relative clauses, which are verb phrases
// after a noun.
#include <vector>

#include "framework/data/chat_noir/grammar.h"

namespace regard::data::chat_noir {
namespace {

constexpr Classes kAlive = kPerson | kAnimal;

}  // namespace

const Verb& Grammar::draw_verb(VerbKind kind, Classes subject) {
  std::vector<const Verb*> fitting;
  for (const Verb& verb : verbs()) {
    if (verb.kind == kind && (verb.subject & subject) != 0) fitting.push_back(&verb);
  }
  return *dice_.pick(std::span<const Verb* const>(fitting));
}

// Returns a preposition and a noun phrase. Contractions (du, des, au, aux) are made when the sentence is complete.
Phrase Grammar::placed(const char* english, const char* french, const Want& want) {
  Phrase phrase = both(english, french);
  append(phrase, noun_phrase(want).words);
  return phrase;
}

Phrase Grammar::location() {
  const Want landmark{.classes = kLandmark, .definite = true};
  const Want surface{.classes = kSurface};
  switch (dice_.weighted({34, 14, 12, 12, 14, 14})) {
    case 0:
      return placed("in", "dans", {.classes = kInside, .definite = true});
    case 1:
      return placed("near", "près de", landmark);
    case 2:
      return placed("behind", "derrière", landmark);
    case 3:
      return placed("in front of", "devant", landmark);
    case 4:
      return placed("on", "sur", surface);
    default:
      return placed("under", "sous", surface);
  }
}

Phrase Grammar::complements(const Verb& verb, const Saying& saying, int depth) {
  const bool negated = saying.polarity != Polarity::kPositive;
  const Want object{.classes = verb.object, .depth = depth, .negated = negated};
  switch (verb.kind) {
    case VerbKind::kTransitive:
      return coordinated(object).words;
    case VerbKind::kDative: {
      Phrase phrase = noun_phrase({.classes = verb.object, .depth = depth > 0 ? 1 : 0, .negated = negated}).words;
      append(phrase, placed("to", "à", {.classes = kPerson, .definite = true}));
      return phrase;
    }
    case VerbKind::kGoing:
      return placed("to", "à", {.classes = kGoal, .definite = true});
    case VerbKind::kComing:
      return placed("from", "de", {.classes = kGoal, .definite = true});
    case VerbKind::kStaying:
      return location();
    default:
      return {};
  }
}

Phrase Grammar::adjuncts(const Verb& verb, Tense tense) {
  Phrase phrase;
  if ((verb.uses & kManner) != 0 && dice_.chance(20)) {
    append(phrase, dice_.chance(50) ? both("quickly", "rapidement") : both("slowly", "lentement"));
  }
  const bool has_place = verb.kind == VerbKind::kGoing || verb.kind == VerbKind::kComing ||
                         verb.kind == VerbKind::kStaying || verb.kind == VerbKind::kDative;
  if (!has_place && dice_.chance(20)) append(phrase, location());
  const bool takes_company = (verb.subject & kThing) == 0 && verb.object == 0;
  if (takes_company && dice_.chance(14)) append(phrase, placed("with", "avec", {.classes = kAlive}));
  if (dice_.chance(13)) {
    if (tense == Tense::kPast && dice_.chance(50)) {
      append(phrase, both("yesterday", "hier"));
    } else if (dice_.chance(50)) {
      append(phrase, both("today", "aujourd'hui"));
    } else {
      append(phrase, both("this", "ce"));
      append(phrase, both("morning", "matin"));
    }
  }
  return phrase;
}

// was very tired → était très fatiguée
Phrase Grammar::is_adjective(const Agreement& subject, Classes classes, const Saying& saying) {
  Phrase phrase = copula(subject, saying);
  const Adjective* adjective = draw_adjective(classes, dice_.chance(30));
  if (adjective->gradable && dice_.chance(25)) append(phrase, both("very", "très"));
  append(phrase, both(adjective->english, inflected(*adjective, subject)));
  return phrase;
}

Phrase Grammar::verb_phrase(const Agreement& subject, Classes classes, Tense tense, int depth) {
  const Saying saying = draw_saying(tense);
  const bool alive = (classes & kAlive) != 0;
  const bool person = (classes & kPerson) != 0;
  const bool only_be =
      tense == Tense::kPresent && subject.person != 3;  // the other verbs only have the third person
  const int acts = only_be || !alive ? 0 : 1;
  // Weights of "is" with an adjective, then of the kinds in kKinds.
  const int kind = dice_.weighted(
      {14, 40 * acts, person ? 10 * acts : 0, 12 * acts, 6 * acts, 5 * acts, only_be ? 0 : 6, 4 * acts, 7 * acts});
  if (kind == 0) return is_adjective(subject, classes, saying);
  constexpr VerbKind kKinds[] = {VerbKind::kTransitive, VerbKind::kDative,   VerbKind::kIntransitive,
                                 VerbKind::kGoing,      VerbKind::kComing,   VerbKind::kMoving,
                                 VerbKind::kStaying,    VerbKind::kReflexive};
  const Verb& verb = draw_verb(kKinds[kind - 1], classes);
  Phrase phrase = verb_group(verb, subject, saying);
  append(phrase, complements(verb, saying, depth));
  append(phrase, adjuncts(verb, tense));
  return phrase;
}

// the cat that ate the mouse → le chat qui a mangé la souris
// the mouse that the cat ate → la souris que le chat a mangée
Phrase Grammar::relative(const NounPhrase& head) {
  const Tense tense = dice_.chance(75) ? Tense::kPast : Tense::kPresent;
  std::vector<const Verb*> fitting;
  for (const Verb& verb : verbs()) {
    if ((verb.uses & kRelative) != 0 && (verb.object & head.classes) != 0) fitting.push_back(&verb);
  }
  const bool alive = (head.classes & kAlive) != 0;
  const bool can_act = alive || (head.classes & kThing) != 0;
  if (can_act && (fitting.empty() || dice_.chance(alive ? 45 : 20))) {
    Phrase phrase = both((head.classes & kPerson) != 0 ? "who" : "that", "qui");
    append(phrase, verb_phrase(head.agreement, head.classes, tense, 0));
    return phrase;
  }
  const Verb& verb = *dice_.pick(std::span<const Verb* const>(fitting));
  Phrase phrase = both("that", "que");
  NounPhrase who = dice_.chance(30) ? pronoun() : noun_phrase({.classes = verb.subject});
  if (tense == Tense::kPresent && who.agreement.person != 3) who = noun_phrase({.classes = verb.subject});
  append(phrase, who.words);
  const Polarity polarity = dice_.chance(10) ? Polarity::kNot : Polarity::kPositive;
  append(phrase, verb_group(verb, who.agreement, {tense, polarity, false}, &head.agreement));
  return phrase;
}

}  // namespace regard::data::chat_noir
