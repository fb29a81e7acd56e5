# Functions that the scripts of tools/ share; to be sourced. Sets `root`, the top folder of the project, and keeps the current
# folder.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# die TEXT...: prints one sentence to stderr and exits with 2 (the user can fix the cause).
die() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

# jobs: prints how many compilers run at once: one a core, but at least 1 GB of memory for each, so that a small machine does not
# swap.
jobs() {
  local cores memory
  cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1000000) }' /proc/meminfo 2>/dev/null || true)
  if [ "${memory:-$cores}" -lt "$cores" ]; then cores=$memory; fi
  if [ "$cores" -lt 1 ]; then cores=1; fi
  echo "$cores"
}

# files_in_memory: programs that are started after it put their temporary files into memory, if there is enough. Tests write
# thousands of small files and sync each; on a disk they mostly wait.
files_in_memory() {
  local memory=/dev/shm free
  if [ -n "${TMPDIR:-}" ] || [ "$(stat -f -c %T $memory 2>/dev/null)" != tmpfs ]; then return 0; fi
  free=$(stat -f -c '%a * %S / 1000000' $memory)
  if [ $((free)) -lt 2000 ]; then return 0; fi
  TMPDIR=$(mktemp -d $memory/regard-XXXXXX 2>/dev/null) || { unset TMPDIR; return 0; }
  export TMPDIR
  trap 'rm -rf "${TMPDIR:-}"' EXIT
  chmod 755 "$TMPDIR"  # a test runs as another user
  # Tests load plug-ins from there, so the file system must allow programs to run.
  printf '#!/bin/sh\n' >"$TMPDIR/try"
  chmod +x "$TMPDIR/try"
  if ! "$TMPDIR/try" 2>/dev/null; then
    rm -rf "$TMPDIR"
    unset TMPDIR
  fi
}

# build PRESET [TARGET...]: configures if necessary and builds what changed. Prints nothing unless this takes minutes. The whole
# output is in build/PRESET/build.log; a failure prints the first error.
build() {
  local preset=$1 folder="$root/build/$1" log="$root/build/$1/build.log" what
  shift
  mkdir -p "$folder"
  exec 9>"$folder/.lock"
  flock 9  # two builds at once would write the same objects
  : >"$log"
  if configure_is_due "$folder"; then
    printf 'tools/%s: configuring and building build/%s; this takes some minutes the first time\n' "${0##*/}" "$preset" >&2
    (cd "$root" && cmake --fresh --preset "$preset") >>"$log" 2>&1 9>&- || build_failed "$preset" "$log"
    touch "$folder/.configured"
  fi
  what=(--build "$folder")
  if [ $# -gt 0 ]; then what+=(--target "$@"); fi
  cmake "${what[@]}" --parallel "$(jobs)" >>"$log" 2>&1 </dev/null 9>&- || build_failed "$preset" "$log"
  exec 9>&-
}

# True if the build tree is new, incomplete, older than the presets, or was made for sources in another folder.
configure_is_due() {
  [ -e "$1/build.ninja" ] && [ -e "$1/.configured" ] && [ ! "$root/CMakePresets.json" -nt "$1/.configured" ] &&
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt" || return 0
  return 1
}

build_failed() {
  # Prints the first error and the lines after it, or the end of the log if no line has an error mark.
  if grep -qE 'error:|CMake Error|FAILED:' "$2"; then
    grep -nE -m1 'error:|CMake Error|FAILED:' "$2" | cut -d: -f1 | {
      read -r line
      tail -n "+$line" "$2" | head -n 40
    } >&2
  else
    tail -n 40 "$2" >&2
  fi
  printf 'error: the build failed; its whole output is in build/%s/build.log\n' "$1" >&2
  exit 1
}
