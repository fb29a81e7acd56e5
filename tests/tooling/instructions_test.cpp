// Checks the code that the compiler made of inline assembly, in the disassembled object; no processor with these
// instructions is needed. The compiler may store an operand that is not named after the instruction reads it, or
// never.
#include <cstdint>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

#if defined(__x86_64__)

namespace regard::test {
namespace {

const std::string kSource = REGARD_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string objdump(const std::string& options, const std::string& object) {
  const Said said = shell("objdump " + options + " '" + object + "'");
  INFO(said.text);
  REQUIRE(said.code == 0);
  return said.text;
}

// Returns the number of bytes that a move to memory writes; 0 for any other instruction.
int bytes_of_move(const std::string& mnemonic, const std::string& operands) {
  if (!std::regex_search(mnemonic, std::regex("^v?mov"))) return 0;
  if (operands.starts_with("%zmm")) return 64;
  if (operands.starts_with("%ymm")) return 32;
  if (operands.starts_with("%xmm")) {
    if (std::regex_search(mnemonic, std::regex("(ss|movd)$"))) return 4;
    return std::regex_search(mnemonic, std::regex("(sd|[lh]p[sd]|movq)$")) ? 8 : 16;
  }
  if (std::regex_search(operands, std::regex("^%(r[a-d]x|r[sd]i|r[bs]p|r[0-9]+),"))) return 8;
  switch (mnemonic.back()) {
    case 'b':
      return 1;
    case 'w':
      return 2;
    case 'q':
      return 8;
    default:
      return std::regex_search(operands, std::regex("^(%e|%r[0-9]+d|\\$)")) ? 4 : 0;
  }
}

// Returns the 64 bytes at SYMBOL+OFFSET of an object, in hexadecimal.
std::string constant_bytes(const std::string& object, std::string symbol, std::int64_t offset) {
  std::smatch found;
  const std::string symbols = objdump("-t", object);
  for (const std::string& line : lines_of(symbols)) {
    if (std::regex_match(line, found, std::regex("([0-9a-f]+) .{7} (\\S+)\\s[0-9a-f]+ " + symbol)) &&
        symbol[0] != '.') {
      offset += std::stoll(found[1], nullptr, 16);
      symbol = found[2];
      break;
    }
  }
  if (!symbol.starts_with(".rodata") && !symbol.starts_with(".data.rel.ro")) return "in " + symbol;
  std::string all;
  for (const std::string& line : lines_of(objdump("-s -j " + symbol, object))) {
    if (!std::regex_search(line, std::regex("^ [0-9a-f]+ [0-9a-f]"))) continue;
    std::string row = line.substr(line.find(' ', 1) + 1, 35);  // four groups of eight digits
    for (const char digit : row) {
      if (digit != ' ') all += digit;
    }
  }
  return all.substr(static_cast<std::size_t>(2 * offset), 128);
}

// Describes the 64 bytes that the object's only ldtilecfg reads: the constant bytes, or how many of them are
// stored before it in its function.
std::string configuration(const std::string& disassembly, const std::string& object = "") {
  const std::vector<std::string> lines = lines_of(disassembly);
  const std::regex instruction("^\\s*[0-9a-f]+:\\s+(\\S+)\\s*(\\S*).*$");
  std::vector<std::size_t> at;
  std::size_t function = 0, begin = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].ends_with(">:")) function = i;
    if (lines[i].find("ldtilecfg") == std::string::npos) continue;
    at.push_back(i);
    begin = function;
  }
  if (at.size() != 1) return std::to_string(at.size()) + " times ldtilecfg";
  std::smatch found, address;
  REQUIRE(std::regex_match(lines[at[0]], found, instruction));
  const std::string operand = found[2];
  if (operand.ends_with("(%rip)")) {
    REQUIRE(at[0] + 1 < lines.size());
    REQUIRE(
        std::regex_search(lines[at[0] + 1], address, std::regex("R_X86_64_PC32\\s+([^-+\\s]+)([-+]0x[0-9a-f]+)")));
    return constant_bytes(object, address[1], std::stoll(address[2], nullptr, 16) + 4);
  }
  const std::regex memory("(-?)(?:0x)?([0-9a-f]*)(\\(%r[a-z0-9]+\\))$");
  REQUIRE(std::regex_search(operand, address, memory));
  const auto displacement = [](const std::smatch& m) {
    const int value = m[2].length() == 0 ? 0 : std::stoi(m[2], nullptr, 16);
    return m[1].length() == 0 ? value : -value;
  };
  const int first = displacement(address);
  const std::string base = address[3];
  std::vector<bool> stored(64);
  for (std::size_t i = begin + 1; i < at[0]; ++i) {
    if (!std::regex_match(lines[i], found, instruction)) continue;
    const std::string operands = found[2];
    const int bytes = bytes_of_move(found[1], operands);
    if (!std::regex_search(operands, address, memory) || address[3] != base) continue;
    for (int byte = 0; byte < bytes; ++byte) {
      const int place = displacement(address) + byte - first;
      if (place >= 0 && place < 64) stored[static_cast<std::size_t>(place)] = true;
    }
  }
  return std::to_string(std::count(stored.begin(), stored.end(), true)) + " of 64 bytes are stored";
}

