#pragma once
// The grammar of chat_noir. Each function draws the meaning of a phrase at random and builds it in both languages.
//
//   sentence    clause (conjunction clause)*                     one tense for all of its clauses
//   clause      subject verb-phrase (and verb-phrase)?
//   subject     pronoun | noun-phrase (and noun-phrase)?
//   noun-phrase determiner adjective* noun (of noun-phrase | relative)?
//   relative    who/that verb-phrase | that subject verb         qui … | que …, where the participle agrees
//   verb-phrase by the kind of verb: object, person, place; then manner, location, company, time
//
// Source files: noun_phrase.cpp, verb_group.cpp, verb_phrase.cpp, sentence.cpp. The order of draws in each function is
// fixed: changing it would change every corpus (a test checks the default one).
#include "framework/data/chat_noir/lexicon.h"
#include "framework/data/chat_noir/phrase.h"
#include "framework/data/random_chooser.h"

namespace regard::data::chat_noir {

enum class Tense { kPast, kPresent };
enum class Polarity { kPositive, kNot, kNever };

// The properties with which a verb, an adjective or a participle agrees.
struct Agreement {
  int person = 3;
  bool plural = false;
  bool feminine = false;
};

struct NounPhrase {
  Phrase words;
  Agreement agreement;
  Classes classes = 0;
};

// Restrictions on a noun phrase.
struct Want {
  Classes classes = 0;
  int depth = 0;          // 0: neither of-phrase nor relative; 1: of-phrase; 2: both
  bool definite = false;  // the, this, or a possessive
  bool negated = false;   // object of a negated verb: a, some → any, de
};

// Tense, negation and adverb of a verb.
struct Saying {
  Tense tense = Tense::kPast;
  Polarity polarity = Polarity::kPositive;
  bool with_frequency = false;  // often or always
};

class Grammar final {
 public:
  explicit Grammar(Key key) : dice_(key) {}

  // Returns a whole sentence of that many clauses, with both sides corrected (phrase.h). Call it once.
  [[nodiscard]] Phrase sentence(int clauses);

  // Draws the number of clauses of a sentence, of the training length or of the long test.
  [[nodiscard]] int draw_clauses(bool is_long);

 private:
  // noun_phrase.cpp
  NounPhrase noun_phrase(const Want& want);
  NounPhrase coordinated(const Want& want);  // one noun phrase, or two with "and"
  Determiner draw_determiner(const Noun& noun, bool plural, const Want& want);
  const Adjective* draw_adjective(Classes classes, bool precedes);
  Phrase of_phrase(Classes possessed);

  // verb_group.cpp
  Phrase verb_group(const Verb& verb, const Agreement& subject, const Saying& saying,
                    const Agreement* preceding_object = nullptr);
  Phrase copula(const Agreement& subject, const Saying& saying);
  Saying draw_saying(Tense tense);

  // verb_phrase.cpp
  Phrase verb_phrase(const Agreement& subject, Classes classes, Tense tense, int depth);
  Phrase is_adjective(const Agreement& subject, Classes classes, const Saying& saying);
  Phrase complements(const Verb& verb, const Saying& saying, int depth);
  Phrase adjuncts(const Verb& verb, Tense tense);
  Phrase location();
  Phrase placed(const char* english, const char* french, const Want& want);
  Phrase relative(const NounPhrase& head);
  const Verb& draw_verb(VerbKind kind, Classes subject);

  // sentence.cpp
  NounPhrase pronoun();
  NounPhrase subject();
  Phrase clause(Tense tense);
  Phrase conjunction();

  Meaning meaning() { return meanings_++; }
  Phrase both(const char* english, const char* french);  // the same meaning in both

  RandomChooser dice_;
  Meaning meanings_ = 0;
};

// Returns the form of an adjective or of a participle that agrees with `agreement`.
[[nodiscard]] const char* inflected(const Adjective& adjective, const Agreement& agreement);
[[nodiscard]] std::string inflected_participle(const char* masculine, const Agreement& agreement);

// Returns the form of an auxiliary for a subject.
[[nodiscard]] const char* conjugated(const Auxiliary& auxiliary, const Agreement& subject);

}  // namespace regard::data::chat_noir
