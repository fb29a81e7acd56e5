(() => {
  const holder = document.getElementById('explorer-data');
  if (!holder) return;
  const data = JSON.parse(holder.textContent);
  const list = document.getElementById('explorer-list');
  const status = document.getElementById('explorer-status');
  const controls = document.getElementById('explorer-controls');
  const pages = document.getElementById('explorer-pages');
  const baseline = data.baseline || 0;
  const rival = data.systems.length > 1 ? (baseline === 0 ? 1 : 0) : 0;

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const choice = (label, options, value) => {
    const select = element('select');
    options.forEach(([id, text]) => select.append(element('option', {value: id, textContent: text})));
    select.value = value;
    controls.append(element('label', {}, label, select));
    return select;
  };
  const field = (label, type, into = controls) => {
    const input = element('input', {type, autocomplete: 'off'});
    if (type === 'number') input.min = 0;
    into.append(element('label', {}, label, input));
    return input;
  };

  const test = choice('Test set', data.tests.map((t, i) => [i, t.name]), 0);
  const system = choice('System', data.systems.map((name, i) => [i, name]), rival);
  const against = choice('Against', data.systems.map((name, i) => [i, name]), baseline);
  const order = choice('Order', [['file', 'as in the file'], ['helped', ''],
    ['hurt', 'where it is behind most'], ['long', 'longest source first'], ['short', 'shortest source first'],
    ['worst', 'lowest score of the system']], 'file');
  // A system that attends, against one that does not: what is ahead is attention.
  const name = () => {
    const helped = data.attends[system.value] && !data.attends[against.value];
    order.options[1].textContent = helped ? 'where attention helped most' : 'where the system is ahead most';
    order.options[2].textContent = helped ? 'where attention hurt most' : 'where it is behind most';
  };
  const text = field('Containing', 'search');
  const lengths = element('div', {className: 'pair'});
  controls.append(lengths);
  const unit = element('span', {textContent: 'Source words, from'});
  const least = field(unit, 'number', lengths);
  const most = field('up to', 'number', lengths);
  const apart = field('Difference of at least', 'number');
  const maps = data.tests.some(t => Object.keys(t.attention).length > 0)
    ? choice('Attention', [['any', 'with or without'], ['kept', 'with heat maps']], 'any') : {value: 'any'};
  controls.hidden = false;

  // Units of a that are in no longest common subsequence with b.
  const others = (a, b) => {
    if (Math.max(a.length, b.length) > 400) return new Set();
    const w = b.length + 1;
    const best = new Uint16Array((a.length + 1) * w);
    for (let i = a.length - 1; i >= 0; --i)
      for (let j = b.length - 1; j >= 0; --j)
        best[i * w + j] = a[i] === b[j] ? 1 + best[(i + 1) * w + j + 1] : Math.max(best[(i + 1) * w + j], best[i * w + j + 1]);
    const out = new Set(a.keys());
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { out.delete(i); ++i; ++j; }
      else if (best[(i + 1) * w + j] >= best[i * w + j + 1]) ++i;
      else ++j;
    }
    return out;
  };
  // Words, the punctuation around them, and in scripts without spaces characters with their marks:
  // framework/report/analysis/diff_tokens.h.
  const within = (c, ranges) => ranges.some(([first, last]) => first <= c && c <= last);
  const units = line => {
    const out = [];
    const characters = [...line];
    const code = c => c.codePointAt(0);
    const endsWord = at => {  // nothing but punctuation before the next space
      while (at < characters.length && characters[at] !== ' ')
        if (!within(code(characters[at++]), data.scripts.punctuation)) return false;
      return true;
    };
    let space = false;
    let goesOn = false;
    characters.forEach((c, at) => {
      if (c === ' ') { space = true; goesOn = false; return; }
      const entity = c === ';' && out.length > 0 && /&[a-z0-9#]+$/i.test(out[out.length - 1].text);  // &apos;
      const attached = !space && out.length > 0 && (entity || within(code(c), data.scripts.attached));
      const apart = within(code(c), data.scripts.punctuation) && (!goesOn || endsWord(at + 1));
      const alone = !attached && (apart || within(code(c), data.scripts.unspaced));
      if (attached || (goesOn && !alone)) out[out.length - 1].text += c;
      else { out.push({text: c, space: space && out.length > 0}); goesOn = !alone; }
      space = false;
    });
    return out;
  };
  const marked = (line, reference) => {
    const ours = units(line);
    const different = others(ours.map(u => u.text), units(reference).map(u => u.text));
    const out = [];
    ours.forEach((unit, i) => {
      if (unit.space) out.push(' ');
      const last = out[out.length - 1];
      if (!different.has(i)) out.push(unit.text);
      else if (last instanceof Element && !unit.space) last.textContent += unit.text;
      else out.push(element('mark', {textContent: unit.text}));
    });
    return out;
  };

  const map = (name, weights) => {
    const head = element('tr', {}, element('td', {className: 'corner'},
      element('span', {className: 'vh', textContent: 'output word, source word'})));
    const word = (scope, content, lang) => element('th', {scope}, element('span', {dir: 'auto', lang, textContent: content,
      className: scope === 'col' && within(content.codePointAt(0) || 0, data.scripts.upright) ? 'upright' : ''}));
    weights.s.forEach(source => head.append(word('col', source, data.languages[0])));
    const body = element('tbody');
    weights.t.forEach((target, t) => {
      const row = element('tr', {}, word('row', target, data.languages[1]));
      weights.s.forEach((source, s) => {
        const weight = weights.w[t * weights.s.length + s] / 1000;
        const cell = element('td', {title: source + ' → ' + target + ': ' + weight.toFixed(2)},
          element('span', {className: 'vh', textContent: weight.toFixed(2)}));
        cell.style.setProperty('--w', weight);
        row.append(cell);
      });
      body.append(row);
    });
    const table = element('table', {className: 'heat'}, element('caption', {textContent: name}), element('thead', {}, head), body);
    return element('div', {}, element('div', {className: 'scroll'}, table));
  };

  const article = (set, row) => {
    const [index, source, reference, outputs, scores] = row;
    const rows = element('dl');
    const add = (name, kind, lang, score, ...content) => {
      rows.append(element('dt', {className: kind, textContent: name}));
      if (score !== null) rows.append(element('dd', {className: 'score', textContent: score.toFixed(1)}));
      rows.append(element('dd', {className: kind, dir: 'auto', lang}, ...content));
    };
    add('source', '', data.languages[0], null, source);
    add('reference', 'reference', data.languages[1], null, reference);
    outputs.forEach((line, s) => {
      if (line === null) return;
      const content = line === '' ? [element('span', {className: 'unit', textContent: '(empty)'})] : marked(line, reference);
      add(data.systems[s], '', data.languages[1], scores[s], ...content);
    });
    const made = element('article', {className: 'sample'}, element('h3', {className: 'small'}, set.name + ' ',
      element('span', {className: 'unit', textContent: 'sentence ' + (index + 1)})), rows);
    const maps = set.attention[index];
    if (maps) {
      const fold = element('details', {}, element('summary', {textContent: 'Attention'}));
      fold.addEventListener('toggle', () => {
        if (fold.childElementCount > 1) return;
        const shown = maps.filter(Boolean);
        const dense = shown.length > 1 && Math.max(...shown.map(weights => weights.s.length)) > 16;
        const grid = element('div', {className: dense ? 'maps dense' : 'maps'});
        maps.forEach((weights, s) => { if (weights) grid.append(map(data.systems[s], weights)); });
        fold.append(grid);
        grid.querySelectorAll('table.heat').forEach(equip);
      });
      made.append(fold);
    }
    return made;
  };

  let found = [];
  let page = 0;
  const back = element('button', {type: 'button', textContent: '← Previous'});
  const next = element('button', {type: 'button', textContent: 'Next →'});
  const where = element('span', {className: 'note'});
  pages.append(back, where, next);

  const show = () => {
    const set = data.tests[test.value];
    const last = Math.max(0, Math.ceil(found.length / data.page) - 1);
    page = Math.min(Math.max(page, 0), last);
    list.replaceChildren(...found.slice(page * data.page, (page + 1) * data.page).map(row => article(set, row)));
    where.textContent = 'Page ' + (page + 1) + ' of ' + (last + 1);
    back.disabled = page === 0;
    next.disabled = page === last;
    pages.hidden = last === 0;
    const rest = set.rows.length < set.sentences ? ' (the page holds the first ' + set.rows.length + ' of ' + set.sentences + ')' : '';
    status.textContent = found.length + ' of ' + set.rows.length + ' sentences' + rest;
  };
  const search = () => {
    name();
    const set = data.tests[test.value];
    unit.textContent = 'Source ' + set.unit + ', from';
    const a = Number(system.value);
    const b = Number(against.value);
    const ahead = row => row[4][a] === null || row[4][b] === null ? 0 : row[4][a] - row[4][b];
    const wanted = text.value.toLocaleLowerCase();
    const low = least.value === '' ? 0 : Number(least.value);
    const high = most.value === '' ? Infinity : Number(most.value);
    const gap = Number(apart.value);
    found = set.rows.filter(row => row[5] >= low && row[5] <= high && Math.abs(ahead(row)) >= gap &&
      (maps.value === 'any' || set.attention[row[0]] !== undefined) &&
      (wanted === '' || [row[1], row[2], ...row[3]].some(line => line !== null && line.toLocaleLowerCase().includes(wanted))));
    const by = {helped: (x, y) => ahead(y) - ahead(x), hurt: (x, y) => ahead(x) - ahead(y), long: (x, y) => y[5] - x[5],
      short: (x, y) => x[5] - y[5], worst: (x, y) => x[4][a] - y[4][a]}[order.value];
    if (by) found.sort((x, y) => by(x, y) || x[0] - y[0]);
    page = 0;
    show();
  };
  const turn = by => { page += by; show(); status.scrollIntoView({block: 'nearest'}); };
  back.addEventListener('click', () => turn(-1));
  next.addEventListener('click', () => turn(1));
  controls.addEventListener('input', search);
  search();
})();
