/* Lights up what belongs together. The page says everything without it; here is no data and nothing is made from
 * data but text. */
(function () {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  const one = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  /* Everything that carries the same key, found once: hovering must not search ten thousand visits. */
  function indexBy(attribute) {
    const index = new Map();
    for (const element of all('[' + attribute + ']')) {
      for (const key of element.getAttribute(attribute).split(' ')) {
        if (key === '') continue;
        if (!index.has(key)) index.set(key, new Set());
        index.get(key).add(element);
      }
    }
    return index;
  }
  const byCarer = indexBy('data-c'), clientsOf = indexBy('data-cs'), byVisit = indexBy('data-v'), byClient = indexBy('data-k');

  /* ---- tips: the drawing's own titles, shown at once ---- */
  const tip = one('#tip');
  for (const title of all('svg title')) {
    title.parentNode.tip = title.textContent;
    title.remove();
  }
  function showTip(text, x, y) {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + 'px';
    tip.style.top = Math.max(4, y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18) + 'px';
  }

  /* ---- carers singled out ---- */
  const chosen = new Set();
  let hovered = null, lit = [];
  const map = one('#map-svg'), timeline = one('#timeline-svg');

  function paintCarers() {
    const shown = new Set(chosen);
    if (hovered !== null) shown.add(hovered);
    for (const element of all('.on')) element.classList.remove('on');
    for (const carer of shown) {
      for (const element of byCarer.get(carer) || []) element.classList.add('on');
      for (const element of clientsOf.get(carer) || []) element.classList.add('on');
    }
    if (map) map.classList.toggle('dim-rounds', shown.size > 0);
    timeline.classList.toggle('dim-turns', shown.size > 0);
    for (const button of all('.who')) button.setAttribute('aria-pressed', chosen.has(button.dataset.c));
    paintNumbers(shown);
  }

  function toggleCarer(carer) {
    if (!chosen.delete(carer)) chosen.add(carer);
    paintCarers();
  }

  /* Numbers along a round, when only one is looked at. */
  function paintNumbers(shown) {
    const group = one('#map-numbers');
    if (!group) return;
    group.replaceChildren();
    if (shown.size !== 1) return;
    const carer = shown.values().next().value;
    const colour = (one('.who[data-c="' + carer + '"]').className.match(/c\d/) || [''])[0];
    let n = 0;
    const at = new Map();
    for (const round of byCarer.get(carer)) {
      if (!round.classList.contains('round')) continue;
      for (const leg of round.children) {
        if (!leg.hasAttribute('data-band') || leg.classList.contains('off-band')) continue;
        const end = leg.getAttribute('d').split('L')[1];
        at.set(end, (at.has(end) ? at.get(end) + ',' : '') + ++n);
      }
    }
    for (const [end, text] of at) {
      const [x, y] = end.split(' ').map(Number);
      group.append(numberAt(x, y, text, colour));
    }
    scaleMarks();
  }
  function svgElement(name, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  }
  function numberAt(x, y, text, colour) {
    const g = svgElement('g', {'class': colour, 'data-x': x, 'data-y': y});
    g.append(svgElement('circle', {r: 9}), svgElement('text', {y: 4, 'font-size': text.length > 2 ? 8 : 11}));
    g.lastChild.textContent = text;
    return g;
  }

  /* ---- a visit or a client under the pointer ---- */
  function light(elements) {
    for (const element of lit) element.classList.remove('lit');
    lit = elements;
    for (const element of lit) element.classList.add('lit');
  }
  function lightFor(element) {
    if (element.dataset.v !== undefined) {
      const client = element.dataset.k;
      light([...byVisit.get(element.dataset.v)].concat(client === undefined ? [] : one('.client[data-k="' + client + '"]') || []));
    } else if (element.dataset.k !== undefined) {
      light([...byClient.get(element.dataset.k)]);
    } else {
      light([]);
    }
  }
  document.addEventListener('pointerover', function (event) {
    const target = event.target.closest('[data-v], [data-k], .base, .rest');
    if (target) lightFor(target);
    else if (lit.length) light([]);
    if (target && target.tip) showTip(target.tip, event.clientX, event.clientY);
    else tip.hidden = true;
    const who = event.target.closest('.who, #timeline-names a');
    const carer = who ? who.dataset.c : null;
    if (carer !== hovered && !dragging) {
      hovered = carer;
      paintCarers();
    }
  });
  document.addEventListener('click', function (event) {
    const who = event.target.closest('.who');
    if (who) toggleCarer(who.dataset.c);
    const link = event.target.closest('a[href^="#sheet-"]');
    const sheet = link && one(link.getAttribute('href'));
    if (sheet) sheet.open = true;
  });
  document.addEventListener('focusin', function (event) {
    if (event.target.matches('.who, #timeline-names a') && event.target.matches(':focus-visible')) {
      hovered = event.target.dataset.c;
      paintCarers();
    }
  });

  /* ---- finding, parts of the day ---- */
  const find = one('#find');
  find.addEventListener('input', function () {
    const words = find.value.trim().toLowerCase();
    for (const button of all('.who')) button.parentNode.hidden = !one('.name', button).textContent.toLowerCase().includes(words);
  });
  one('#show-all').addEventListener('click', function () {
    chosen.clear();
    hovered = null;
    find.value = '';
    find.dispatchEvent(new Event('input'));
    showBand(null);
    paintCarers();
  });
  const bandBox = one('#bands');
  function showBand(band) {
    for (const leg of all('.lines path')) leg.classList.toggle('off-band', band !== null && leg.getAttribute('data-band') !== band);
    for (const button of bandBox.children) button.setAttribute('aria-pressed', (button.band || null) === band);
    paintCarers();
  }
  function addBand(text, band) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.band = band;
    button.addEventListener('click', () => showBand(band));
    bandBox.append(button);
  }
  const bands = all('#timeline-axis .band');
  if (map && bands.length > 1) {
    addBand('whole day', null);
    for (const band of bands) addBand(band.textContent, band.dataset.b);
  } else {
    bandBox.remove();
  }

  /* ---- the map moves ---- */
  let dragging = null, view = null, whole = null;
  function setView(next) {
    const least = whole.w / 60;
    const w = Math.min(whole.w * 1.5, Math.max(least, next.w));
    view = {x: next.x, y: next.y, w: w, h: w * whole.h / whole.w};
    map.setAttribute('viewBox', [view.x, view.y, view.w, view.h].map(n => n.toFixed(1)).join(' '));
    one('.scale svg').setAttribute('viewBox', '0 0 ' + view.w.toFixed(1) + ' 100');
    scaleMarks();
  }
  function scaleMarks() {
    if (!view) return;
    const perPixel = view.w / (map.clientWidth || 1000);
    one('#map-towns').setAttribute('font-size', (perPixel * (map.clientWidth < 600 ? 10 : 14)).toFixed(1));
    for (const g of one('#map-numbers').children)
      g.setAttribute('transform', 'translate(' + g.dataset.x + ' ' + g.dataset.y + ') scale(' + perPixel.toFixed(3) + ')');
  }
  function zoom(factor, cx, cy) {
    const w = view.w * factor, k = w / view.w;
    setView({x: cx - (cx - view.x) * k, y: cy - (cy - view.y) * k, w: w});
  }
  function mapPoint(event) {
    const box = map.getBoundingClientRect();
    return {x: view.x + (event.clientX - box.left) / box.width * view.w, y: view.y + (event.clientY - box.top) / box.height * view.h};
  }
  if (map) {
    const [x, y, w, h] = map.getAttribute('viewBox').split(' ').map(Number);
    whole = {x: x, y: y, w: w, h: h};
    setView(whole);
    addEventListener('resize', scaleMarks);
    map.addEventListener('wheel', function (event) {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== map) return; /* the page scrolls until the map is clicked */
      event.preventDefault();
      const at = mapPoint(event);
      zoom(event.deltaY < 0 ? 0.8 : 1.25, at.x, at.y);
    }, {passive: false});
    map.addEventListener('pointerdown', function (event) {
      map.focus({preventScroll: true});
      dragging = {x: event.clientX, y: event.clientY, view: view};
      map.setPointerCapture(event.pointerId);
      map.classList.add('drag');
    });
    map.addEventListener('pointermove', function (event) {
      if (!dragging) return;
      const perPixel = view.w / map.clientWidth;
      setView({x: dragging.view.x - (event.clientX - dragging.x) * perPixel, y: dragging.view.y - (event.clientY - dragging.y) * perPixel, w: view.w});
    });
    const drop = function () {
      dragging = null;
      map.classList.remove('drag');
    };
    map.addEventListener('pointerup', drop);
    map.addEventListener('pointercancel', drop);
    const middle = () => [view.x + view.w / 2, view.y + view.h / 2];
    map.addEventListener('keydown', function (event) {
      const step = view.w / 10;
      const moves = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]};
      if (moves[event.key]) setView({x: view.x + moves[event.key][0], y: view.y + moves[event.key][1], w: view.w});
      else if (event.key === '+' || event.key === '=') zoom(0.7, ...middle());
      else if (event.key === '-') zoom(1.4, ...middle());
      else if (event.key === '0') setView(whole);
      else return;
      event.preventDefault();
    });
    for (const button of all('[data-zoom]')) button.addEventListener('click', function () {
      if (button.dataset.zoom === 'fit') setView(whole);
      else zoom(button.dataset.zoom === 'in' ? 0.7 : 1.4, ...middle());
    });
  }

  /* ---- names and hours stay in view ---- */
  const box = one('#timeline-box');
  box.addEventListener('scroll', function () {
    one('#timeline-names').setAttribute('transform', 'translate(' + box.scrollLeft + ' 0)');
    one('#timeline-axis').setAttribute('transform', 'translate(0 ' + box.scrollTop + ')');
  }, {passive: true});

  /* ---- run sheets ---- */
  const sheets = all('.sheet');
  function openSheets(open) {
    for (const sheet of sheets) sheet.open = open;
  }
  one('#open-sheets').addEventListener('click', function (event) {
    const open = sheets.some(sheet => !sheet.open);
    openSheets(open);
    event.target.textContent = open ? 'Close all' : 'Open all';
  });
  one('#print-sheets').addEventListener('click', function () {
    openSheets(true);
    root.classList.add('only-sheets');
    print();
  });
  addEventListener('beforeprint', () => openSheets(true));
  addEventListener('afterprint', () => root.classList.remove('only-sheets'));
})();
