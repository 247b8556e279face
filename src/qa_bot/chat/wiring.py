"""The wiring: which component's event goes to which method of the desk. Imports Gradio; the page imports it late."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa_bot.chat.desk import Desk, Desks, View
from qa_bot.chat.escaping import e
from qa_bot.chat.library import Intake
from qa_bot.chat.turns import Conversation, from_record, to_record
from qa_bot.chat.wording import say
from qa_bot.settings import MAX_QUESTION

STORAGE_KEY = "qa_bot.conversation"
# Gradio ciphers what it stores with this; the point is one fixed value, so that a restart can read what is there.
STORAGE_SECRET = "kept-on-this-device-only"  # noqa: S105  # nosec B105


def build_blocks(desks: Desks, *, script: str, intake: Intake | None) -> gr.Blocks:
    """The page's components, with every event connected."""
    blocks: gr.Blocks = gr.Blocks(title=say("page.title"), fill_height=True, fill_width=True, analytics_enabled=False)
    with blocks:
        store = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=STORAGE_SECRET)
        gr.HTML(_bar(), elem_id="bar", apply_default_css=False, padding=False, js_on_load=None)
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                chat = _chat(desks.now().greet())
                box = _box()
                foot = gr.HTML(_foot(""), elem_id="foot", apply_default_css=False, padding=False, js_on_load=None)
            with gr.Column(elem_id="side"):
                pane = _pane(desks, script)
        saved = gr.JSON(visible="hidden", elem_id="saved")
        _connect(_Steps(desks, intake), blocks, _Parts(store, chat, box, foot, pane, saved))
    return blocks


@dataclass(frozen=True, slots=True)
class _Parts:
    store: gr.BrowserState
    chat: gr.Chatbot
    box: gr.Textbox
    foot: gr.HTML
    pane: gr.HTML
    saved: gr.JSON

    @property
    def view(self) -> list[Any]:
        """The outputs of a step, in the order in which `_outputs` gives them."""
        return [self.chat, self.pane, self.store, self.foot, self.box]


def _connect(steps: "_Steps", blocks: gr.Blocks, parts: _Parts) -> None:
    store, pane = parts.store, parts.pane
    # Without Gradio's queue a step is one request and one compressed reply: fewer bytes, and nobody is turned away.
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    blocks.load(steps.arrive, [store], parts.view, **quiet)
    parts.box.submit(steps.ask, [parts.box, store], parts.view, **quiet)
    pane.suggest(steps.suggest, [store], parts.view, **quiet)
    pane.again(steps.again, [store], parts.view, **quiet)
    pane.erase(steps.erase, [store], parts.view, **quiet)
    pane.cite(steps.cite, [store], [pane], **quiet)
    pane.reveal(steps.reveal, None, [pane], **quiet)
    pane.contrast(steps.contrast, [store], [pane], **quiet)
    pane.library(steps.library, [store], [pane], **quiet)
    pane.refresh(steps.refresh, [store], [parts.chat, parts.foot], **quiet)
    pane.narrow(steps.narrow, [store], [store, pane, parts.foot], **quiet)
    pane.judge(steps.judge, [store], [parts.saved], **quiet)
    pane.save(steps.save, [store], [parts.saved], **quiet)
    parts.saved.change(None, [parts.saved], None, js="(saved) => window.qaBotSaved && window.qaBotSaved(saved)")


