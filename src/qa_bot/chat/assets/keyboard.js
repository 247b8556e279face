// Keys: / to the question, n and p through the passages, Escape back, arrows inside the list of passages.
// Those that are characters can be turned off: who speaks to a computer would set them off by words (WCAG 2.1.4).
const KEYLESS = 'qa_bot.keyless';
const box = () => document.querySelector('#ask textarea');
const typing = (target) => target.matches?.('input, textarea, select, [contenteditable="true"]');

function focusBox() {
  if (phone() && sheetIsOpen()) closeSheet();
  box()?.focus();
}

const keys = {
  '/': () => focusBox(),
  n: () => movePassage(1),
  p: () => movePassage(-1),
};

function storedKeyless() {
  try { return localStorage.getItem(KEYLESS) === 'true'; } catch { return false; }
}

function toggleKeys() {
  const keyless = document.body.classList.toggle('keyless');
  try { localStorage.setItem(KEYLESS, String(keyless)); } catch { /* a browser may refuse to store anything */ }
}

document.body.classList.toggle('keyless', storedKeyless());

// What had the focus in a menu is hidden with it.
function closeMenu(menu) {
  menu.removeAttribute('open');
  menu.querySelector('summary').focus();
}

function goBack() {
  if (hideNote()) return;
  const menu = document.querySelector('details.menu[open]');
  if (menu) {
    closeMenu(menu);
  } else if (sheetIsOpen() || element.contains(document.activeElement)) {
    const fallback = returnTo ?? box();
    closeSheet();
    fallback?.focus();
  }
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return; // these keys are the input method's
  if (event.key === 'Escape') return goBack();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const passage = event.target.closest?.('.passage');
  if (passage && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    const list = passages();
    const next = list[list.indexOf(passage) + (event.key === 'ArrowDown' ? 1 : -1)];
    next?.focus();
    if (next) choose(next);
    return;
  }
  if (event.key === ' ' && event.target.matches?.('#chat a[role="button"]')) {
    event.preventDefault();
    event.target.click();
    return;
  }
  if (typing(event.target) || !keys[event.key] || document.body.classList.contains('keyless')) return;
  event.preventDefault();
  keys[event.key]();
});
