// The steps of browser_check.sh on a page of a report; ends with a list of passed ("ok: …") and failed ("FAILED: …") steps.
'use strict';
(() => {
  const done = [];
  const expect = (what, held) => { done.push((held ? 'ok: ' : 'FAILED: ') + what); };
  const one = selector => document.querySelector(selector);
  const all = selector => [...document.querySelectorAll(selector)];
  const control = label => all('#explorer-controls label').find(l => l.firstChild.textContent === label).lastElementChild;
  const set = (label, value) => {
    control(label).value = value;
    control(label).dispatchEvent(new Event('input', {bubbles: true}));
  };
  const titles = () => all('#explorer-list .sample h3').map(h => h.textContent);
  const ordered = (values, sign) => values.every((v, i) => i === 0 || sign * (v - values[i - 1]) >= 0);
  const timed = what => { const from = performance.now(); what(); return performance.now() - from; };
  const key = (target, name) => target.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true}));

  const button = one('#main thead th:nth-child(2) button');
  const head = button.parentElement;
  // The scores of the table; a system without a finished run has none and is last.
  const column = sign => {
    const scores = all('#main tbody tr').map(row => Number(row.cells[1].dataset.v ?? NaN));
    const known = scores.filter(score => !isNaN(score));
    return known.length > 0 && scores.slice(known.length).every(isNaN) && ordered(known, sign);
  };
  button.click();
  expect('a click sorts the main table, best first', column(-1) && head.getAttribute('aria-sort') === 'descending');
  button.click();
  expect('another click turns it round and says so', column(1) && head.getAttribute('aria-sort') === 'ascending');

  // The explorer.
  const data = JSON.parse(one('#explorer-data').textContent);
  const before = titles();
  expect('the explorer shows a page', before.length > 0);
  if (!one('#explorer-pages').hidden) {
    all('#explorer-pages button')[1].click();
    expect('the next page has other sentences', titles()[0] !== before[0]);
    all('#explorer-pages button')[0].click();
    expect('and the one before is there again', titles()[0] === before[0]);
  }
  set('Order', 'long');
  const words = () => titles().map(title => data.tests[0].rows.find(row => title.endsWith('sentence ' + (row[0] + 1)))[5]);
  expect('sorting by length puts the longest first', ordered(words(), -1));
  const names = all('#explorer-list .sample')[0] ? data.systems : [];
  if (names.length > 1) {
    const score = (sample, system) => {
      const name = [...sample.querySelectorAll('dt')].filter(d => d.textContent === system).pop();
      return name.nextElementSibling.className === 'score' ? Number(name.nextElementSibling.textContent) : NaN;
    };
    const ours = names[Number(control('System').value)];
    const theirs = names[Number(control('Against').value)];
    set('Order', 'helped');
    const ahead = () => all('#explorer-list .sample').map(s => score(s, ours) - score(s, theirs)).filter(d => !isNaN(d));
    expect('sorting by where attention helped most puts the largest gain first', ahead().length > 0 && ordered(ahead(), -1));
    const attention = data.attends[control('System').value] && !data.attends[control('Against').value];
    expect('that order is called by its name', !attention || control('Order').selectedOptions[0].textContent === 'where attention helped most');
    set('Order', 'hurt');
    expect('and the other way round', ordered(ahead(), 1));
    set('Difference of at least', '20');
    expect('a filter keeps differences of that size', ahead().every(d => Math.abs(d) >= 20 - 1e-9));
    set('Difference of at least', '');
  }
  if (Object.keys(data.tests[0].attention).length > 0) {
    set('Attention', 'kept');
    expect('a filter keeps sentences with heat maps', all('#explorer-list .sample').length > 0 &&
      all('#explorer-list .sample').every(s => s.querySelector('details')));
    set('Attention', 'any');
  }
  set('Order', 'file');
  set('Source words, from', '5');
  set('up to', '12');
  expect('a filter keeps sources of that length', all('#explorer-list .sample').length > 0 || /^0 of/.test(one('#explorer-status').textContent));
  set('Source words, from', '');
  set('up to', '');
  const text = one('#explorer-list .sample dd').textContent;
  const word = text.split(' ')[0].slice(0, 40);
  set('Containing', word);
  expect('a filter keeps sentences with the word',
    titles().length > 0 && all('#explorer-list .sample').every(s => s.textContent.toLowerCase().includes(word.toLowerCase())));
  set('Containing', 'no sentence has this ☃');
  expect('a filter that nothing passes leaves none', titles().length === 0 && /^0 of /.test(one('#explorer-status').textContent));
  set('Containing', '');
  const shown = all('#explorer-list .sample');
  expect('differences from the reference are marked', all('#explorer-list mark').length > 0 ||
    shown.every(s => new Set([...s.querySelectorAll('dd[lang]')].slice(1).map(d => d.textContent)).size === 1));
  // The page's script marks like the program: compares the marks of every sentence that both show.
  const marks = article => [...article.querySelectorAll('dd:not(.reference, .score)')].slice(1)
    .map(d => [...d.querySelectorAll('mark')].map(m => m.textContent).join('|'));
  const told = all('#samples .sample').filter(s => s.querySelector('h3').textContent.startsWith(data.tests[0].name + ' '));
  const differing = told.filter(sample => {
    set('Containing', sample.querySelector('dd').textContent);
    const same = all('#explorer-list .sample').find(s => s.querySelector('h3').textContent === sample.querySelector('h3').textContent);
    return !same || JSON.stringify(marks(same)) !== JSON.stringify(marks(sample));
  });
  set('Containing', '');
  expect('the script marks what the program marks', told.length > 0 && differing.length === 0);
  expect('no mark on the reference', all('#explorer-list .reference mark').length === 0);
  const slowest = Math.max(timed(() => set('Order', 'helped')), timed(() => set('Containing', 'e')), timed(() => set('Order', 'file')),
    timed(() => set('Containing', '')));
  done.push('   slowest search of ' + data.tests[0].rows.length + ' sentences: ' + slowest.toFixed(0) + ' ms');
  expect('no search takes longer than 300 ms', slowest < 300);

  // Heat maps.
  const map = one('table.heat');
  if (map) {
    const cell = map.querySelector('td[tabindex="0"]');
    expect('a heat map is one stop of the tab key', map.querySelectorAll('td[tabindex="0"]').length === 1);
    cell.focus();
    key(cell, 'ArrowDown');
    expect('an arrow key moves down in a heat map', document.activeElement.parentElement.rowIndex === cell.parentElement.rowIndex + 1);
    expect('the weight is read out', map.parentElement.nextElementSibling.textContent === document.activeElement.title &&
      /: (0|1)\.\d\d$|: –$/.test(document.activeElement.title));
    const low = document.activeElement;
    key(low, 'ArrowRight');
    expect('and to the right', document.activeElement.cellIndex === low.cellIndex + 1);
    const hovered = map.querySelector('tbody tr:last-child td:last-child');
    hovered.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
    expect('and under the mouse', map.parentElement.nextElementSibling.textContent === hovered.title);
  }

  // Labels for screen readers.
  expect('the page has a language, a title, one h1 and a main part',
    document.documentElement.lang !== '' && document.title !== '' && all('h1').length === 1 && all('main').length === 1);
  expect('each section is named by its heading', all('section').every(s => document.getElementById(s.getAttribute('aria-labelledby'))));
  expect('each table has a caption', all('table').every(t => t.caption && t.caption.textContent.trim() !== ''));
  expect('each header cell says of what', all('table th').every(h => h.scope === 'col' || h.scope === 'row'));
  expect('each picture has words', all('img').every(i => i.alt !== ''));
  expect('each control has a label', all('#explorer-controls input, #explorer-controls select').every(c => c.labels.length === 1));
  expect('the number of hits is a status', one('#explorer-status').getAttribute('role') === 'status');
  expect('ids are unique', new Set(all('[id]').map(e => e.id)).size === all('[id]').length);
  expect('links within the page lead somewhere', all('a[href^="#"]').every(a => document.getElementById(a.getAttribute('href').slice(1))));
  expect('nothing is wider than the window', document.documentElement.scrollWidth <= document.documentElement.clientWidth);

  const finish = () => {
    const report = document.createElement('pre');
    report.id = 'steps';
    report.textContent = done.join('\n');
    document.body.append(report);
  };
  const fold = one('#explorer-list details');
  if (!fold) return finish();
  fold.addEventListener('toggle', () => setTimeout(() => {
    expect('a sentence opens its heat maps', fold.querySelectorAll('table.heat').length > 0);
    expect('whose words stand on both axes', fold.querySelectorAll('table.heat thead th').length > 0 && fold.querySelectorAll('table.heat tbody th').length > 0);
    finish();
  }, 0));
  fold.open = true;
})();