class _Steps:
    """The handlers: they read what the browser sent, let a desk work, and lay the view out for the components."""

    def __init__(self, desks: Desks, intake: Intake | None) -> None:
        self._desks, self._intake = desks, intake

    def arrive(self, record: Any, request: gr.Request) -> tuple[Any, ...]:
        desk, query, conversation = self._desks.now(), request.query_params, from_record(record)
        view = desk.arrive(
            conversation, question=query.get("q", ""), doc_id=query.get("doc", ""), span=query.get("span", "")
        )
        shown, pane, store, foot, box = _outputs(desk, view)
        return shown, pane, store if view.conversation != conversation else gr.skip(), foot, box

    def ask(self, question: str, record: Any) -> tuple[Any, ...]:
        if not question.strip():
            return _nothing()
        desk = self._desks.now()
        view = desk.ask(from_record(record), question)
        return (*_outputs(desk, view)[:-1], view.unasked)  # the box is emptied

    def suggest(self, record: Any, event: gr.EventData) -> tuple[Any, ...]:
        desk, question = self._desks.now(), str(_sent(event, "question", ""))[: MAX_QUESTION + 1]
        if not question.strip():
            return _nothing()
        return _outputs(desk, desk.ask(from_record(record), question))

    def again(self, record: Any, event: gr.EventData) -> tuple[Any, ...]:
        desk, turn, alone = self._desks.now(), _number(event, "turn"), _sent(event, "alone", 0) is True
        return _outputs(desk, desk.ask_again(from_record(record), turn, alone=alone))

    def erase(self, record: Any) -> tuple[Any, ...]:
        desk, kept = self._desks.now(), from_record(record)
        empty = Conversation(doc_ids=kept.doc_ids, parties=kept.parties)
        return _outputs(desk, View(empty, (), desk.first_pane()))

    def cite(self, record: Any, event: gr.EventData) -> str:
        return self._desks.now().show_passage(from_record(record), _number(event, "turn"), _number(event, "number"))

    def reveal(self, event: gr.EventData) -> str:
        return self._desks.now().reveal(str(_sent(event, "doc", "")), str(_sent(event, "span", "")))

    def library(self, record: Any, request: gr.Request) -> str:
        return self._desks.now().library(from_record(record), largest=self._largest(request))

    def refresh(self, record: Any) -> tuple[Any, ...]:
        desk, conversation = self._desks.now(), from_record(record)
        view = View(conversation, desk.messages(conversation))
        return _messages(desk, view), _foot(desk.narrowed_to(conversation))

    def contrast(self, record: Any, event: gr.EventData) -> str:
        return self._desks.now().contrast(from_record(record), _number(event, "turn"))

    def narrow(self, record: Any, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        desk = self._desks.now()
        conversation = desk.narrow(from_record(record), _list(event, "docs"), _list(event, "parties"))
        pane = desk.library(conversation, largest=self._largest(request))
        return to_record(conversation), pane, _foot(desk.narrowed_to(conversation))

    def _largest(self, request: gr.Request) -> int | None:
        return self._intake.largest(request.request) if self._intake else None

    def judge(self, record: Any, event: gr.EventData) -> dict[str, Any]:
        turn, verdict = _number(event, "turn"), str(_sent(event, "verdict", ""))
        noted = self._desks.now().take_feedback(from_record(record), turn, verdict)
        return {"kind": "feedback", "turn": turn, "noted": noted, "nonce": _sent(event, "nonce", 0)}

    def save(self, record: Any, event: gr.EventData) -> dict[str, Any]:
        html, base = _sent(event, "form", "") == "html", str(_sent(event, "origin", ""))[:200]
        text = self._desks.now().export(from_record(record), html=html, base=base)
        name = f"{say('export.file')}.{'html' if html else 'md'}"
        return {"kind": "file", "name": name, "text": text, "nonce": _sent(event, "nonce", 0)}


def _outputs(desk: Desk, view: View) -> tuple[Any, ...]:
    """Chat, pane, store, foot and box; what somebody may be typing in the box stays."""
    foot, box = _foot(desk.narrowed_to(view.conversation)), view.unasked or gr.skip()
    return _messages(desk, view), view.pane or gr.skip(), to_record(view.conversation), foot, box


def _nothing() -> tuple[Any, ...]:
    """The outputs of a step that changes nothing."""
    return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()


def _messages(desk: Desk, view: View) -> Any:
    value = [{"role": m.role, "content": m.content} for m in view.messages]
    greeting = None if value else desk.regreet()  # what the page was made with may be of other documents
    return gr.update(value=value, placeholder=greeting) if greeting else value


def _sent(event: gr.EventData, name: str, default: object) -> object:
    data = event._data  # Gradio's own name for what the page's script sent
    return data.get(name, default) if isinstance(data, dict) else default


def _values(sent: Any, *names: str) -> tuple[Any, ...]:
    return tuple(sent.get(name) if isinstance(sent, dict) else None for name in names)


def _number(event: gr.EventData, name: str) -> int:
    value = _sent(event, name, 0)
    return value if isinstance(value, int) else 0


def _list(event: gr.EventData, name: str) -> list[str]:
    value = _sent(event, name, [])
    return [str(v) for v in value[:1000]] if isinstance(value, list) else []


# ---------------------------------------------------------------- components


def _chat(placeholder: str) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label=say("chat.label"),
        show_label=False,
        container=False,
        buttons=[],
        feedback_options=None,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        group_consecutive_messages=False,
        autoscroll=False,
        height=None,
        placeholder=placeholder,
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        elem_id="ask",
        label=say("ask.label"),
        show_label=False,
        container=False,
        placeholder=say("ask.placeholder"),
        submit_btn=say("ask.button"),
        max_length=MAX_QUESTION,
        lines=1,
        max_lines=4,
        autofocus=True,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="search"),
    )


