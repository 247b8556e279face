// Documents in and out, where the server lets this reader: checked here first, then sent to the service's own API.
const TEXT = ['.txt', '.md']; // other formats say their encoding themselves
let outcome = null; // what became of the last change, told again when the list has come anew: { text, wrong, seen }
let busy = false;

// Where it is told to those who have gone on from the list.
const aside = document.createElement('div');
aside.id = 'aside';

const shelf = () => element.querySelector('.shelf');
const suffixOf = (name) => (name.includes('.') ? name.slice(name.lastIndexOf('.')).toLowerCase() : '');
const fill = (key, values) => Object.entries(values).reduce((text, [k, v]) => text.replace(`{${k}}`, () => v), say(key));

async function faultOf(file, form) {
  const { suffixes, bytes, limit } = form.dataset;
  const name = file.name;
  if (!suffixes.split(' ').includes(suffixOf(name))) return fill('shelf.wrong_type', { name, known: suffixes });
  if (file.size > Number(bytes)) return fill('shelf.too_large', { name, limit });
  if (!file.size) return fill('shelf.empty', { name });
  return TEXT.includes(suffixOf(name)) && !(await isText(file)) ? fill('shelf.not_utf8', { name }) : '';
}

async function faultOfCard(card) {
  if (suffixOf(card.name) !== '.toml' || card.size > 200_000) return fill('shelf.wrong_card', { name: card.name });
  return (await isText(card)) ? '' : fill('shelf.not_utf8', { name: card.name });
}

async function isText(file) {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()).includes('\0');
  } catch {
    return false;
  }
}

async function addDocument() {
  const form = shelf();
  const [file] = form.querySelector('[name="source"]').files;
  const [card] = form.querySelector('[name="card"]').files;
  if (busy) return;
  if (!file) return tell(say('shelf.none'), true);
  const fault = (await faultOf(file, form)) || (card ? await faultOfCard(card) : '');
  if (fault) return tell(fault, true);
  const data = new FormData();
  data.append('file', file);
  if (card) data.append('card', card);
  const replace = form.querySelector('[name="replace"]').checked;
  await change('POST', `/v1/documents?wait=0&replace=${replace}`, data, { done: 'shelf.added', name: file.name });
}

async function removeDocument(button) {
  const { doc, name } = button.dataset;
  if (busy) return;
  await change('DELETE', `/v1/documents/${encodeURIComponent(doc)}?wait=0`, null, { done: 'shelf.removed', name });
}

// One change: sent, followed until the index has it, told; then the list comes anew.
async function change(method, address, body, { done, name }) {
  busy = true;
  outcome = null;
  aside.textContent = '';
  try {
    tell(fill('shelf.sending', { name }));
    const job = await followed(await send(method, address, body, name), name);
    if (job.state === 'failed') throw new Error(job.detail);
    conclude(fill(done, { name: job.document?.title ?? name }));
    trigger('refresh', {});
    if (shelf()) trigger('library', {}); // who has gone on from the list is not taken back to it
  } catch (error) {
    conclude(error.message || say('shelf.unreachable'), true);
  } finally {
    busy = false;
  }
}

function conclude(text, wrong = false) {
  outcome = { text, wrong, seen: false };
  settleShelf();
  if (outcome.seen) return;
  aside.textContent = text;
  aside.classList.toggle('wrong', wrong);
  speak(text);
}

// The list is opened: what it has told already is told no more, what it has not is told now.
function openShelf() {
  if (outcome?.seen) {
    outcome = null;
    tell('');
  }
  openSheet();
  settleShelf();
  trigger('library', {});
}

// XMLHttpRequest, for it tells how much has been sent.
function send(method, address, body, name) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress(loaded / total / 2, fill('shelf.sending', { name }));
    request.onerror = () => reject(new Error(say('shelf.unreachable')));
    request.onload = () => (request.status < 300 ? resolve(request.response) : reject(new Error(request.response?.detail ?? say('shelf.unreachable'))));
    request.send(body);
  });
}

async function followed(job, name) {
  while (job.state !== 'done' && job.state !== 'failed') {
    progress(0.5 + job.passages_done / Math.max(1, job.passages) / 2, fill('shelf.indexing', { name }));
    await new Promise((resolve) => setTimeout(resolve, 100)); // should the server not wait, it is not to be flooded
    job = await send('GET', `/v1/jobs/${job.job_id}?wait=1`, null, name);
  }
  return job;
}

function tell(text, wrong = false) {
  const place = element.querySelector('.shelf-news');
  if (!place) return;
  if (place.textContent !== text) place.textContent = text; // the same words are not to be heard again
  place.classList.toggle('wrong', wrong);
  const bar = element.querySelector('.shelf progress');
  if (bar) bar.hidden = true;
}

function progress(share, text) {
  tell(text);
  const bar = element.querySelector('.shelf progress');
  if (!bar) return;
  bar.hidden = false;
  bar.value = share;
}

// The second click removes: the first one only asks, in the same place.
function askToRemove(button) {
  const row = button.closest('li');
  for (const part of row.querySelectorAll('.ways > *')) part.hidden = !part.matches('.sure');
  row.querySelector('.sure button').focus();
}

function keepAfterAll(button) {
  const row = button.closest('li');
  for (const part of row.querySelectorAll('.ways > *')) part.hidden = part.matches('.sure');
  row.querySelector('[data-do="ask-to-remove"]').focus();
}

function settleShelf() {
  if (!shelf() || !outcome) return;
  tell(outcome.text, outcome.wrong);
  if (phone() && !sheetIsOpen()) return; // nobody sees what a closed sheet holds
  outcome.seen = true;
  aside.textContent = '';
}
