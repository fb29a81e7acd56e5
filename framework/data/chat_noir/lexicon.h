#pragma once
// The words of chat_noir, English and French side by side. Tables only: what is done with them stands in the
// grammar.
//
// A leading '*' marks a French word whose first sound is a consonant although its first letter is h (h aspiré):
// "le héros", but "l' homme". The mark decides elision and never reaches a sentence.
#include <span>
#include <string_view>

namespace regard::data::chat_noir {

// What a noun may stand for, and so which verbs, adjectives and prepositions it goes with. Bits.
using Classes = unsigned;
inline constexpr Classes kPerson = 1U << 0;
inline constexpr Classes kAnimal = 1U << 1;
inline constexpr Classes kFood = 1U << 2;       // what is eaten
inline constexpr Classes kDrink = 1U << 3;      // what is drunk
inline constexpr Classes kThing = 1U << 4;      // what is bought, lost, given
inline constexpr Classes kPlace = 1U << 5;      // where one is
inline constexpr Classes kMass = 1U << 6;       // not counted: some bread, du pain
inline constexpr Classes kPiece = 1U << 7;      // food that is counted
inline constexpr Classes kOpens = 1U << 8;      // what is opened
inline constexpr Classes kSurface = 1U << 9;    // on the …, under the …
inline constexpr Classes kLandmark = 1U << 10;  // behind the …, near the …
inline constexpr Classes kInside = 1U << 11;    // in the … (dans)
inline constexpr Classes kGoal = 1U << 12;      // went to the … (à), came from the … (de)
inline constexpr Classes kRelation = 1U << 13;  // the brother of …

struct Noun {
  const char* english;
  const char* english_plural;  // "" where no plural is used
  const char* french;
  const char* french_plural;
  bool feminine;
  Classes classes;
};

struct Adjective {
  const char* english;
  const char* masculine;
  const char* feminine;
  const char* masculine_plural;
  const char* feminine_plural;
  const char* before_vowel;  // masculine singular before a vowel: bel, vieil, nouvel; "" where it does not change
  bool precedes;             // stands before the noun in French
  bool gradable;             // goes with very, très
  Classes classes;           // of the nouns it goes with
};

enum class VerbKind {
  kTransitive,    // subject, object
  kDative,        // subject, object, to a person (à)
  kIntransitive,  // subject
  kGoing,         // être in the passé composé; to a place (à)
  kComing,        // être; from a place (de)
  kMoving,        // être; place not needed
  kStaying,       // être; with a location
  kReflexive,     // être, and se
};

inline constexpr unsigned kRelative =
    1;                                  // in relative clauses with que, where the participle agrees with the noun
inline constexpr unsigned kManner = 2;  // with slowly, quickly

struct Verb {
  const char* english;  // base form, plural present
  const char* english_present;
  const char* english_past;
  const char* particle;         // stands behind the English verb: wake up, look for; or ""
  const char* french_singular;  // present, third person
  const char* french_plural;
  const char* participle;  // masculine singular; agrees by -e and -s
  VerbKind kind;
  Classes subject;
  Classes object;  // 0 where there is none
  unsigned uses;   // bits: kRelative, kManner
};

struct Determiner {
  const char* english;
  const char* english_plural;  // "" where the determiner has only a singular
  const char* masculine;       // "" where the determiner has only a plural
  const char* feminine;
  const char* plural;
};

struct Pronoun {
  const char* english;
  const char* french;
  int person;  // 1, 2 or 3
  bool plural;
  bool feminine;
};

// The forms of avoir and être, in the order of Pronoun below: i, he/she, we, you, they.
struct Auxiliary {
  const char* first;
  const char* third;
  const char* first_plural;
  const char* second_plural;
  const char* third_plural;
};

[[nodiscard]] std::span<const Noun> nouns();
[[nodiscard]] std::span<const Adjective> adjectives();
[[nodiscard]] std::span<const Verb> verbs();
[[nodiscard]] std::span<const Determiner> possessives();
[[nodiscard]] std::span<const Pronoun> pronouns();

inline constexpr Determiner kThe{"the", "the", "le", "la", "les"};
inline constexpr Determiner kA{"a", "", "un", "une", ""};
inline constexpr Determiner kThis{"this", "these", "ce", "cette", "ces"};
inline constexpr Determiner kEvery{"every", "", "chaque", "chaque", ""};
inline constexpr Determiner kTwo{"", "two", "", "", "deux"};
inline constexpr Determiner kThree{"", "three", "", "", "trois"};
inline constexpr Determiner kMany{"", "many", "", "", "beaucoup de"};
inline constexpr Determiner kSome{"", "some", "", "", "des"};             // "de" before an adjective
inline constexpr Determiner kSomeMass{"some", "", "de le", "de la", ""};  // du, de la, de l'
inline constexpr Determiner kNotA{"a", "any", "de", "de", "de"};          // a and des under a negation
inline constexpr Determiner kNotAnyMass{"any", "", "de", "de", ""};

inline constexpr Auxiliary kAvoir{"ai", "a", "avons", "avez", "ont"};
inline constexpr Auxiliary kEtre{"suis", "est", "sommes", "êtes", "sont"};
inline constexpr Auxiliary kEtreImperfect{"étais", "était", "étions", "étiez", "étaient"};
inline constexpr Auxiliary kBe{"am", "is", "are", "are", "are"};
inline constexpr Auxiliary kBePast{"was", "was", "were", "were", "were"};

}  // namespace regard::data::chat_noir
