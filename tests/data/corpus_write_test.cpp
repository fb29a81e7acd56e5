#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/data/corpora/chat_noir.h"
#include "framework/data/corpora/symbols.h"
#include "framework/data/corpus.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"

namespace regard::data {

TEST_CASE("corpus: written files are read back unchanged") {
  const TestFolder folder;
  const Splits splits = make_chat_noir({.train = 30, .valid = 5, .test = 5, .test_long = 4});
  const auto out = folder.path() / "deep" / "chat_noir";
  write_corpus(splits, out);
  const auto same = [&](const std::string& name, const Corpus& corpus) {
    const Corpus read = read_corpus(out / (name + ".en"), out / (name + ".fr"), out / (name + ".align"), {});
    return read.source == corpus.source && read.target == corpus.target && read.gold == corpus.gold;
  };
  CHECK(same("train", splits.train));
  CHECK(same("valid", splits.valid));
  REQUIRE(splits.tests.size() == 2);
  CHECK(same("test", splits.tests[0].corpus));
  CHECK(same("test_long", splits.tests[1].corpus));
  CHECK(read_file(out / "README.md") ==
        "# chat_noir\n\nEnglish to French sentences made by a grammar of regard's own (synthetic).\n\n"
        "The corpus is synthetic: a program made every sentence, nobody wrote or translated one.\n\n"
        "Line i of NAME.en and line i of NAME.fr are a pair; NAME.align, where it is there, links their words "
        "(source-target, counted from 0).\n\n"
        "| name | pairs |\n| --- | --- |\n| train | 30 |\n| valid | 5 |\n| test | 5 |\n| test_long | 4 |\n");
}

TEST_CASE("corpus: equal languages on both sides give the endings source and target") {
  const TestFolder folder;
  write_corpus(make_copy({.train = 3, .valid = 1, .test = 1, .test_long = 1}), folder.path() / "copy");
  CHECK(read_file(folder.path() / "copy" / "train.source") == read_file(folder.path() / "copy" / "train.target"));
}

TEST_CASE("corpus: a folder that is not empty is refused") {
  const TestFolder folder;
  (void)folder.file("notes.txt", "mine");
  CHECK_THROWS_WITH(write_corpus({}, folder.path()),
                    folder.path().string() + ": exists already; name a folder that is empty or does not exist");
  CHECK_THROWS_AS(write_corpus({}, folder.path()), FolderError);
  CHECK_THROWS_WITH(write_corpus({}, folder.path() / "notes.txt"),
                    folder.at("notes.txt") + ": exists already; name a folder that is empty or does not exist");
}

}  // namespace regard::data
