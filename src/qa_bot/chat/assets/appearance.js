// Dark and light, accessible names in the chat, and the question of a new answer at the top.
const DARK = 'qa_bot.dark';

function paint(dark) {
  document.body.classList.toggle('dark', dark);
  const button = document.querySelector('#bar [data-do="dark"]');
  if (!button) return;
  button.textContent = say(dark ? 'bar.light' : 'bar.dark');
}

function toggleDark() {
  const dark = !document.body.classList.contains('dark');
  try { localStorage.setItem(DARK, String(dark)); } catch { /* a browser may refuse to store anything */ }
  paint(dark);
}

function storedDark() {
  try { return localStorage.getItem(DARK); } catch { return null; }
}

const preferred = matchMedia('(prefers-color-scheme: dark)');
whenReady(() => paint(storedDark() === null ? preferred.matches : storedDark() === 'true'));
preferred.addEventListener('change', () => { if (storedDark() === null) paint(preferred.matches); });

// Gradio names each message by its markup and lists what is no list; a screen reader gets plain text instead.
function repairNames() {
  const chat = document.getElementById('chat');
  for (const message of chat?.querySelectorAll('[aria-label*="<"]') ?? []) message.removeAttribute('aria-label');
  for (const list of chat?.querySelectorAll('[role="list"]') ?? []) {
    if (!list.querySelector('[role="listitem"]')) list.removeAttribute('role');
  }
  for (const link of chat?.querySelectorAll('a.cite') ?? []) {
    link.setAttribute('aria-label', link.title);
    link.removeAttribute('target');
  }
  for (const link of chat?.querySelectorAll('a[href^="#"][target]') ?? []) link.removeAttribute('target');
}

let turns = 0;
let newest = '';
let pinned = false; // from a new question until its answer is there, or until the reader scrolls

function showNewest() {
  const questions = document.querySelectorAll('#chat .user-row');
  const last = questions[questions.length - 1]?.textContent ?? '';
  if (questions.length > turns || last !== newest) pinned = true;
  turns = questions.length;
  newest = last;
  if (!pinned || !turns) return;
  const question = questions[turns - 1];
  const list = question.closest('.bubble-wrap');
  list.scrollTop += question.getBoundingClientRect().top - list.getBoundingClientRect().top - 16;
  if (document.querySelector(`#turn-${turns}`)) pinned = false;
}

for (const gesture of ['wheel', 'touchmove']) document.addEventListener(gesture, () => { pinned = false; }, { passive: true });

whenReady(() => {
  repairNames();
  new MutationObserver(() => { repairNames(); requestAnimationFrame(showNewest); })
    .observe(document.getElementById('chat'), { childList: true, subtree: true });
});
