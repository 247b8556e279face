// The source pane: which passage is active, scrolling to it, more text of a large document, copying.
const pane = () => element.querySelector('.pane');
const mark = (number) => element.querySelector(`#mark-${number}`);
const passages = () => [...element.querySelectorAll('.passage')];
const phone = () => matchMedia('(max-width: 820px)').matches;
let returnTo = null; // what had the focus before the reader went to the source
let goToMark = false; // whether the next pane to arrive takes the focus

function showPassage(turn, number, link) {
  returnTo = link ?? returnTo;
  goToMark = Boolean(link);
  openSheet();
  if (Number(pane()?.dataset.turn) === turn && mark(number)) activate(number);
  else trigger('cite', { turn, number });
}

function reveal(doc, span) {
  goToMark = Boolean(span);
  openSheet();
  setAddress(doc ? `?doc=${encodeURIComponent(doc)}${span ? `&span=${span}` : ''}` : '');
  trigger('reveal', { doc, span });
}

// The passage is here already: only its highlighting moves.
function activate(number) {
  pane().dataset.active = number;
  for (const other of element.querySelectorAll('mark')) other.classList.toggle('active', other.classList.contains(`m${number}`));
  for (const passage of passages()) {
    if (Number(passage.dataset.number) === number) passage.setAttribute('aria-current', 'true');
    else passage.removeAttribute('aria-current');
  }
  const list = passages();
  const at = list.findIndex((passage) => Number(passage.dataset.number) === number);
  const position = element.querySelector('.position');
  if (position) position.textContent = say('pane.position').replace('{number}', at + 1).replace('{total}', list.length);
  settle();
}

// After the pane has changed: the active mark in view, the address a permalink, the focus where it belongs.
function settle() {
  const number = Number(pane()?.dataset.active);
  const active = number && mark(number);
  if (!active) {
    const doc = element.querySelector('.doc');
    if (doc) doc.scrollTop = 0;
    return;
  }
  scrollTo(active);
  const passage = passages().find((p) => Number(p.dataset.number) === number);
  if (passage && (!phone() || sheetIsOpen())) setAddress(new URL(passage.dataset.href, location.href).search);
  if (goToMark) active.focus({ preventScroll: true });
  goToMark = false;
}

function scrollTo(target) {
  const doc = target.closest('.doc');
  const distance = target.getBoundingClientRect().top - doc.getBoundingClientRect().top - Math.min(140, doc.clientHeight / 4);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches || Math.abs(distance) > 2500;
  doc.scrollBy({ top: distance, behavior: still ? 'instant' : 'smooth' });
}

function movePassage(by) {
  const list = passages();
  if (!list.length) return;
  const at = list.findIndex((passage) => passage.getAttribute('aria-current'));
  choose(list[(at + by + list.length) % list.length]);
}

function choose(passage) {
  const turn = Number(pane().dataset.turn);
  const number = Number(passage.dataset.number);
  if (mark(number)) activate(number);
  else if (turn) trigger('cite', { turn, number });
}

function setAddress(search) {
  history.replaceState(history.state, '', location.pathname + search);
}

async function copy(kind) {
  const passage = passages().find((p) => p.getAttribute('aria-current')) ?? passages()[0];
  const href = passage.dataset.href;
  await navigator.clipboard.writeText(passage.dataset[kind].split(href).join(location.origin + href));
  const label = element.querySelector('.copy summary');
  label.textContent = say('pane.copied');
  setTimeout(() => { label.textContent = say('pane.copy'); }, 1500);
}

async function more(button) {
  button.disabled = true;
  const later = button.dataset.more === 'later';
  const doc = button.closest('.doc');
  const html = await server.more_text({ doc: pane().dataset.doc, edge: Number(button.dataset.edge), later });
  const before = doc.scrollHeight;
  button.insertAdjacentHTML('afterend', html);
  button.remove();
  if (!later) doc.scrollTop += doc.scrollHeight - before;
}

element.addEventListener('click', (event) => {
  const passage = event.target.closest('.passage');
  if (passage) choose(passage);
  const evidence = event.target.closest('.evidence');
  if (evidence) reveal(pane().dataset.doc, `${evidence.dataset.start}-${evidence.dataset.end}`);
  const copier = event.target.closest('[data-copy]');
  if (copier) {
    copier.closest('details').removeAttribute('open');
    copy(copier.dataset.copy);
  }
  const button = event.target.closest('.more');
  if (button) more(button);
});

watch('value', () => requestAnimationFrame(settle));

// ---- on a phone the pane is a sheet over the chat

function sheetIsOpen() {
  return Boolean(root()?.classList.contains('sheet'));
}

function openSheet() {
  root()?.classList.add('sheet');
}

function closeSheet() {
  if (phone() && sheetIsOpen()) setAddress('');
  root()?.classList.remove('sheet');
  if (returnTo?.isConnected) returnTo.focus();
  returnTo = null;
}

if (new URLSearchParams(location.search).has('doc')) openSheet();
