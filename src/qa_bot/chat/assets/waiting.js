// From a question to its answer: a note says that the documents are being searched; the question stays in the box.
const PATIENCE = 30_000; // ms after which the note goes, answer or not
const waiting = document.createElement('div');
waiting.id = 'waiting';
waiting.setAttribute('role', 'status');
let impatience = 0;

function startWaiting() {
  waiting.textContent = say('chat.searching');
  clearTimeout(impatience);
  impatience = setTimeout(stopWaiting, PATIENCE);
}

function stopWaiting() {
  clearTimeout(impatience);
  waiting.textContent = '';
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && event.target === box() && box().value.trim()) startWaiting();
}, true);
document.addEventListener('click', (event) => {
  if (event.target.closest?.('#ask .submit-button') && box().value.trim()) startWaiting();
}, true);

whenReady(() => {
  document.getElementById('ask').before(waiting);
  new MutationObserver(stopWaiting).observe(document.getElementById('chat'), { childList: true, subtree: true });
});
