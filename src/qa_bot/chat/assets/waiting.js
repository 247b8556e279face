// From a question to its answer: a note says that the documents are being searched; the question stays in the box.
const PATIENCE = 30_000; // ms after which the note goes, answer or not
const waiting = document.createElement('div');
waiting.id = 'waiting';
waiting.setAttribute('role', 'status');
let impatience = 0;

function startWaiting() {
  aside.textContent = '';
  waiting.textContent = say('chat.searching');
  clearTimeout(impatience);
  impatience = setTimeout(stopWaiting, PATIENCE);
}

function stopWaiting() {
  clearTimeout(impatience);
  waiting.textContent = '';
}

// A screen reader hears what came: the quotation and whose it is, not the whole card.
const news = document.createElement('div');
news.id = 'news';
news.className = 'unseen';
news.setAttribute('role', 'status');
document.body.append(news); // not where an open sheet makes everything inert
let told = null;

// Emptied first, as the same words twice would not be heard again.
function speak(text) {
  news.textContent = '';
  setTimeout(() => { news.textContent = text; }, 30);
}

// Not the number of cards: it stays the same once the oldest are forgotten, and after a question that failed.
function announce() {
  document.querySelector('#chat [role="log"]')?.setAttribute('aria-live', 'off');
  const card = [...document.querySelectorAll('#chat .card')].pop();
  const question = [...document.querySelectorAll('#chat .user-row')].pop();
  const heard = card ? spoken(card) : '';
  const came = `${question?.textContent}\n${heard}`;
  if (told !== null && heard && came !== told) news.textContent = heard;
  told = came;
}

function spoken(card) {
  const quote = card.querySelector('mark.hit');
  if (!quote) return card.querySelector('.verdict, p')?.textContent ?? '';
  const lead = card.querySelector('.lead')?.textContent.trim() ?? '';
  return say('chat.answered').replace('{lead}', () => lead).replace('{quote}', () => quote.textContent);
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && event.target === box() && box().value.trim()) startWaiting();
}, true);
document.addEventListener('click', (event) => {
  if (event.target.closest?.('#ask .submit-button') && box().value.trim()) startWaiting();
}, true);

// Gradio tells trouble in a box over the bar's buttons, in words of its own; here it is told where the reader types.
const trouble = document.createElement('div');
trouble.id = 'trouble';
trouble.setAttribute('role', 'alert');

function tellTrouble() {
  const told = document.querySelector('.toast-wrap')?.textContent ?? '';
  const text = told && say(told.includes('Connection') ? 'chat.offline' : 'chat.failed');
  if (trouble.textContent === text) return;
  trouble.textContent = text;
  if (text) stopWaiting();
}

// A question that came with the address is asked once: a reload is not to ask it again.
function forgetQuestion() {
  const search = new URLSearchParams(location.search);
  if (!search.has('q') || !document.querySelector('#chat .card')) return;
  search.delete('q');
  setAddress(String(search) && `?${search}`);
}

function arrived() {
  forgetQuestion();
  announce();
}

whenReady(() => {
  document.getElementById('ask').before(trouble, aside, waiting);
  new MutationObserver(tellTrouble).observe(document.body, { childList: true, subtree: true });
  arrived();
  new MutationObserver(() => { stopWaiting(); arrived(); }).observe(document.getElementById('chat'), { childList: true, subtree: true });
});
