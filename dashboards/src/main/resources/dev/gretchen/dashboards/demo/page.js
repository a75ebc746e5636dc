// The live page: draws what the server says in frames, and sends what buttons ask for. Elements are kept from frame
// to frame, so that the keyboard's focus stays where it is and what moves can be seen to move.
'use strict';

const byId = (id) => document.getElementById(id);
const NOBODY = '';
const MANY = 8;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

// From the slider's steps to events a second: fine where it is slow.
const RATES = [0, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 70, 80, 100, 120, 150, 180, 200, 250,
  300, 350, 400, 500, 600, 700, 800, 1000, 1200, 1500, 2000, 3000, 5000];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function say(id, text) {
  const at = byId(id);
  if (at.textContent !== text) at.textContent = text;
}

const number = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
const millis = (value) => value < 0 ? '–' : value < 1000 ? `${value} ms` : `${(value / 1000).toFixed(2)} s`;

// ---- what buttons ask for

async function ask(deed, parameters) {
  const said = byId('said');
  try {
    const query = new URLSearchParams(parameters || {});
    const answer = await fetch(`/do/${deed}?${query}`, { method: 'POST', headers: { 'Gretchen-Deed': 'yes' } });
    said.textContent = (await answer.text()).trim();
    said.classList.toggle('refused', !answer.ok);
  } catch (gone) {
    said.textContent = `not sent: ${gone.message}`;
    said.classList.add('refused');
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-deed]');
  if (button) {
    const { deed, worker, broker } = button.dataset;
    ask(deed, worker ? { worker } : broker ? { broker } : {});
  }
});

let rateBefore = 0;
let rateTouched = 0;
byId('rate').addEventListener('input', () => {
  rateTouched = Date.now();
  ask('rate', { 'per-second': RATES[byId('rate').value] });
});
byId('still').addEventListener('click', () => {
  const still = byId('still').getAttribute('aria-pressed') === 'true';
  ask('rate', { 'per-second': still ? rateBefore || 20 : 0 });
});
byId('slow').addEventListener('click', () => {
  ask('slow', { on: byId('slow').getAttribute('aria-pressed') !== 'true' });
});
byId('type').addEventListener('submit', (event) => {
  event.preventDefault();
  const word = byId('word').value.trim();
  if (word) ask('type', { word });
});

// ---- workers and partitions

const cards = new Map();
const chips = new Map();

// Dark letters on bright colours, white ones on deep ones.
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#16181b' : '#ffffff';
}

function deedButton(deed, text, worker) {
  const button = element('button', '', text);
  button.type = 'button';
  button.dataset.deed = deed;
  button.dataset.worker = worker;
  button.setAttribute('aria-label', `${text} ${worker}`);
  return button;
}

function newCard(name, topics) {
  const card = element('article', 'worker');
  card.dataset.worker = name;
  card.setAttribute('aria-label', name === NOBODY ? 'Partitions that nobody has' : `Worker ${name}`);
  const head = element('header');
  head.append(element('h3', '', name === NOBODY ? 'Nobody' : name), element('span', 'standing'));
  card.append(head);
  const rows = new Map();
  for (const topic of topics) {
    const row = element('div', 'row');
    const own = element('div', 'chips');
    row.append(element('span', 'name', topic), own);
    card.append(row);
    rows.set(topic, own);
  }
  let copies = null;
  const buttons = {};
  if (name !== NOBODY) {
    const row = element('div', 'row');
    copies = element('div', 'chips');
    row.append(element('span', 'name', 'copies'), copies);
    card.append(row);
    const deeds = element('div', 'deeds');
    for (const [deed, text] of [['kill', 'Kill'], ['pause', 'Pause'], ['resume', 'Resume'], ['stop', 'Stop'], ['start', 'Start'],
      ['wipe', 'Wipe disk']]) {
      buttons[deed] = deedButton(deed, text, name);
      deeds.append(buttons[deed]);
    }
    card.append(deeds);
  }
  return { card, rows, copies, buttons, standing: head.lastChild };
}

