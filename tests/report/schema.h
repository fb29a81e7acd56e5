#pragma once
// Checks the parts of JSON Schema that our schemas use: $ref, const, enum, type, required, items, properties,
// additionalProperties.
#include <nlohmann/json.hpp>
#include <string>

namespace regard::test {

// Returns the first error of `value`, called `name`, by the schema in `file`; or "".
[[nodiscard]] std::string against_schema(const nlohmann::json& value, const std::string& file,
                                         const std::string& name);

}  // namespace regard::test
