// What somebody has typed but not asked outlives a reload of the page, such as the one after a restart of the server.
const DRAFT = 'qa_bot.draft';

addEventListener('pagehide', () => {
  try { sessionStorage.setItem(DRAFT, box()?.value ?? ''); } catch { /* a browser may refuse to store anything */ }
});

function storedDraft() {
  try { return sessionStorage.getItem(DRAFT); } catch { return null; }
}

// The box may be set once more while the page starts; a reader who types first wins.
function restoreDraft(tries = 12) {
  const draft = storedDraft();
  if (!draft || !tries || box().value) return;
  box().value = draft;
  box().dispatchEvent(new Event('input', { bubbles: true }));
  setTimeout(() => restoreDraft(tries - 1), 150);
}

whenReady(restoreDraft);