function card(name, topics) {
  if (!cards.has(name)) {
    const made = newCard(name, topics);
    // nobody's card stays the last
    const nobody = cards.get(NOBODY);
    byId('workers').insertBefore(made.card, nobody ? nobody.card : null);
    cards.set(name, made);
  }
  return cards.get(name);
}

const isUp = (worker) => ['running', 'recovering', 'starting'].includes(worker.standing);

function drawWorkers(view) {
  const topics = view.topics.map((topic) => topic.name);
  byId('workers').classList.toggle('many', view.workers.length > MANY || view.topics.some((topic) => topic.partitions.length > 40));
  for (const worker of view.workers) {
    const drawn = card(worker.name, topics);
    drawn.card.className = `worker ${worker.standing}`;
    drawn.card.style.setProperty('--w', worker.colour);
    drawn.card.style.setProperty('--on', inkOn(worker.colour));
    drawn.dotted = worker.dotted;
    const text = `${worker.standing}, ${worker.tasks} owned, ${worker.standbys} copies`;
    if (drawn.standing.textContent !== text) drawn.standing.textContent = text;
    const can = {
      kill: worker.standing !== 'down', pause: isUp(worker), resume: worker.standing === 'paused', stop: isUp(worker),
      start: worker.standing === 'down', wipe: true,
    };
    for (const [deed, button] of Object.entries(drawn.buttons)) button.disabled = !can[deed];
  }
  const there = new Set(view.workers.map((worker) => worker.name));
  card(NOBODY, topics);
  for (const [name, drawn] of cards) {
    if (name !== NOBODY && !there.has(name)) {
      drawn.card.remove();
      cards.delete(name);
    }
  }
}

function chip(key, number) {
  if (!chips.has(key)) {
    const made = element('span', 'chip-p');
    made.dataset.task = key;
    made.setAttribute('role', 'img');
    chips.set(key, { made, number, text: '', label: '' });
  }
  return chips.get(key);
}

// In a row, chips stand in the order of their numbers.
function settle(container, made, number) {
  let before = null;
  for (const other of container.children) {
    if (other !== made && Number(other.dataset.number) > number) {
      before = other;
      break;
    }
  }
  if (made.parentNode !== container || made.nextSibling !== before) container.insertBefore(made, before);
}