def _pane(desks: Desks, script: str) -> gr.HTML:
    # The page's script calls these with one value, which may be anything.
    def describe(sent: Any) -> str:
        doc_id, start, end = _values(sent, "doc", "start", "end")
        return desks.now().describe(str(doc_id), start, end)

    def more_text(sent: Any) -> str:
        doc_id, edge, later = _values(sent, "doc", "edge", "later")
        return desks.now().more_text(str(doc_id), edge if isinstance(edge, int) else 0, later=later is True)

    return gr.HTML(
        desks.now().first_pane(),
        elem_id="source",
        html_template="${value}",  # the only template that is safe for foreign text, and the value is escaped in Python
        js_on_load=script,
        apply_default_css=False,
        padding=False,
        server_functions=[describe, more_text],
    )


def _bar() -> str:
    save = "".join(
        f'<button type="button" data-do="{action}">{e(say(f"bar.{key}"))}</button>'
        for action, key in (("save-markdown", "save_markdown"), ("save-html", "save_html"), ("print", "print"))
    )
    return (
        f'<header class="bar"><h1>{e(say("page.name"))}</h1><p>{e(say("page.promise"))}</p><div class="actions">'
        f'<button type="button" data-do="new">{e(say("bar.new"))}</button>'
        f'<button type="button" data-do="library">{e(say("bar.documents"))}</button>'
        f'<details class="menu"><summary>{e(say("bar.save"))}</summary><div>{save}</div></details>'
        f'<button type="button" data-do="dark">{e(say("bar.dark"))}</button></div></header>'
    )


def _foot(narrowed: str) -> str:
    keys = (("/", "ask.keys"), ("n p", "ask.keys_passages"), ("Esc", "ask.keys_close"))
    hints = " ".join(f"{_keys(names)} {e(say(word))}" for names, word in keys)
    labels = "".join(f"<span>{e(say(f'ask.keys_turn_{state}'))}</span>" for state in ("off", "on"))
    switch = f'<button type="button" class="switch" data-do="keys">{labels}</button>'
    chosen = f'<span class="narrowed">{e(say("chat.filtered", names=narrowed))}</span>' if narrowed else ""
    return f'<div class="foot">{chosen}<span class="keys">{hints}</span>{switch}</div>'


def _keys(names: str) -> str:
    return "".join(f'<kbd class="{"letter" if len(name) == 1 else "other"}">{e(name)}</kbd>' for name in names.split())
