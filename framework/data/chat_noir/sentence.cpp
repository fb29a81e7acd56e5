// Subjects, clauses, and conjunctions between clauses.
#include "framework/data/chat_noir/grammar.h"

namespace regard::data::chat_noir {

Phrase Grammar::both(const char* english, const char* french) {
  const Meaning shared = meaning();
  Phrase phrase;
  append(phrase.english, english, {shared});
  append(phrase.french, french, {shared});
  return phrase;
}

NounPhrase Grammar::pronoun() {
  const Pronoun& pronoun = dice_.pick(pronouns());
  return {both(pronoun.english, pronoun.french), {pronoun.person, pronoun.plural, pronoun.feminine}, kPerson};
}

NounPhrase Grammar::subject() {
  switch (dice_.weighted({22, 70, 8})) {
    case 0:
      return pronoun();
    case 1:
      return coordinated({.classes = kPerson | kAnimal, .depth = 2});
    default:
      return coordinated({.classes = kThing, .depth = 2});
  }
}

Phrase Grammar::clause(Tense tense) {
  const NounPhrase who = subject();
  Phrase phrase = who.words;
  append(phrase, verb_phrase(who.agreement, who.classes, tense, 2));
  if (dice_.chance(9)) {
    append(phrase, both("and", "et"));
    append(phrase, verb_phrase(who.agreement, who.classes, tense, 1));
  }
  return phrase;
}

Phrase Grammar::conjunction() {
  switch (dice_.weighted({36, 22, 20, 12, 10})) {
    case 0:
      return both("and", "et");
    case 1:
      return both("but", "mais");
    case 2:
      return both("because", "parce que");
    case 3:
      return both("when", "quand");
    default:
      return both("after", "après que");
  }
}

int Grammar::draw_clauses(bool is_long) {
  return is_long ? 2 + static_cast<int>(dice_.below(4)) : 1 + dice_.weighted({72, 25, 3});
}

Phrase Grammar::sentence(int clauses) {
  const Tense tense = dice_.chance(70) ? Tense::kPast : Tense::kPresent;
  Phrase phrase = clause(tense);
  for (int i = 1; i < clauses; ++i) {
    append(phrase, conjunction());
    append(phrase, clause(tense));
  }
  mend_english(phrase.english);
  mend_french(phrase.french);
  return phrase;
}

}  // namespace regard::data::chat_noir
