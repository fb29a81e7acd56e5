# Writes the source file behind framework/base/version.h. Runs as a script in every build (cmake -D… -P), so that the
# commit is the one that is built; the file changes only where its content does, and only it is compiled again.
#   SOURCE_DIR, OUTPUT, TEMPLATE, PROJECT_VERSION, COMPILER, FLAGS, LIBRARIES
set(COMMIT "unknown")
set(TREE_CLEAN "false")

# A checkout: its own repository, not one that the folder happens to lie in.
find_program(git git)
if(git AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(COMMAND ${git} rev-parse HEAD WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(COMMIT "${head}")
    execute_process(COMMAND ${git} --no-optional-locks status --porcelain --untracked-files=no
      WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed AND changes STREQUAL "")
      set(TREE_CLEAN "true")
    endif()
  endif()
elseif(EXISTS "${SOURCE_DIR}/cmake/archive-commit.txt")
  # An archive: `git archive` has put the commit in place of the format.
  file(STRINGS "${SOURCE_DIR}/cmake/archive-commit.txt" stamp LIMIT_COUNT 1)
  if(stamp MATCHES "^[0-9a-f]+$")
    set(COMMIT "${stamp}")
  endif()
endif()

configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
