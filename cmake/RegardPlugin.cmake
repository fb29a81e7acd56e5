# regard_add_plugin(name source...)
# A library that a plan names under `plugins:`. It is built as <name>.so, without the prefix "lib", in C++20, against
# regard's public headers; and optimised where the project does not say how to build.
function(regard_add_plugin name)
  if(NOT ARGN)
    message(FATAL_ERROR "regard_add_plugin(${name}): name at least one source file, as in "
      "regard_add_plugin(${name} ${name}.cpp)")
  endif()
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE regard::regard)
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_EXTENSIONS OFF)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    target_compile_options(${name} PRIVATE -O2)
  endif()
endfunction()
