#!/usr/bin/env bash
# browser_check.sh PAGE: uses a report's page in headless Chromium as a reader would: sorts the main table, filters and sorts
# the explorer, turns a page, opens a heat map, moves in it by keyboard. Checks the labels for screen readers, overflow on a
# phone, and the page without JavaScript. Fails if a step has a wrong result or takes too long, or if the console has an error.
set -euo pipefail
page=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(dirname "$(readlink -f "$0")")/browser_steps.js" "$work/steps.js"
{
  cat "$page"
  printf '<script>\n'
  cat "$work/steps.js"
  printf '</script>\n'
} >"$work/page.html"

# browse NAME URL [OPTION...]: writes the page's DOM after its scripts to NAME.html, and Chromium's messages to NAME.log.
browse() {
  local name=$1 url=$2
  shift 2
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$work/profile" --enable-logging=stderr --v=0 \
    --virtual-time-budget=20000 "$@" --dump-dom "$url" >"$work/$name.html" 2>"$work/$name.log"
  if grep 'CONSOLE' "$work/$name.log"; then
    echo "$name: the console has messages" >&2
    return 1
  fi
}

# steps NAME: prints the results of the steps, one line each.
steps() {
  sed -n '/<pre id="steps">/,/<\/pre>/p' "$work/$1.html" | sed -e 's/.*<pre id="steps">//' -e 's/<\/pre>.*//'
}

failed=0
for look in desktop:1280,900 phone:390,844; do
  browse "${look%%:*}" "file://$work/page.html" --window-size="${look#*:}"
  printf '%s\n' "-- ${look%%:*}"
  found=$(steps "${look%%:*}")
  printf '%s\n' "$found"
  if [ -z "$found" ] || grep -q FAILED <<<"$found"; then failed=1; fi
done

# Without JavaScript: the script is not run (the policy of the page is made stricter), and the page says the same.
sed "s/script-src 'unsafe-inline'/script-src 'none'/" "$page" >"$work/plain.html"
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --dump-dom "file://$work/plain.html" \
  >"$work/without.html" 2>/dev/null
printf '%s\n' '-- without JavaScript'
for said in '<table id="main"' 'class="verdicts"' '<article class="sample">' 'table class="heat"' '<noscript>'; do
  if grep -qF "$said" "$work/without.html"; then
    printf 'ok: %s\n' "$said"
  else
    printf 'FAILED: %s is not there\n' "$said"
    failed=1
  fi
done
if grep -qF '<th scope="col" class="n"><button' "$work/without.html"; then
  printf 'FAILED: a script has run\n'
  failed=1
fi
exit $failed
