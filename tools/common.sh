# What the scripts of tools/ share. To be sourced; sets `root`, the top of the project, and leaves the current folder.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# die text...: one sentence on stderr, exit code 2 (the user can mend it).
die() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

# jobs: how many compilers at once. One a core, and 1 GB for each: a small machine would swap otherwise.
jobs() {
  local cores memory
  cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1000000) }' /proc/meminfo 2>/dev/null || true)
  if [ "${memory:-$cores}" -lt "$cores" ]; then cores=$memory; fi
  if [ "$cores" -lt 1 ]; then cores=1; fi
  echo "$cores"
}

# files_in_memory: what is started from here on puts its temporary files into memory where that can be. Tests write
# thousands of small files and have each one synced; on a disk that others use they mostly wait.
files_in_memory() {
  local memory=/dev/shm free
  if [ -n "${TMPDIR:-}" ] || [ "$(stat -f -c %T $memory 2>/dev/null)" != tmpfs ]; then return 0; fi
  free=$(stat -f -c '%a * %S / 1000000' $memory)
  if [ $((free)) -lt 2000 ]; then return 0; fi
  TMPDIR=$(mktemp -d $memory/regard-XXXXXX 2>/dev/null) || { unset TMPDIR; return 0; }
  export TMPDIR
  trap 'rm -rf "${TMPDIR:-}"' EXIT
  chmod 755 "$TMPDIR"  # a test becomes another user
  # Plug-ins are loaded from there: not where the file system forbids that anything runs.
  printf '#!/bin/sh\n' >"$TMPDIR/try"
  chmod +x "$TMPDIR/try"
  if ! "$TMPDIR/try" 2>/dev/null; then
    rm -rf "$TMPDIR"
    unset TMPDIR
  fi
}

# build preset [target...]: configures where that is due, builds what changed, and says nothing unless there is
# something to wait for. The whole output is in build/PRESET/build.log; its end is shown where a step fails.
build() {
  local preset=$1 folder="$root/build/$1" log="$root/build/$1/build.log" what
  shift
  mkdir -p "$folder"
  exec 9>"$folder/.lock"
  flock 9  # two of us at once would write the same objects
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

# True where the build tree is new, older than the presets, half made, or belongs to sources that lay elsewhere.
configure_is_due() {
  [ -e "$1/build.ninja" ] && [ -e "$1/.configured" ] && [ ! "$root/CMakePresets.json" -nt "$1/.configured" ] &&
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt" || return 0
  return 1
}

build_failed() {
  # The first error with what follows it; or, where none is marked, the end.
  if grep -qE 'error:|CMake Error|FAILED:' "$2"; then
    grep -nE -m1 'error:|CMake Error|FAILED:' "$2" | cut -d: -f1 | {
      read -r line
      tail -n "+$line" "$2" | head -n 40
    } >&2
  else
    tail -n 40 "$2" >&2
  fi
  printf 'error: the build failed; all of its output is in build/%s/build.log\n' "$1" >&2
  exit 1
}
