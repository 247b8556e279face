"""A real index, exchanged under load: no answer fails, every citation stands in the version that its answer names."""

import threading

from fastapi.testclient import TestClient

from qa_bot.bot import QaBot
from qa_bot.corpus import read_corpus
from qa_bot.library import Library
from qa_bot.service import LiveBot, ServiceSettings, create_app

from ..fakes import HashingEncoder

SWAPS = 10
QUESTIONS = ("How many swans were counted?", "Who counted the swans on the pond?", "When was the weir built?")


def publish(library, number):
    """Change a document and build anew; gives the version and the texts it holds."""
    more = "".join(f" In week {week} there were {week}." for week in range(number))
    text = f"The swans\n\nIn the year {1900 + number} the keeper counted {number} swans on the pond.{more}\n"
    (library.corpus / "swans.txt").write_text(text)
    report = library.update()
    documents = read_corpus(library.corpus).documents
    return report.version, {document.doc_id: (document.text, document.sha256) for document in documents}


def test_index_exchanged_under_load(tmp_path):
    library = Library(tmp_path / "corpus", tmp_path / "index", HashingEncoder())
    library.corpus.mkdir()
    (library.corpus / "weir.txt").write_text("The weir\n\nThe weir was built in 1931. It leaks.")
    texts = dict([publish(library, 0)])
    live = LiveBot(lambda: QaBot.load(library.index, encoder=library.encoder), folder=library.index)
    live.reload()
    responses, over = [], threading.Event()
    with TestClient(create_app(live, settings=ServiceSettings(mcp=False, watch_seconds=0))) as client:

        def ask(number):
            while not over.is_set():
                number += 1
                question = QUESTIONS[number % len(QUESTIONS)]
                responses.append(client.post("/v1/answer", json={"question": question}))

        asking = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
        for thread in asking:
            thread.start()
        try:
            for number in range(1, SWAPS + 1):
                texts.update([publish(library, number)])
                assert client.post("/v1/index/reload").status_code == 200
                before = len(responses)
                while len(responses) < before + 2:
                    over.wait(0.01)
        finally:
            over.set()
            for thread in asking:
                thread.join()
    assert {response.status_code for response in responses} == {200}
    answers = [response.json() for response in responses]
    checked = 0
    for answer in answers:
        for citation in answer["citations"] + answer["closest"]:
            text, sha256 = texts[answer["index_version"]][citation["doc_id"]]
            assert text[citation["span"]["start"] : citation["span"]["end"]] == citation["quote"]
            assert citation["document_sha256"] == sha256
            checked += 1
    assert checked >= len(answers) > SWAPS
    assert len({answer["index_version"] for answer in answers}) > SWAPS // 2
