// The source pane: which passage is active, scrolling to it, more text of a large document, copying.
const pane = () => element.querySelector('.pane');
const mark = (number) => element.querySelector(`#mark-${number}`);
const passages = () => [...element.querySelectorAll('.passage')];
const narrow820 = matchMedia('(max-width: 820px)');
const phone = () => narrow820.matches;
let returnTo = null; // what had the focus before the reader went to the source
let goToMark = false; // whether the next pane to arrive takes the focus
let cited = null; // turn and number of the cited passage that was shown last
let lastText = null; // the document that was shown last, for the way back from lists

function showPassage(turn, number, link) {
  goToMark = Boolean(link);
  openSheet();
  returnTo = link ?? returnTo;
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
  remember(pane()?.dataset, number);
  const active = number && mark(number);
  if (!active) {
    const doc = element.querySelector('.doc');
    if (doc) doc.scrollTop = 0;
    watchEdges();
    return;
  }
  scrollTo(active);
  setTimeout(watchEdges, 500); // not before the scrolling is done
  const passage = passages().find((p) => Number(p.dataset.number) === number);
  if (passage && (!phone() || sheetIsOpen())) setAddress(new URL(passage.dataset.href, location.href).search);
  if (goToMark) active.focus({ preventScroll: true });
  goToMark = false;
}

function remember({ doc, turn } = {}, number = 0) {
  if (Number(turn)) cited = { turn: Number(turn), number };
  if (doc) lastText = { doc, cited: Number(turn) ? cited : null };
  const back = element.querySelector('[data-do="return"]');
  if (back) back.hidden = !cited;
}

function backToText() {
  if (lastText && !lastText.cited) trigger('reveal', { doc: lastText.doc, span: '' });
  else trigger('cite', lastText?.cited ?? { turn: 0, number: 0 });
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
  if (!(await putOnClipboard(passage.dataset[kind].split(href).join(location.origin + href)))) return;
  const label = element.querySelector('.copy summary');
  label.textContent = say('pane.copied');
  speak(say('pane.copied'));
  setTimeout(() => { label.textContent = say('pane.copy'); }, 1500);
}

// Pages that come over plain http from another machine have no navigator.clipboard: there a selected field is copied.
async function putOnClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = document.createElement('textarea');
    field.value = text;
    Object.assign(field.style, { position: 'fixed', opacity: 0 });
    document.body.append(field);
    field.focus({ preventScroll: true });
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  }
}

async function more(button) {
  button.disabled = true;
  const later = button.dataset.more === 'later';
  const doc = button.closest('.doc');
  const html = await server.more_text({ doc: pane().dataset.doc, edge: Number(button.dataset.edge), later });
  if (!button.isConnected) return; // another pane has come meanwhile
  if (html === undefined) { // no answer: a click, or coming to this edge again, asks anew
    button.disabled = false;
    return;
  }
  const before = doc.scrollHeight;
  button.insertAdjacentHTML('afterend', html);
  button.remove();
  if (!later) doc.scrollTop += doc.scrollHeight - before;
  forget(doc, later);
  watchEdges();
}

// However far one reads, only so many paragraphs stay: those at the other end make room and can be asked for again.
const MOST = 3000;

function forget(doc, later) {
  const all = [...doc.querySelectorAll('.para')];
  const surplus = all.length - MOST;
  if (surplus <= 0) return;
  const gone = later ? all.slice(0, surplus) : all.slice(-surplus);
  const kept = later ? all[surplus] : all[all.length - surplus - 1];
  const before = doc.scrollHeight;
  const edge = doc.querySelector(`.more[data-more="${later ? 'earlier' : 'later'}"]`) ?? document.createElement('button');
  edge.type = 'button';
  edge.className = 'more';
  edge.dataset.more = later ? 'earlier' : 'later';
  edge.dataset.edge = Number(kept.dataset.block) + (later ? 0 : 1);
  edge.textContent = say(later ? 'pane.earlier' : 'pane.later');
  if (later) kept.before(edge);
  else kept.after(edge);
  for (const para of gone) para.remove();
  if (later) doc.scrollTop += doc.scrollHeight - before;
}

// Reading on needs no click: an edge that comes near the view brings the next paragraphs.
const edges = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting && !target.disabled) more(target);
}, { rootMargin: '600px' });

function watchEdges() {
  edges.disconnect();
  for (const button of element.querySelectorAll('.more')) edges.observe(button);
}

element.addEventListener('click', (event) => {
  const passage = event.target.closest('.passage');
  if (passage) choose(passage);
  const evidence = event.target.closest('.evidence');
  if (evidence) reveal(pane().dataset.doc, `${evidence.dataset.start}-${evidence.dataset.end}`);
  const copier = event.target.closest('[data-copy]');
  if (copier) {
    closeMenu(copier.closest('details'));
    copy(copier.dataset.copy);
  }
  const button = event.target.closest('.more');
  if (button) more(button);
});

watch('value', () => requestAnimationFrame(() => { settle(); settleShelf(); }));
whenReady(watchEdges); // the pane that came with the page is no change

// ---- on a phone the pane is a sheet over the chat

const sheet = () => document.getElementById('side');

function sheetIsOpen() {
  return Boolean(root()?.classList.contains('sheet'));
}

function openSheet() {
  if (!element.contains(document.activeElement)) returnTo = document.activeElement;
  root()?.classList.add('sheet');
  markSheet();
  if (phone()) sheet().focus({ preventScroll: true });
}

function closeSheet() {
  if (phone() && sheetIsOpen()) setAddress('');
  root()?.classList.remove('sheet');
  markSheet();
  if (returnTo?.isConnected) returnTo.focus();
  returnTo = null;
}

// An open sheet is a dialog: what lies under it can be neither reached nor read until it is closed.
function markSheet() {
  const modal = phone() && sheetIsOpen();
  for (const id of ['bar', 'talk']) document.getElementById(id).inert = modal;
  const side = sheet();
  side.tabIndex = -1;
  for (const [name, value] of [['role', 'dialog'], ['aria-modal', 'true'], ['aria-label', say('pane.label')]]) {
    if (modal) side.setAttribute(name, value);
    else side.removeAttribute(name);
  }
}

narrow820.addEventListener('change', () => whenReady(markSheet));
// What lies under the sheet is inert, so a tap there falls through to what holds it.
document.addEventListener('click', (event) => {
  const beside = event.target.isConnected && !event.target.closest('#bar, #talk, #side, #note');
  if (beside && phone() && sheetIsOpen()) closeSheet();
});

if (new URLSearchParams(location.search).has('doc')) whenReady(openSheet);
