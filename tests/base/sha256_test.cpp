#include "framework/base/sha256.h"

#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {

TEST_CASE("sha256: the examples of FIPS 180-4") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
               "mnopqrstnopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: pieces of any size give the hash of the whole") {
  std::string text;
  for (int i = 0; i < 500; ++i) text.push_back(static_cast<char>(i * 7));
  const std::string whole = sha256(text);
  for (const std::size_t size : {1U, 3U, 55U, 56U, 63U, 64U, 65U, 128U, 499U}) {
    Sha256 hash;
    for (std::size_t begin = 0; begin < text.size(); begin += size) hash.update(text.substr(begin, size));
    CHECK(hash.hex() == whole);
  }
}

TEST_CASE("sha256: a file has the hash of its bytes and a missing one is an error") {
  const test::TempFolder folder;
  const std::string text(3000000, 'x');
  write_file(folder / "a", text);
  CHECK(sha256_file(folder / "a") == sha256(text));
  CHECK_THROWS_WITH(sha256_file(folder / "b"),
                    (folder / "b").string() + ": cannot be read: no such file or folder");
}

}  // namespace regard
