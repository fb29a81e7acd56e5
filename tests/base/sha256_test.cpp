#include "framework/base/sha256.h"

#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256_block.h"
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

TEST_CASE("sha256: the portable code and the processor's instructions give the same block") {
  using namespace sha256_detail;
  // "abc" padded to a block: the first example of FIPS 180-4, by the portable code and, if the processor has them,
  // by its instructions.
  std::array<unsigned char, 64> bytes{'a', 'b', 'c', 0x80};
  bytes[63] = 24;
  const State begin{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const State end{0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
  State words = begin;
  block_in_words(words, bytes.data());
  CHECK(words == end);
  if (!has_instructions()) return;
  State instructions = begin;
  block_by_instructions(instructions, bytes.data());
  CHECK(instructions == end);
  std::uint32_t dice = 1;
  for (int i = 0; i < 200; ++i) {
    for (unsigned char& byte : bytes)
      byte = static_cast<unsigned char>((dice = dice * 1664525U + 1013904223U) >> 24U);
    block_in_words(words, bytes.data());
    block_by_instructions(instructions, bytes.data());
    CHECK(words == instructions);
  }
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
