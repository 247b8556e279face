// Selecting words of the document shows whose they are; pointing at a citation shows its quotation.
const note = document.createElement('div');
note.id = 'note';
note.hidden = true;
note.setAttribute('role', 'status');
document.body.append(note);

const codePoints = (text) => [...text].length;

// The document offset of a point of the selection, in code points: the text before it inside its block is counted.
// A point between two blocks is the start of the next one for a beginning, the end of the last one for an end.
function offsetOf(node, offset, begins) {
  const block = (node.nodeType === 1 ? node : node.parentElement)?.closest('.text[data-start]');
  if (!block || !element.contains(block)) return betweenBlocks(node, offset, begins);
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(node, offset);
  return Number(block.dataset.start) + codePoints(before.toString());
}

function betweenBlocks(node, offset, begins) {
  const point = document.createRange();
  point.setStart(node, offset);
  const blocks = [...element.querySelectorAll('.text[data-start]')];
  const after = blocks.findIndex((block) => point.comparePoint(block, 0) >= 0);
  const block = begins ? blocks[after] : blocks.at(after === -1 ? -1 : after - 1);
  if (!block || (!begins && after === 0)) return null;
  return Number(block.dataset.start) + (begins ? 0 : codePoints(block.textContent));
}

async function describeSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !element.querySelector('.text[data-start]')) return;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset, true);
  const end = offsetOf(range.endContainer, range.endOffset, false);
  if (start === null || end === null || end <= start) return;
  const html = await server.describe({ doc: pane().dataset.doc, start, end });
  if (!html) return;
  note.innerHTML = html; // made and escaped in Python
  delete note.dataset.preview;
  placeNote(range.getBoundingClientRect());
}

function placeNote(place) {
  note.hidden = false;
  const width = Math.min(360, innerWidth - 24);
  note.style.width = `${width}px`;
  note.style.left = `${Math.max(12, Math.min(place.left, innerWidth - width - 12))}px`;
  const below = place.bottom + 8;
  const fits = below + note.offsetHeight < innerHeight;
  note.style.top = `${fits ? below : Math.max(12, place.top - note.offsetHeight - 8)}px`;
}

function hideNote() {
  if (note.hidden) return false;
  note.hidden = true;
  return true;
}

document.addEventListener('pointerup', (event) => {
  if (note.contains(event.target)) return;
  hideNote();
  if (element.contains(event.target)) setTimeout(describeSelection, 10);
});
// Fingers select without a pointer that goes up: wait until the selection has rested.
let resting = 0;
document.addEventListener('selectionchange', () => {
  if (!matchMedia('(pointer: coarse)').matches) return;
  clearTimeout(resting);
  const place = getSelection().anchorNode;
  if (place && element.contains(place)) resting = setTimeout(describeSelection, 500);
});
document.addEventListener('keyup', (event) => {
  if (event.shiftKey && event.key.startsWith('Arrow')) describeSelection();
});

// ---- previews: the whole quotation and its speaker, made of what the line already holds

let preview = 0;

function previewOf(target) {
  const line = target.closest('.also li, .passage');
  if (!line) return null;
  const quote = document.createElement('p');
  quote.className = 'quote';
  quote.dir = 'auto';
  const words = line.querySelector('.line');
  quote.textContent = words.textContent;
  if (words.lang) quote.lang = words.lang;
  return [quote, ...[...line.querySelectorAll('.tag, .voice')].map((part) => part.cloneNode(true))];
}

function showPreview(event) {
  const target = event.target.closest?.('.also li, .passage');
  clearTimeout(preview);
  if (!target) {
    if (note.dataset.preview && !note.contains(event.target)) { hideNote(); delete note.dataset.preview; }
    return;
  }
  preview = setTimeout(() => {
    const content = previewOf(target);
    if (!content || (!note.hidden && !note.dataset.preview)) return;
    note.replaceChildren(...content);
    note.dataset.preview = 'yes';
    placeNote(target.getBoundingClientRect());
  }, 350);
}

if (matchMedia('(hover: hover)').matches) document.addEventListener('pointerover', showPreview);
