# Generated headers are in the build tree; an installation has them beside the others.
if(TARGET regard_build_mark)
  set(regard_GENERATED_DIR ${REGARD_GENERATED_DIR})
else()
  set(regard_GENERATED_DIR ${CMAKE_CURRENT_LIST_DIR}/generated)
endif()

# regard_add_plugin(name source...)
# Adds a library that a plan can name under `plugins:`. It is built as <name>.so, without the prefix "lib", in C++20, with
# regard's public headers. It is optimised (-O2) if the project sets no build type.
function(regard_add_plugin name)
  if(NOT ARGN)
    message(FATAL_ERROR "regard_add_plugin(${name}): name at least one source file, as in "
      "regard_add_plugin(${name} ${name}.cpp)")
  endif()
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE regard::regard)
  target_compile_options(${name} PRIVATE -ffp-contract=off)  # as regard itself: the same bytes on every processor
  if(TARGET regard_build_mark)
    add_dependencies(${name} regard_build_mark)
  endif()
  if(TARGET regard_build_mark OR EXISTS ${regard_GENERATED_DIR})
    target_include_directories(${name} PRIVATE ${regard_GENERATED_DIR})
  endif()
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_EXTENSIONS OFF)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    target_compile_options(${name} PRIVATE -O2)
  endif()
endfunction()
