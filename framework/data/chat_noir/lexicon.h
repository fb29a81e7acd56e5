#pragma once
// The words of chat_noir, English and French side by side. These are only tables; grammar.h uses them.
//
// A leading '*' marks a French word with h aspiré, which counts as a consonant: "le héros", but "l' homme". The mark
// determines elision and is removed before the sentence is complete.
#include <span>
#include <string_view>

namespace regard::data::chat_noir {

// The classes of a noun (bits). They determine with which verbs, adjectives and prepositions it can be used.
using Classes = unsigned;
inline constexpr Classes kPerson = 1U << 0;
inline constexpr Classes kAnimal = 1U << 1;
inline constexpr Classes kFood = 1U << 2;       // can be eaten
inline constexpr Classes kDrink = 1U << 3;      // can be drunk
inline constexpr Classes kThing = 1U << 4;      // can be bought, lost, given
inline constexpr Classes kPlace = 1U << 5;      // a place where someone is
inline constexpr Classes kMass = 1U << 6;       // uncountable: some bread, du pain
inline constexpr Classes kPiece = 1U << 7;      // countable food
inline constexpr Classes kOpens = 1U << 8;      // can be opened
inline constexpr Classes kSurface = 1U << 9;    // on the …, under the …
inline constexpr Classes kLandmark = 1U << 10;  // behind the …, near the …
inline constexpr Classes kInside = 1U << 11;    // in the … (dans)
inline constexpr Classes kGoal = 1U << 12;      // went to the … (à), came from the … (de)
inline constexpr Classes kRelation = 1U << 13;  // the brother of …

struct Noun {
  const char* english;
  const char* english_plural;  // "" if no plural is used
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
  const char* before_vowel;  // masculine singular before a vowel: bel, vieil, nouvel; "" if it does not change
  bool precedes;             // comes before the noun in French
  bool gradable;             // can be used with very, très
  Classes classes;           // of the nouns with which it can be used
};

enum class VerbKind {
  kTransitive,    // subject, object
  kDative,        // subject, object, to a person (à)
  kIntransitive,  // subject
  kGoing,         // passé composé with être; to a place (à)
  kComing,        // with être; from a place (de)
  kMoving,        // with être; the place is optional
  kStaying,       // with être; with a location
  kReflexive,     // with être and se
};

inline constexpr unsigned kRelative =
    1;                                  // in relative clauses with que, where the participle agrees with the noun
inline constexpr unsigned kManner = 2;  // with slowly, quickly

struct Verb {
  const char* english;  // base form, plural present
  const char* english_present;
  const char* english_past;
  const char* particle;         // after the English verb: wake up, look for; or ""
  const char* french_singular;  // present, third person
  const char* french_plural;
  const char* participle;  // masculine singular; agreement adds -e and -s
  VerbKind kind;
  Classes subject;
  Classes object;  // 0 if there is none
  unsigned uses;   // bits: kRelative, kManner
};

struct Determiner {
  const char* english;
  const char* english_plural;  // "" if the determiner has only a singular
  const char* masculine;       // "" if the determiner has only a plural
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
inline constexpr Determiner kNotA{"a", "any", "de", "de", "de"};          // a and des after a negation
inline constexpr Determiner kNotAnyMass{"any", "", "de", "de", ""};

inline constexpr Auxiliary kAvoir{"ai", "a", "avons", "avez", "ont"};
inline constexpr Auxiliary kEtre{"suis", "est", "sommes", "êtes", "sont"};
inline constexpr Auxiliary kEtreImperfect{"étais", "était", "étions", "étiez", "étaient"};
inline constexpr Auxiliary kBe{"am", "is", "are", "are", "are"};
inline constexpr Auxiliary kBePast{"was", "was", "were", "were", "were"};

}  // namespace regard::data::chat_noir
