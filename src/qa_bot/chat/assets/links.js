// Links in the chat stand for actions: #cite-TURN-NUMBER, #open-START-END-DOC, #feedback-TURN-VERDICT and so on.
const wording = JSON.parse(document.getElementById('qa-wording').textContent);
const say = (key) => wording[key] ?? key;
const root = () => document.getElementById('main');
// The components arrive one by one; `then` runs once chat, question box and bar are all there.
function whenReady(then) {
  if (document.getElementById('chat') && box() && document.querySelector('#bar .bar')) then();
  else setTimeout(() => whenReady(then), 30);
}
let nonce = 0; // makes two equal replies differ, so that each of them is noticed

const actions = {
  cite: ([turn, number], link) => showPassage(Number(turn), Number(number), link),
  open: ([start, end, ...doc]) => reveal(decodeURIComponent(doc.join('-')), `${start}-${end}`),
  suggest: (_, link) => { startWaiting(); trigger('suggest', { question: link.textContent }); },
  undo: ([turn]) => trigger('again', { turn: Number(turn), alone: true }),
  again: ([turn]) => trigger('again', { turn: Number(turn), alone: false }),
  compare: ([turn]) => { openSheet(); trigger('contrast', { turn: Number(turn) }); },
  feedback: ([turn, verdict], link) => {
    const { classList } = link.closest('.feedback');
    if (classList.contains('sent')) return; // a second click before the reply is no second word
    classList.add('sent');
    setTimeout(() => classList.remove('sent'), PATIENCE); // no reply: it may be given again
    trigger('judge', { turn: Number(turn), verdict, nonce: ++nonce });
  },
};

const buttons = {
  new: () => { closeSheet(); setAddress(''); cited = null; trigger('erase', {}); focusBox(); },
  library: () => openShelf(),
  back: () => backToText(),
  return: () => { if (cited) trigger('cite', cited); },
  open: (button) => reveal(button.dataset.doc, button.dataset.span ?? ''),
  filter: (button) => narrow(button.closest('.filter')),
  unfilter: () => trigger('narrow', { docs: [], parties: [] }),
  close: () => closeSheet(),
  add: () => addDocument(),
  'ask-to-remove': (button) => askToRemove(button),
  keep: (button) => keepAfterAll(button),
  remove: (button) => removeDocument(button),
  next: () => movePassage(1),
  previous: () => movePassage(-1),
  dark: () => toggleDark(),
  keys: () => toggleKeys(),
  print: () => window.print(),
  'save-markdown': () => save('markdown'),
  'save-html': () => save('html'),
};

function save(form) {
  trigger('save', { form, origin: location.origin, nonce: ++nonce });
}

function narrow(form) {
  const ticked = (name) => [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
  trigger('narrow', { docs: ticked('doc'), parties: ticked('party') });
}

// What Python sends back outside the panes: a file to save, or that feedback was noted.
window.qaBotSaved = (reply) => {
  if (reply?.kind === 'file') download(reply.name, reply.text);
  if (reply?.kind === 'feedback') thank(reply.turn, reply.noted);
};

function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function thank(turn, noted) {
  const place = document.querySelector(`#turn-${turn} .feedback`);
  if (!place) return;
  const focused = place.contains(document.activeElement);
  place.textContent = say(noted ? 'feedback.thanks' : 'feedback.failed');
  speak(place.textContent);
  place.tabIndex = -1;
  if (focused) place.focus();
}

function follow(event) {
  const link = event.target.closest?.('#chat a[href^="#"]');
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    const [name, ...rest] = link.getAttribute('href').slice(1).split('-');
    actions[name]?.(rest, link);
    return;
  }
  const button = event.target.closest?.('[data-do]');
  if (button) {
    const menu = button.closest('details.menu');
    if (menu) closeMenu(menu);
    buttons[button.dataset.do]?.(button);
  }
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.removeAttribute('open');
  }
}

document.addEventListener('click', follow, true);
