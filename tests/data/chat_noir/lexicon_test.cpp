#include "framework/data/chat_noir/lexicon.h"

#include <map>
#include <set>
#include <string>

#include "framework/base/utf8.h"
#include "tests/support/catch.h"

namespace regard::data::chat_noir {

TEST_CASE("lexicon: every form is valid UTF-8 without spaces and none is missing") {
  const auto form = [](const char* text) {
    return text[0] != '\0' && !utf8::first_invalid(text) &&
           std::string_view(text).find(' ') == std::string_view::npos;
  };
  for (const Noun& noun : nouns()) {
    INFO(noun.english);
    CHECK((form(noun.english) && form(noun.french)));
    CHECK((noun.english_plural[0] == '\0') == (noun.french_plural[0] == '\0'));
    CHECK(((noun.classes & kMass) == 0 || noun.english_plural[0] == '\0'));
  }
  for (const Adjective& adjective : adjectives()) {
    INFO(adjective.english);
    CHECK((form(adjective.english) && form(adjective.masculine) && form(adjective.feminine)));
    CHECK((form(adjective.masculine_plural) && form(adjective.feminine_plural)));
  }
  for (const Verb& verb : verbs()) {
    INFO(verb.english);
    CHECK((form(verb.english) && form(verb.english_present) && form(verb.english_past)));
    CHECK((form(verb.french_singular) && form(verb.french_plural) && form(verb.participle)));
  }
}

TEST_CASE("lexicon: an English word has one meaning in French") {
  std::map<std::string, std::set<std::string>> meanings;
  for (const Noun& noun : nouns()) {
    meanings[noun.english].insert(noun.french);
    if (noun.english_plural[0] != '\0') meanings[noun.english_plural].insert(noun.french_plural);
  }
  for (const Adjective& adjective : adjectives()) meanings[adjective.english].insert(adjective.masculine);
  for (const Verb& verb : verbs()) {
    for (const char* form : {verb.english, verb.english_present, verb.english_past}) {
      meanings[std::string(form) + " " + verb.particle].insert(verb.participle);
    }
    CHECK(verb.english != std::string(verb.english_past));  // otherwise the tense would be ambiguous
  }
  for (const auto& [english, french] : meanings) {
    INFO(english);
    CHECK(french.size() == 1);
  }
}

TEST_CASE("lexicon: every verb has nouns and adjectives for all its complements") {
  for (const Verb& verb : verbs()) {
    for (Classes bit = 1; bit != 0 && bit <= kRelation; bit <<= 1) {
      if (((verb.subject | verb.object) & bit) == 0) continue;
      bool found = false;
      for (const Noun& noun : nouns()) found = found || (noun.classes & bit) != 0;
      CHECK(found);
    }
  }
}

}  // namespace regard::data::chat_noir
