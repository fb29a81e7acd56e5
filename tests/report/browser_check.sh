#!/usr/bin/env bash
# browser_check.sh PAGE: works a report's page in headless Chromium as a reader would: sorts the main table, filters and
# sorts the explorer, turns a page, opens a heat map, moves in it by keyboard. Fails where a step does not do what it
# should, or where the console shows an error.
set -euo pipefail
page=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/steps.html" <<'STEPS'
<script>
'use strict';
(() => {
  const done = [];
  const expect = (what, held) => { done.push((held ? 'ok: ' : 'FAILED: ') + what); };
  const one = selector => document.querySelector(selector);
  const all = selector => [...document.querySelectorAll(selector)];
  const set = (label, value) => {
    const control = all('#explorer-controls label').find(l => l.firstChild.textContent === label).lastElementChild;
    control.value = value;
    control.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const titles = () => all('#explorer-list .sample h3').map(h => h.textContent);

  const button = one('#main thead th:nth-child(2) button');
  const column = () => all('#main tbody tr').map(row => Number(row.cells[1].dataset.v));
  const ordered = (values, sign) => values.every((v, i) => i === 0 || sign * (v - values[i - 1]) >= 0);
  button.click();
  expect('a click sorts the main table, best first', ordered(column(), -1));
  button.click();
  expect('another click turns it round', ordered(column(), 1));

  const before = titles();
  expect('the explorer shows a page', before.length > 0);
  if (!one('#explorer-pages').hidden) {
    all('#explorer-pages button')[1].click();
    expect('the next page has other sentences', titles()[0] !== before[0]);
  }
  set('Order', 'long');
  const words = () => all('#explorer-list .sample dd:first-of-type').map(d => d.textContent.split(' ').length);
  expect('sorting by length puts the longest first', ordered(words(), -1));
  set('Order', 'file');
  const word = one('#explorer-list .sample dd').textContent.split(' ')[0];
  set('Containing', word);
  expect('a filter keeps sentences with the word',
    all('#explorer-list .sample').every(s => s.textContent.toLowerCase().includes(word.toLowerCase())));
  set('Containing', 'no sentence has this \u2603');
  expect('a filter that nothing passes leaves none', titles().length === 0 && /^0 of /.test(one('#explorer-status').textContent));
  set('Containing', '');

  const map = one('table.heat');
  if (map) {
    const cell = map.querySelector('td[tabindex="0"]');
    cell.focus();
    cell.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}));
    expect('an arrow key moves down in a heat map', document.activeElement.parentElement.rowIndex === cell.parentElement.rowIndex + 1);
    expect('the weight is read out', map.parentElement.nextElementSibling.textContent === document.activeElement.title);
  }
  const fold = one('#explorer-list details');
  const finish = () => {
    const report = document.createElement('pre');
    report.id = 'steps';
    report.textContent = done.join('\n');
    document.body.append(report);
  };
  if (!fold) return finish();
  fold.addEventListener('toggle', () => setTimeout(() => {
    expect('a sentence opens its heat maps', fold.querySelectorAll('table.heat').length > 0);
    finish();
  }, 0));
  fold.open = true;
})();
</script>
STEPS
cat "$page" "$work/steps.html" >"$work/page.html"

chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$work/profile" --enable-logging=stderr --v=0 \
  --virtual-time-budget=5000 --dump-dom "file://$work/page.html" >"$work/dom.html" 2>"$work/log"
if grep 'CONSOLE' "$work/log"; then
  echo "the console is not silent" >&2
  exit 1
fi
steps=$(sed -n '/<pre id="steps">/,/<\/pre>/p' "$work/dom.html" | sed -e 's/.*<pre id="steps">//' -e 's/<\/pre>.*//')
printf '%s\n' "$steps"
[ -n "$steps" ] && ! grep -q FAILED <<<"$steps"
