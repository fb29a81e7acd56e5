// Everything here is an addition: the page says the same without it. Text reaches the document by textContent alone.
  // Tables sort by a click on a column's title; columns of text by their text.
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const up = head.getAttribute('aria-sort') === 'descending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        const value = row => {
          const cell = row.cells[column];
          return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
        };
        // Cells without a number stand below those with one, whichever way it goes.
        const compare = (a, b) => typeof a !== typeof b ? (typeof a === 'number' ? -1 : 1)
          : (up ? 1 : -1) * (typeof a === 'number' ? a - b : a.localeCompare(b));
        const rows = [...table.tBodies[0].rows].sort((a, b) => compare(value(a), value(b)));
        table.tBodies[0].append(...rows);
      });
    });
  }

  // On paper folded evidence is open, also in browsers whose style sheets cannot open it.
  const opened = [];
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details:not([open])')) { fold.open = true; opened.push(fold); }
  });
  addEventListener('afterprint', () => { for (const fold of opened.splice(0)) fold.open = false; });

  // Heat maps: one stop of the tab key a map, arrows move inside, the weight is read out below.
  const equip = map => {
    const rows = [...map.tBodies[0].rows].map(row => [...row.cells].slice(1));
    if (rows.length === 0 || rows[0].length === 0) return;
    const readout = document.createElement('p');
    readout.className = 'readout';
    readout.setAttribute('aria-live', 'polite');
    map.parentElement.after(readout);
    rows[0][0].tabIndex = 0;
    const say = event => {
      const cell = event.target.closest('td[title]');
      if (cell) readout.textContent = cell.title;
    };
    map.addEventListener('mouseover', say);
    map.addEventListener('focusin', say);
    map.addEventListener('keydown', event => {
      const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
      const t = rows.findIndex(row => row.includes(event.target));
      if (!step || t < 0) return;
      const next = (rows[t + step[0]] || [])[rows[t].indexOf(event.target) + step[1]];
      if (!next) return;
      event.preventDefault();
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  };
  for (const map of document.querySelectorAll('table.heat')) equip(map);