// First it is put where it belongs, then moved back there and let go: so it is seen to move.
function glide(made, from) {
  if (calm.matches || !from || !made.animate) return;
  const to = made.getBoundingClientRect();
  if (Math.abs(from.left - to.left) + Math.abs(from.top - to.top) < 2) return;
  made.animate([
    { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(1.25)`, zIndex: 3 },
    { transform: 'none', zIndex: 3 },
  ], { duration: 650, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' });
}

function home(partition) {
  return cards.get(cards.has(partition.owner) ? partition.owner : NOBODY);
}

function drawPartition(topic, partition) {
  const key = `${topic}-${partition.number}`;
  const drawn = chip(key, partition.number);
  const { made } = drawn;
  const where = home(partition);
  const row = where.rows.get(topic);
  if (made.parentNode !== row) {
    made.dataset.number = partition.number;
    settle(row, made, partition.number);
  }
  const mark = partition.state === 'recovering' ? '↻' : partition.state === 'orphaned' ? '!' : '';
  const text = `${partition.number}${mark}`;
  if (drawn.text !== text) made.textContent = drawn.text = text;
  const look = `chip-p ${partition.state}${where.dotted && partition.state === 'running' ? ' dotted' : ''}`;
  if (made.className !== look) made.className = look;
  if (partition.state === 'recovering') made.style.setProperty('--p', Math.max(0, partition.progress));
  const progress = partition.state === 'recovering' && partition.progress >= 0 ? ` ${Math.round(partition.progress * 100)} %` : '';
  const label = `${key}: ${partition.owner ? `${partition.state}${progress} on ${partition.owner}` : 'nobody has it'}`
    + `${partition.standbys.length ? `, copies on ${partition.standbys.join(', ')}` : ''}`;
  if (drawn.label !== label) {
    drawn.label = label;
    made.title = label;
    made.setAttribute('aria-label', label);
  }
}

function drawCopies(view) {
  const wanted = new Set();
  for (const topic of view.topics) {
    for (const partition of topic.partitions) {
      for (const worker of partition.standbys) {
        const keeper = cards.get(worker);
        if (!keeper || !keeper.copies) continue;
        const key = `${topic.name}-${partition.number}@${worker}`;
        wanted.add(key);
        const { made } = chip(key, partition.number);
        if (made.parentNode !== keeper.copies) {
          made.className = 'chip-p copy';
          made.dataset.number = partition.number;
          made.textContent = partition.number;
          made.title = `${worker} keeps a copy of ${topic.name}-${partition.number}`;
          made.setAttribute('aria-label', made.title);
          settle(keeper.copies, made, partition.number);
        }
      }
    }
  }
  for (const [key, { made }] of chips) {
    if (key.includes('@') && !wanted.has(key)) {
      made.remove();
      chips.delete(key);
    }
  }
}

function drawCluster(view) {
  drawWorkers(view);
  // where each stands that will move is measured before any does, and where it comes to stand after all have
  const moves = [];
  for (const topic of view.topics) {
    for (const partition of topic.partitions) {
      const drawn = chips.get(`${topic.name}-${partition.number}`);
      if (drawn && drawn.made.parentNode !== home(partition).rows.get(topic.name)) {
        moves.push([drawn.made, drawn.made.getBoundingClientRect()]);
      }
    }
  }
  let orphans = 0;
  for (const topic of view.topics) {
    for (const partition of topic.partitions) {
      drawPartition(topic.name, partition);
      orphans += partition.owner ? 0 : 1;
    }
  }
  for (const [made, from] of moves) glide(made, from);
  drawCopies(view);
  const nobody = cards.get(NOBODY);
  nobody.card.className = `worker nobody${orphans ? '' : ' none'}`;
  const text = orphans ? `${orphans} orphaned` : 'every partition has an owner';
  if (nobody.standing.textContent !== text) nobody.standing.textContent = text;
}

// ---- the rest

const brokers = new Map();

function drawBrokers(view) {
  for (const broker of view.brokers) {
    if (!brokers.has(broker.id)) {
      const button = element('button');
      button.type = 'button';
      button.dataset.broker = broker.id;
      brokers.set(broker.id, button);
      byId('brokers').append(button);
    }
    const button = brokers.get(broker.id);
    const down = broker.standing === 'down';
    button.dataset.deed = down ? 'start-broker' : 'kill-broker';
    button.className = down ? 'down' : '';
    const text = `${down ? 'Start' : 'Kill'} broker ${broker.id}`;
    if (button.textContent !== text) button.textContent = text;
  }
}

function drawNumbers(view) {
  say('app', view.app);
  say('in', number(view.flow.in));
  say('out', number(view.flow.out));
  say('lag', number(view.flow.lag));
  say('p50', millis(view.flow.p50));
  say('p99', millis(view.flow.p99));
  say('sent', number(view.load.sent));
  say('seconds', `${view.seconds} s`);
  // who counts nothing has no truth to differ from: what has no output yet
  say('hero', view.counts ? 'difference to the truth' : 'without an output yet');
  const difference = view.counts ? view.counts.difference : view.flow.lag;
  say('difference', number(difference));
  const hero = byId('difference').parentNode;
  hero.classList.toggle('even', difference === 0);
  hero.classList.toggle('off', Boolean(view.counts && view.counts.wrong));
  const still = view.load.rate === 0;
  if (!still) rateBefore = view.load.rate;
  byId('still').setAttribute('aria-pressed', String(still));
  byId('slow').setAttribute('aria-pressed', String(view.load.slow));
  say('rate-shown', `${number(view.load.rate)} /s`);
  byId('rate').setAttribute('aria-valuetext', `${number(view.load.rate)} events a second`);
  if (Date.now() - rateTouched > 2000) {
    const step = RATES.findIndex((rate) => rate >= view.load.rate);
    byId('rate').value = step < 0 ? RATES.length - 1 : step;
  }
}

const rows = [];

function newRow() {
  const row = element('tr');
  const word = element('td');
  const swatch = element('span', 'swatch-word');
  swatch.setAttribute('aria-hidden', 'true');
  word.append(swatch, element('span'));
  const cells = ['num', 'num', 'num'].map((look) => element('td', look));
  row.append(word, ...cells);
  byId('counts').append(row);
  return { row, swatch, name: word.lastChild, cells };
}

function drawCounts(counts) {
  byId('counts-part').hidden = !counts;
  byId('journey-part').hidden = !counts;
  if (!counts) return;
  say('counts-said', `${number(counts.truth)} in the log, ${number(counts.counted)} counted; of ${counts.words} words `
    + `${counts.settled} are even, of the very same events`
    + (counts.wrong ? `; ${counts.wrong} are even in number, but not of the same events` : '') + '.');
  counts.rows.forEach((shown, at) => {
    if (!rows[at]) rows[at] = newRow();
    const { swatch, name, cells } = rows[at];
    if (name.textContent !== shown.word) {
      name.textContent = shown.word;
      swatch.style.backgroundColor = CSS.supports('color', shown.word) ? shown.word : 'transparent';
    }
    const difference = shown.truth - shown.counted;
    const texts = [number(shown.truth), number(shown.counted), shown.same ? '0' : difference === 0 ? 'not the same' : number(difference)];
    texts.forEach((text, cell) => {
      if (cells[cell].textContent !== text) cells[cell].textContent = text;
    });
    cells[2].className = `num${shown.same ? '' : difference === 0 ? ' wrong' : ' differs'}`;
  });
}

let faultDrawn = '';

function drawFault(fault) {
  const now = JSON.stringify(fault);
  if (!fault || now === faultDrawn) return;
  faultDrawn = now;
  const silence = fault.silence.owned === undefined ? '' : ` The longest silence of what it held: ${millis(fault.silence.owned)}`
    + (fault.silence.usual === undefined ? '.' : `, usual ${millis(fault.silence.usual)}.`);
  say('fault', `${fault.number}. ${fault.kind} ${fault.target}${fault.healed ? ', healed' : ''}.${silence}`);
  const phases = Object.entries(fault.phases);
  const longest = Math.max(1, ...phases.map(([, value]) => value));
  byId('phases').replaceChildren(...phases.map(([phase, value]) => {
    const item = element('li');
    const bar = element('meter');
    bar.max = longest;
    bar.value = value;
    const words = phase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    bar.setAttribute('aria-label', `${words} after ${millis(value)}`);
    item.append(element('span', '', words), element('span', 'num', millis(value)), bar);
    return item;
  }));
}

let journeyDrawn = '';

function drawJourney(journey) {
  const now = JSON.stringify(journey);
  if (!journey || now === journeyDrawn) return;
  journeyDrawn = now;
  const steps = journey.steps.map((step) => {
    const item = element('li');
    item.append(element('span', 'when', millis(step.millis)), element('strong', '', step.what), ' ', element('span', 'where', step.where));
    return item;
  });
  if (!journey.accepted) steps.push(element('li', 'where', 'not a word that is counted: it is filtered out'));
  byId('journey').replaceChildren(...steps);
}

const events = new EventSource('/events');
events.addEventListener('state', (event) => {
  const view = JSON.parse(event.data);
  byId('lost').hidden = true;
  drawNumbers(view);
  drawBrokers(view);
  drawCluster(view);
  drawCounts(view.counts);
  drawFault(view.fault);
  drawJourney(view.journey);
  document.body.dataset.frame = view.seconds;
});
events.addEventListener('timeline', (event) => {
  byId('timeline').innerHTML = event.data;
});
events.addEventListener('error', () => {
  byId('lost').hidden = false;
});
