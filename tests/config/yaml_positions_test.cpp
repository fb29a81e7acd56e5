#include "framework/config/yaml_positions.h"

#include <string>

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::config {
namespace {

YamlPositions in_file(std::string_view text) { return {text, "x.yaml", std::nullopt}; }

// The message of the ConfigError that a member throws about this text.
template <class Member, class... Arguments>
std::string said(std::string_view text, Member member, Arguments... arguments) {
  const YamlPositions positions = in_file(text);
  return testing::thrown<ConfigError>([&] { (positions.*member)(arguments...); });
}

std::string explained(std::string_view text, std::size_t line, std::size_t byte, const std::string& message) {
  return said(text, &YamlPositions::fail_in_our_words, line, byte, message);
}

}  // namespace

TEST_CASE("yaml_positions: bytes are counted as characters in any order of asking") {
  const YamlPositions positions = in_file("\xC3\xA9t\xC3\xA9: \xF0\x9F\x90\x88 x\nb: 2");
  CHECK(positions.at(0, 0).text() == "x.yaml:1:1");
  CHECK(positions.at(0, 7).text() == "x.yaml:1:6");
  CHECK(positions.at(0, 12).text() == "x.yaml:1:8");
  CHECK(positions.at(0, 2).text() == "x.yaml:1:2");  // back on the same line
  CHECK(positions.at(1, 3).text() == "x.yaml:2:4");
  CHECK(positions.at(0, 12).text() == "x.yaml:1:8");
}

TEST_CASE("yaml_positions: a line ends with LF or CR LF or CR") {
  const YamlPositions positions = in_file("a: ~\nb: ~\r\nc: ~\rd: ~");
  for (const std::size_t line : {0U, 1U, 2U, 3U}) CHECK(positions.writes_null(line, 3));
  CHECK_FALSE(positions.writes_null(4, 3));
}

TEST_CASE("yaml_positions: a text that is no file has one origin for all its values") {
  const YamlPositions positions("a: [1,\n 2]", "", Origin{Origin::Kind::set, "a=[1, 2]"});
  CHECK(positions.at(0, 3).text() == "--set a=[1, 2]");
  CHECK(positions.at(1, 1).text() == "--set a=[1, 2]");
}

TEST_CASE("yaml_positions: null is written as one of four words and nothing longer") {
  for (const char* text : {"~", "null", "Null", "NULL", "~ # none", "null,", "null]", "null}", "NULL\r\n"}) {
    INFO(text);
    CHECK(in_file(text).writes_null(0, 0));
  }
  for (const char* text : {"", "nULL", "nullable", "~x", "'null'", "# null", ","}) {
    INFO(text);
    CHECK_FALSE(in_file(text).writes_null(0, 0));
  }
}

TEST_CASE("yaml_positions: text of at most 4 MiB without control characters is accepted") {
  const auto refused = [](std::string_view text) { return said(text, &YamlPositions::refuse_what_is_no_text); };
  CHECK(refused("a:\t\xC3\xA9\r\n") == "nothing was thrown");
  CHECK(refused(std::string(4U << 20, 'a')) == "nothing was thrown");
  CHECK(refused(std::string((4U << 20) + 1, 'a')) ==
        "x.yaml:1:1: 4194305 bytes are too many; a plan has at most 4 MiB");
  CHECK(refused("a\n\xC3\xA9\xC3\n") == "x.yaml:2:1: byte 3 of this line is not UTF-8; save the file as UTF-8");
  CHECK(refused("a\n\xC3\xA9\x7F") == "x.yaml:2:2: the control character U+007F is not text");
}

TEST_CASE("yaml_positions: a quote must be closed where its kind is closed") {
  const auto checked = [](std::string_view text) {
    return said(text, &YamlPositions::check_closed, std::size_t{0}, std::size_t{3});
  };
  const std::string fine = "nothing was thrown";
  CHECK(checked("a: plain") == fine);
  CHECK(checked("a: \"b\\\"c\"") == fine);
  CHECK(checked("a: 'it''s'") == fine);
  CHECK(checked("a: 'back\\'") == fine);  // a backslash is text between single quotes
  CHECK(checked("a: \"b\n  c\"") == fine);
  CHECK(checked("a: \"b\\\"") == "x.yaml:1:4: the quote \" is not closed");
  CHECK(checked("a: 'it''s") == "x.yaml:1:4: the quote ' is not closed");
  CHECK(checked("a: \"it's'") == "x.yaml:1:4: the quote \" is not closed");
}

TEST_CASE("yaml_positions: a bracket is too deep or open or else what the caller says") {
  const auto outcome = [](const std::string& text) {
    return said(text, &YamlPositions::fail_at_bracket, std::size_t{0}, std::size_t{0}, "as the caller says");
  };
  const std::string at = "x.yaml:1:1: ";
  CHECK(outcome("[1, {a: 2}] ]") == at + "as the caller says");
  CHECK(outcome("[']', \"[[\"]") == at + "as the caller says");
  CHECK(outcome("{a: [1, 2}") == at + "a '{' is not closed");
  CHECK(outcome("[1, ']") == at + "a '[' is not closed");
  CHECK(outcome(std::string(100, '[') + std::string(100, ']')) == at + "as the caller says");
  CHECK(outcome(std::string(101, '[')) == at + "nested more than 100 levels deep");
}

TEST_CASE("yaml_positions: the parser's messages become sentences for the user") {
  CHECK(explained("a: {", 0, 3, "end of map flow not found") ==
        "x.yaml:1:4: a '{' is not closed with '}', or a ',' is missing between two keys");
  CHECK(explained("a: [", 0, 3, "end of sequence flow not found") ==
        "x.yaml:1:4: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(explained("a: ]", 0, 3, "illegal flow end") == "x.yaml:1:4: a ']' has no opening bracket");
  CHECK(explained("a:\n b", 1, 1, "end of map not found") ==
        "x.yaml:2:2: a key does not line up with those above it, or its ':' is missing");
  CHECK(explained("- a\n b", 1, 1, "end of sequence not found") ==
        "x.yaml:2:2: a '- ' does not line up with those above it");
  CHECK(explained("a: b: c", 0, 4, "illegal map value") ==
        "x.yaml:1:5: a ':' is not allowed here; correct the indentation, or put a text with ': ' in quotes");
  CHECK(explained("a: @b", 0, 3, "unknown token") == "x.yaml:1:4: a text that starts with '@' needs quotes");
  CHECK(explained("a: *b", 0, 3, "the referenced anchor is not defined: b") ==
        "x.yaml:1:4: " + std::string(kNoAnchors));
  CHECK(explained("a: b", 0, 3, "something new") == "x.yaml:1:4: is not YAML: something new");
}

TEST_CASE("yaml_positions: a tab in the indentation here or one line above is the likelier mistake") {
  const std::string tab = "there is a tab in the indentation; YAML needs spaces";
  CHECK(explained("a:\n \tb: 1\nc", 1, 2, "unknown token") == "x.yaml:2:2: " + tab);
  CHECK(explained("a:\n\tb: 1\nc", 2, 0, "unknown token") == "x.yaml:2:1: " + tab);
  CHECK(explained("a:\n\tb: 1\nc\nd", 3, 0, "something new") == "x.yaml:4:1: is not YAML: something new");
  CHECK(explained("a: b\tc", 0, 3, "something new") == "x.yaml:1:4: is not YAML: something new");
}

}  // namespace regard::config