std::string hex(const std::vector<int>& bytes) {
  std::string text;
  for (const int byte : bytes) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

TEST_CASE("instructions: ldtilecfg reads a tile configuration of which all 64 bytes are in memory") {
  std::vector<int> wanted(64);
  wanted[0] = 1;  // palette
  for (int tile = 0; tile < 8; ++tile) {
    wanted[static_cast<std::size_t>(16 + 2 * tile)] = 64;  // bytes of a row, 16 bits
    wanted[static_cast<std::size_t>(48 + tile)] = 16;      // rows
  }
  const std::string object = REGARD_AMX_OBJECT;
  CHECK(configuration(objdump("-dr --no-show-raw-insn", object), object) == hex(wanted));
}

TEST_CASE("instructions: bytes that no instruction stores are counted as missing") {
  const std::string function = "0000000000000000 <configure>:\n   0:\tvpxor  %xmm0,%xmm0,%xmm0\n";
  const std::string load = "  17:\tldtilecfg -0x40(%rsp)\n  1e:\tvzeroupper\n";
  CHECK(configuration(function + "   c:\tvmovdqa %ymm0,-0x40(%rsp)\n  12:\tmovb   $0x1,-0x40(%rsp)\n" + load) ==
        "32 of 64 bytes are stored");
  CHECK(configuration(function + "   c:\tvmovdqa64 %zmm0,-0x40(%rsp)\n" + load) == "64 of 64 bytes are stored");
  CHECK(configuration(function + load + "  20:\tvmovdqa64 %zmm0,-0x40(%rsp)\n") == "0 of 64 bytes are stored");
  CHECK(configuration(function) == "0 times ldtilecfg");
}

// The numbers 0x4b1d0001 … occur nowhere else.
TEST_CASE("instructions: memory is written before a tile is loaded and read again after a tile is stored") {
  const Folder folder;
  folder.write("sample.cpp",
               "#include \"framework/tensor/simd/product/tiles.inl\"\n"
               "void before() {\n"
               "  alignas(64) int square[256];\n"
               "  square[0] = 0x4b1d0001;\n"
               "  regard::simd::tile_load<0>(square, 64);\n"
               "  square[0] = 0x4b1d0002;\n"
               "  regard::simd::tile_load<1>(square, 64);\n"
               "}\n"
               "int after() {\n"
               "  alignas(64) int square[256];\n"
               "  square[0] = 0x4b1d0003;\n"
               "  regard::simd::tile_store<2>(square, 64);\n"
               "  return square[0];\n"
               "}\n");
  const std::string object = folder / "sample.o";
  const Said built = shell(std::string("'") + REGARD_CXX + "' -std=c++20 -O3 -I '" + kSource + "' -c '" +
                           (folder / "sample.cpp") + "' -o '" + object + "'");
  INFO(built.text);
  REQUIRE(built.code == 0);
  const std::string text = objdump("-d --no-show-raw-insn", object);
  std::string order;
  const std::regex events("0x4b1d000([1-3])|(tileloadd|tilestored) \\S+");
  for (auto i = std::sregex_iterator(text.begin(), text.end(), events); i != std::sregex_iterator(); ++i) {
    order += (*i)[1].matched ? "write " + (*i)[1].str() + ", " : (*i)[2].str() + ", ";
  }
  CHECK(order == "write 1, tileloadd, write 2, tileloadd, write 3, tilestored, ");
}

}  // namespace
}  // namespace regard::test

#endif
