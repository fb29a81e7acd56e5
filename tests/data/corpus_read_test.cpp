#include <unistd.h>

#include <ctime>
#include <filesystem>

#include "framework/base/errors.h"
#include "framework/data/corpus.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

using Lines = std::vector<std::string>;

Corpus read(const std::string& source, const std::string& target, const std::string& alignment = "",
            EmptyLines empty_lines = EmptyLines::kRefuse) {
  return read_corpus(source, target, alignment, {.empty_lines = empty_lines, .max_line_words = 1000});
}

}  // namespace

TEST_CASE("corpus: two files are read line by line") {
  const TestFolder folder;
  const Corpus corpus = read(folder.file("a.en", "the cat\na dog\n"), folder.file("a.fr", "le chat\nun chien\n"));
  CHECK(corpus.source == Lines{"the cat", "a dog"});
  CHECK(corpus.target == Lines{"le chat", "un chien"});
  CHECK(corpus.gold.empty());
  CHECK(corpus.size() == 2);
}

TEST_CASE("corpus: CR LF and a byte order mark and a last line without end are accepted") {
  const TestFolder folder;
  const std::string file = folder.file("a", "\xEF\xBB\xBFthe cat\r\na dog\r\nit\xC2\x85 s");
  CHECK(read_lines(file, 1000) == Lines{"the cat", "a dog", "it\xC2\x85 s"});
  CHECK(read_lines(folder.file("b", "a\rb\nc"), 1000) == Lines{"a\rb", "c"});
}

TEST_CASE("corpus: gold alignments are read with it") {
  const TestFolder folder;
  const std::string en = folder.file("a.en", "the black cat\na dog\n");
  const std::string fr = folder.file("a.fr", "le chat noir\nun chien\n");
  const Corpus corpus = read(en, fr, folder.file("a.align", "0-0 1-2 2-1\n\n"));
  CHECK(corpus.gold == std::vector<Alignment>{{{0, 0}, {1, 2}, {2, 1}}, {}});
  const std::string outside = folder.file("b.align", "0-0 1-2 2-1\n0-0 1-2\n");
  CHECK_THROWS_WITH(
      read(en, fr, outside),
      outside + ":2: the link 1-2 points at target word 2, but that sentence has 2 words, counted from 0");
  const std::string more = folder.file("c.align", "0-0\n0-0\n0-0\n");
  CHECK_THROWS_WITH(read(en, fr, more), more + ":3: this line has no partner: this file has 3 lines, but " + en +
                                            " has 2; line i of one must belong to line i of the other");
}

TEST_CASE("corpus: a missing file or a folder or an unreadable file is refused") {
  const TestFolder folder;
  const std::string missing = folder.at("none.en");
  CHECK_THROWS_WITH(read_lines(missing, 10), missing + ": cannot be read: no such file or folder");
  const std::string directory = folder.path().string();
  CHECK_THROWS_WITH(read_lines(directory, 10), directory + ": cannot be read: it is a folder, not a file");
  CHECK_THROWS_AS(read_lines(missing, 10), DataError);
  if (::geteuid() != 0) {  // root may read everything
    const std::string secret = folder.file("secret.en", "a\n");
    std::filesystem::permissions(secret, std::filesystem::perms::none);
    CHECK_THROWS_WITH(read_lines(secret, 10), secret + ": cannot be read: permission denied");
  }
}

TEST_CASE("corpus: the error of different numbers of lines names the first extra one") {
  const TestFolder folder;
  const std::string en = folder.file("a.en", "a\nb\nc\nd\n");
  const std::string fr = folder.file("a.fr", "a\nb\n");
  const std::string message = en + ":3: this line has no partner: this file has 4 lines, but " + fr +
                              " has 2; line i of one must belong to line i of the other";
  CHECK_THROWS_WITH(read(en, fr), message);
  CHECK_THROWS_WITH(read(fr, en), message);
}

TEST_CASE("corpus: an empty file is refused") {
  const TestFolder folder;
  const std::string full = folder.file("a.en", "a\n");
  for (const char* bytes : {"", "\xEF\xBB\xBF"}) {
    const std::string empty = folder.file("a.fr", bytes);
    CHECK_THROWS_WITH(read(full, empty), empty + ": the file is empty; it needs one sentence a line");
  }
}

TEST_CASE("corpus: an empty line is refused or skipped or kept") {
  const TestFolder folder;
  const std::string en = folder.file("a.en", "a\n \t\nc\nd\n");
  const std::string fr = folder.file("a.fr", "a\nb\n\nd\n");
  CHECK_THROWS_WITH(read(en, fr), en + ":2: the line is empty; remove it and its partner from both files, or set "
                                       "data.empty_lines to skip");
  CHECK_THROWS_WITH(
      read(folder.file("b.en", "a\nb\nc\nd\n"), fr),
      fr + ":3: the line is empty; remove it and its partner from both files, or set data.empty_lines to skip");
  const std::string links = folder.file("a.align", "0-0\n\n\n0-0\n");
  const Corpus skipped = read(en, fr, links, EmptyLines::kSkip);
  CHECK(skipped.skipped == 2);
  CHECK(skipped.source == Lines{"a", "d"});
  CHECK(skipped.target == Lines{"a", "d"});
  CHECK(skipped.gold.size() == 2);
  const Corpus kept = read(en, fr, links, EmptyLines::kKeep);
  CHECK(kept.skipped == 0);
  CHECK(kept.source == Lines{"a", " \t", "c", "d"});
  CHECK(kept.target == Lines{"a", "b", "", "d"});
}

TEST_CASE("corpus: invalid UTF-8 is refused with file and line and byte") {
  const TestFolder folder;
  const std::string file = folder.file("a.fr", "le chat\nun \xE9t\xE9\n");
  CHECK_THROWS_WITH(read_lines(file, 10),
                    file +
                        ":2: byte 4 of the line (0xE9) is not valid UTF-8; convert the file, "
                        "for example with iconv -f latin1 -t utf-8");
  const std::string utf16 = folder.file("b.fr", std::string_view("\xFF\xFEl\0e\0", 6));
  CHECK_THROWS_WITH(read_lines(utf16, 10),
                    utf16 +
                        ":1: byte 1 of the line (0xFF) is not valid UTF-8; convert the file, "
                        "for example with iconv -f latin1 -t utf-8");
}

TEST_CASE("corpus: a NUL byte is refused") {
  const TestFolder folder;
  const std::string file = folder.file("a.fr", std::string_view("le chat\nno\0ir\n", 14));
  CHECK_THROWS_WITH(
      read_lines(file, 10),
      file + ":2: byte 3 of the line is NUL, which is not allowed in text; is this a text file in UTF-8?");
}

TEST_CASE("corpus: a line of a million words is refused at once with its length") {
  const TestFolder folder;
  std::string line = "a\n";
  for (int i = 0; i < 1'000'000; ++i) line += "mot ";
  const std::string file = folder.file("a.fr", line);
  const std::clock_t start = std::clock();  // processor time, so that a busy machine does not matter
  CHECK_THROWS_WITH(
      read_lines(file, 1000),
      file + ":2: the line has 1000000 words, but data.max_line_words is 1000; is a line break missing?");
  CHECK(std::clock() - start < CLOCKS_PER_SEC);
  CHECK(read_lines(file, 1'000'000).size() == 2);
}

TEST_CASE("corpus: words are separated by Python's white space") {
  CHECK(count_words("") == 0);
  CHECK(count_words(" \t") == 0);
  CHECK(count_words("le chat") == 2);
  CHECK(count_words(" l'\u00A0homme\u2003là ") == 3);
}

}  // namespace regard::data
