#include "framework/data/chat_noir/grammar.h"

#include <map>
#include <regex>
#include <set>

#include "tests/support/catch.h"

namespace regard::data::chat_noir {
namespace {

struct Line {
  std::string english, french;
  Phrase phrase;
};

const std::vector<Line>& many() {
  static const std::vector<Line> lines = [] {
    std::vector<Line> made;
    for (Index i = 0; i < 6000; ++i) {
      Grammar grammar(Key(11, "grammar test").with(i));
      const Phrase phrase = grammar.sentence(grammar.draw_clauses(i % 3 == 0));
      made.push_back({text(phrase.english), text(phrase.french), phrase});
    }
    return made;
  }();
  return lines;
}

// Returns the first French sentence that contains the pattern; "" if there is none.
std::string first_french(const std::string& pattern) {
  const std::regex expression("(^| )(" + pattern + ")( |$)");
  for (const Line& line : many()) {
    if (std::regex_search(line.french, expression)) return line.french;
  }
  return "";
}

}  // namespace

TEST_CASE("grammar: the same key gives the same sentence and another key another one") {
  const Key key(1, "x");
  CHECK(text(Grammar(key).sentence(2).french) == text(Grammar(key).sentence(2).french));
  CHECK(text(Grammar(key).sentence(2).french) != text(Grammar(key.with(1)).sentence(2).french));
}

TEST_CASE("grammar: an English sentence has one French translation") {
  std::map<std::string, std::string> translations;
  bool single = true;
  for (const Line& line : many()) {
    single = single && translations.emplace(line.english, line.french).first->second == line.french;
  }
  CHECK(single);
}

TEST_CASE("grammar: every word of both sides is aligned") {
  for (const Line& line : many()) {
    std::set<std::int32_t> english, french;
    for (const Link& link : align(line.phrase)) {
      english.insert(link.source);
      french.insert(link.target);
    }
    INFO(line.english << " | " << line.french);
    REQUIRE(english.size() == line.phrase.english.size());
    REQUIRE(french.size() == line.phrase.french.size());
  }
}

TEST_CASE("grammar: no sentence breaks a rule of French") {
  const std::string vowel = "(a|à|â|e|é|è|ê|i|î|o|ô|œ|u|hom|hor|hô|heur|honn|hier)";
  for (
      const std::string& forbidden : {
          "(^| )(le|la|de|ne|que|je|me|se|ce|ma|sa) " + vowel,  // elision and hiatus
          std::string(
              "(^| )(beau|nouveau|vieux) (homme|enfant|ami|oiseau|œuf|arbre|hôpital)( |$)"),  // bel, nouvel,
                                                                                              // vieil
          std::string(
              "(l'|d'|qu'|n'|cet|bel|vieil|nouvel) (hé|hib|[bcdfgjklmnpqrstvz])"),  // the forms where they are wrong
          std::string("(^| )(de les?|à les?) "),                                    // contraction
          std::string("^des (petit|grand|beaux|belles|vieux|vieilles|nouv|jeune|bon)"),  // de petits chats
          std::string("(^| )(son|mon) (vache|femme|fille|reine|sœur|souris|table|maison)"),
          std::string("[*]|  |^ | $|' ?'"),
      }) {
    const std::regex expression(forbidden);
    for (const Line& line : many()) {
      INFO(forbidden << ": " << line.english << " | " << line.french);
      REQUIRE_FALSE(std::regex_search(line.french, expression));
    }
  }
}

TEST_CASE("grammar: every listed construction occurs") {
  for (const char* pattern : {
           "du",
           "des",
           "au",
           "aux",
           "de l'",
           "à l'",
           "d'",
           "qu'",
           "n'",
           "j'",
           "s'",
           "parce qu'",
           "un petit chat",
           "chat noir",
           "chats noirs",
           "vache blanche",
           "bel oiseau",
           "vieil homme",
           "nouvel ami",
           "vieille femme",
           "belles",
           "chevaux",
           "journaux",
           "gâteaux",
           "hiboux",
           "hôpitaux",
           "loyaux",
           "heureuse",
           "le héros",
           "les héros",
           "l' homme",
           "l' hôpital",
           "l' horloge",
           "cet homme",
           "cette femme",
           "ces",
           "mon école",
           "son horloge",
           "sa sœur",
           "ses frères",
           "nos",
           "votre",
           "leurs",
           "beaucoup de",
           "beaucoup d'",
           "n' a pas mangé",
           "ne mange pas",
           "n' a jamais",
           "n' est pas",
           "n' était pas",
           "ne sont pas",
           "est allée",
           "sont allés",
           "sont allées",
           "est tombé",
           "est tombée",
           "s' est reposée",
           "se sont réveillés",
           "me suis",
           "nous sommes nous reposés|nous nous sommes reposés",
           "qui a",
           "que le",
           "qu' il a",
           "n' a pas (mangé|acheté|vu|trouvé) de",
           "de petits",
           "de belles",
           "de la soupe",
           "du pain",
           "de l' eau",
           "près du",
           "devant la",
           "chaque",
           "deux",
           "très",
           "souvent",
           "toujours",
           "hier",
           "aujourd'hui",
           "ce matin",
           "et",
           "mais",
           "quand",
           "après que",
           "pommes? que .* mangées?",
           "femmes? que .* vues?",
       }) {
    INFO(pattern);
    CHECK(!first_french(pattern).empty());
  }
}

TEST_CASE("grammar: adjectives and participles agree") {
  constexpr Agreement kHe{3, false, false}, kShe{3, false, true}, kThey{3, true, false}, kWomen{3, true, true};
  CHECK(inflected_participle("allé", kHe) == "allé");
  CHECK(inflected_participle("allé", kShe) == "allée");
  CHECK(inflected_participle("allé", kThey) == "allés");
  CHECK(inflected_participle("allé", kWomen) == "allées");
  CHECK(inflected_participle("pris", kThey) == "pris");
  CHECK(inflected_participle("pris", kWomen) == "prises");
  for (const Adjective& adjective : adjectives()) {
    CHECK(inflected(adjective, kHe) == adjective.masculine);
    CHECK(inflected(adjective, kShe) == adjective.feminine);
    CHECK(inflected(adjective, kThey) == adjective.masculine_plural);
    CHECK(inflected(adjective, kWomen) == adjective.feminine_plural);
  }
}

TEST_CASE("grammar: auxiliaries follow the person") {
  CHECK(conjugated(kAvoir, {1, false, false}) == std::string("ai"));
  CHECK(conjugated(kAvoir, {3, false, true}) == std::string("a"));
  CHECK(conjugated(kEtre, {1, true, false}) == std::string("sommes"));
  CHECK(conjugated(kEtre, {2, true, false}) == std::string("êtes"));
  CHECK(conjugated(kEtre, {3, true, false}) == std::string("sont"));
}

}  // namespace regard::data::chat_noir
