"""Documents in and out over HTTP, with a real corpus folder and a real index of a made-up model."""

import asyncio
import threading
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa_bot.bot import QaBot
from qa_bot.client import AsyncClient, Client, ServiceError
from qa_bot.library import Library
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.jobs import JobBook
from qa_bot.service.keys import Scope, create_key
from qa_bot.service.uploads import NOT_INDEXED

from ..fakes import HashingEncoder
from .fakes import FakeBot
from .test_completions import served

WEIR = "The weir\n\nThe weir was built in 1931. It leaks."
BRIDGE = "The bridge\n\nThe bridge was opened on 3 May."
CARD = 'title = "The bridge"\nlanguage = "en"\n[perspective]\nparty = "Town"\nholder = "the town"\n'


@pytest.fixture
def library(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "weir.txt").write_text(WEIR)
    library = Library(tmp_path / "corpus", tmp_path / "index", HashingEncoder())
    library.update()
    return library


def app_of(library, **settings):
    encoder = library.encoder
    live = LiveBot(lambda: QaBot.load(library.index, encoder=encoder), folder=library.index)
    live.reload()
    settings = {"keys_file": library.index.parent / "keys.json", "watch_seconds": 0, "mcp": False, **settings}
    return create_app(live, settings=ServiceSettings(**settings), library=library)


@pytest.fixture
def client(library):
    with TestClient(app_of(library)) as client:
        yield client


def form(name="bridge.txt", text=BRIDGE, card=None):
    files = {"file": (name, text.encode() if isinstance(text, str) else text)}
    return {"files": files | ({"card": ("x.toml", card.encode())} if card else {})}


def ids(client):
    return [document["doc_id"] for document in client.get("/v1/documents").json()["documents"]]


def test_an_added_document_can_be_asked_at_once(client, library):
    version = client.get("/readyz").json()["index_version"]
    response = client.post("/v1/documents", **form(card=CARD))
    job = response.json()
    assert (response.status_code, job["state"], job["doc_id"]) == (201, "done", "bridge")
    assert job["document"]["party"] == "Town"
    assert job["index_version"] == client.get("/readyz").json()["index_version"] != version
    assert client.get(response.headers["location"]).json() == job
    answer = client.post("/v1/answer", json={"question": "When was the bridge opened?"}).json()
    assert answer["citations"][0]["quote"] == "The bridge was opened on 3 May."
    assert (library.corpus / "bridge.toml").read_text() == CARD


def test_who_does_not_wait_gets_a_job_that_tells_when_it_is_done(client):
    response = client.post("/v1/documents?wait=0", **form())
    assert (response.status_code, response.json()["document"]) == (202, None)
    job = client.get(response.headers["location"] + "?wait=30").json()
    assert (job["state"], job["document"]["doc_id"]) == ("done", "bridge")
    assert job["passages_done"] == job["passages"] == 1


def test_a_removed_document_vanishes_everywhere(client, library):
    client.post("/v1/documents", **form(card=CARD))
    removed = client.delete("/v1/documents/bridge")
    assert (removed.status_code, removed.json()["state"], removed.json()["document"]) == (200, "done", None)
    assert ids(client) == ["weir"]
    assert client.get("/v1/documents/bridge").status_code == 404
    assert client.delete("/v1/documents/bridge").status_code == 404
    library.update()  # the version before is given up with the next one
    (library.corpus / "more.txt").write_text("Rain fell.")
    library.update()
    kept = [p for p in library.index.parent.rglob("*") if p.is_file() and b"opened on 3 May" in p.read_bytes()]
    assert kept == []


def test_another_document_of_the_name_is_a_conflict_unless_it_is_meant(client):
    assert client.post("/v1/documents", **form("weir.txt", WEIR)).status_code == 200
    refused = client.post("/v1/documents", **form("weir.txt", "The weir holds."))
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "weir.txt: there is a document 'weir' already; replace it (replace=true), or give the file another name"
    )
    assert client.post("/v1/documents?replace=true", **form("weir.txt", "The weir holds.")).status_code == 201
    assert client.get("/v1/documents/weir/text").json()["text"] == "The weir holds."


def test_who_meant_a_document_in_other_capitals_is_told_its_name(client):
    refused = client.post("/v1/documents?replace=true", **form("WEIR.md", "The weir holds."))
    assert refused.status_code == 409
    assert "differs in capitals only; replace it by the name weir.md (replace=true)" in refused.json()["detail"]
    assert client.post("/v1/documents?replace=true", **form("weir.md", "The weir holds.")).status_code == 201


def test_the_last_document_stays(client):
    refused = client.delete("/v1/documents/weir")
    assert (refused.status_code, ids(client)) == (422, ["weir"])
    assert "the only document" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (form("bridge.exe"), 415, "file: '.exe' names no format that can be read; these are .txt, "),
        (form("bridge"), 415, "file: a file without an ending is of no format that can be read; these are .txt, "),
        (form("a.\u202e" + "x" * 500), 415, f"file: '.?{'x' * 38}…' names no format"),
        (form("...txt"), 422, "is not a usable name"),
        (form(text=""), 422, "bridge.txt: is empty"),
        (form(text=b"a\0b\0c\0"), 422, "bridge.txt"),
        (form(card="colour = 1"), 422, "the card of bridge.txt: key 'colour'"),
        (form(card="= = ="), 422, "the card of bridge.txt"),
        ({"files": {"file": ("a.txt", b"x"), "other": ("b.txt", b"y")}}, 422, "a field 'other'; send 'file' and"),
        ({"files": {"other": ("b.txt", b"y")}}, 422, "a field 'other'; send 'file' and 'card' only"),
        ({"data": {"o\x1b" * 50: "x"}, "files": {"file": ("a.txt", b"x")}}, 422, f"a field '{'o?' * 20}…'; send"),
        (
            {"files": [("file", ("a.txt", b"x")), ("file", ("b.txt", b"y"))]},
            422,
            "file: is in the form more than once; send each document by itself",
        ),
        (
            {"files": [("file", ("a.txt", b"x"))], "data": {"card": [CARD, CARD]}},
            422,
            "card: is in the form more than once",
        ),
        ({"data": {"file": "text"}, "files": {"card": ("b.toml", b"y")}}, 422, "send the source as a file"),
        ({"json": {"file": "x"}}, 415, "multipart/form-data"),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, 400, "the form cannot be read"),
        (
            {"content": b"--a\r\nrubbish", "headers": {"Content-Type": "multipart/form-data; boundary=a"}},
            422,
            "send the source as a file",
        ),
        ({"params": {"wait": "61"}, **form()}, 422, "wait"),
    ],
)
def test_what_cannot_be_used_is_a_problem_that_names_it(client, library, sent, status, words):
    before = {p: p.read_bytes() for p in library.corpus.iterdir() if p.is_file()}
    response = client.post("/v1/documents", **sent)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert words in response.json()["detail"]
    assert str(library.corpus.parent) not in response.text
    assert {p: p.read_bytes() for p in library.corpus.iterdir() if p.is_file() and p.name != ".lock"} == before


def test_too_large_is_refused_before_it_is_read(library):
    with TestClient(app_of(library, max_upload_bytes=10_000)) as client:
        assert client.post("/v1/documents", **form(text="x" * 20_000)).status_code == 413
        assert client.post("/v1/answer", content=b"x" * 20_000).status_code != 413
    assert list(library.corpus.iterdir()) == [library.corpus / "weir.txt"]


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "..\\..\\evil.txt", "a/b/../evil.txt"])
def test_no_path_of_a_request_reaches_the_file_system(client, library, name):
    before = set(library.corpus.parent.rglob("*"))
    assert client.post("/v1/documents", **form(name)).json()["doc_id"] == "evil"
    new = {p for p in set(library.corpus.parent.rglob("*")) - before if "evil" in p.name}
    assert new == {library.corpus / "evil.txt"}
    for path in ("/v1/documents/..%2f..%2fweir", "/v1/documents/weir.txt", "/v1/documents/.lock"):
        assert client.delete(path).status_code in {404, 405}


def test_a_service_without_a_corpus_says_so():
    with TestClient(create_app(FakeBot())) as client:
        for response in (client.post("/v1/documents", **form()), client.delete("/v1/documents/bridge")):
            assert response.status_code == 409
            assert "qa-bot serve --corpus" in response.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "http://127.0.0.1:8000"}, 201),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://page.example"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "https://page.example"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_pages_of_other_origins_change_nothing(library, headers, status):
    with TestClient(app_of(library), base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000)) as client:
        assert client.post("/v1/documents", headers=headers, **form()).status_code == status
        expected = 200 if status == 201 else status
        assert client.delete("/v1/documents/bridge", headers=headers).status_code == expected


@pytest.mark.parametrize(
    ("address", "scope", "status"),
    [("127.0.0.1", None, 201), ("10.0.0.5", None, 401), ("10.0.0.5", Scope.ASK, 403), ("10.0.0.5", Scope.MANAGE, 201)],
)
def test_adding_needs_the_scope_manage(library, address, scope, status):
    keys_file = library.index.parent / "keys.json"
    create_key(keys_file, "other")
    key = create_key(keys_file, "a", (scope,)) if scope else None
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with TestClient(app_of(library), base_url="http://127.0.0.1:8000", client=(address, 50_000)) as client:
        response = client.post("/v1/documents", headers=headers, **form())
        assert response.status_code == status
        if status == 201:
            assert client.get(response.headers["location"], headers=headers).status_code == 200


def test_a_service_open_to_all_lets_only_this_machine_change_it(library):
    app = app_of(library, auth="never")
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("10.0.0.5", 50_000)) as client:
        assert client.post("/v1/documents", **form()).status_code == 403
        assert client.delete("/v1/documents/weir").status_code == 403
        assert client.get("/v1/jobs/0").status_code == 403


def test_many_uploads_at_once_all_arrive(client, library):
    replies = []

    def add(number):
        replies.append(client.post("/v1/documents", **form(f"d{number}.txt", f"Text number {number}.")))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status_code for reply in replies} == {201}
    assert ids(client) == [*(f"d{number}" for number in range(8)), "weir"]


def test_what_cannot_be_indexed_is_told_and_kept(client, library, monkeypatch):
    monkeypatch.setattr(Library, "update", lambda *_, **__: 1 / 0)
    response = client.post("/v1/documents", **form())
    job = response.json()
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert (job["type"], job["status"]) == (NOT_INDEXED, 500)
    assert (job["state"], job["detail"]) == (
        "failed",
        "the corpus has changed, but the index could not follow; the log says why",
    )
    told = client.get(response.headers["location"])
    assert (told.status_code, told.json().items() <= job.items()) == (200, True)
    monkeypatch.undo()
    assert client.post("/v1/documents", **form()).status_code == 200
    assert client.post("/v1/documents", **form("c.txt", "More.")).status_code == 201
    assert ids(client) == ["bridge", "c", "weir"]


def test_what_cannot_be_taken_out_of_the_index_is_told_and_gone_from_the_corpus(client, library, monkeypatch):
    client.post("/v1/documents", **form())
    monkeypatch.setattr(Library, "update", lambda *_, **__: 1 / 0)
    response = client.delete("/v1/documents/bridge")
    assert (response.status_code, response.json()["type"]) == (500, NOT_INDEXED)
    assert [path.name for path in library.corpus.glob("*.txt")] == ["weir.txt"]


def test_another_process_is_asked_about_its_jobs_and_a_dead_one_has_failed(tmp_path, monkeypatch):
    book = JobBook(tmp_path)
    job = book.new("add", "bridge")
    assert JobBook(tmp_path).find(job.job_id) == job
    monkeypatch.setattr("qa_bot.service.jobs.os.getpid", lambda: 2**22 + 1)
    dead = book.new("add", "weir")
    monkeypatch.undo()
    assert JobBook(tmp_path).find(dead.job_id).state == "failed"
    assert book.find("../" + job.job_id) is None


def test_a_job_of_an_earlier_service_with_the_same_process_number_has_failed(tmp_path, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr("qa_bot.service.jobs._born", lambda _process: "1")
        job = JobBook(tmp_path).new("add", "bridge")
    assert JobBook(tmp_path).find(job.job_id).state == "failed"


def test_jobs_go_on_where_their_state_cannot_be_noted(library, monkeypatch):
    write_text = Path.write_text

    def full(path, *arguments, **options):
        if path.parent.name == "jobs":
            raise OSError(28, "No space left on device", str(path))
        return write_text(path, *arguments, **options)

    with TestClient(app_of(library)) as client:
        with monkeypatch.context() as disk:
            disk.setattr(Path, "write_text", full)
            job = client.post("/v1/documents?wait=20", **form()).json()
            assert job["state"] == "done"
            assert client.get(f"/v1/jobs/{job['job_id']}").json() == job
        assert "bridge" in {d["doc_id"] for d in client.get("/v1/documents").json()["documents"]}
        assert client.delete("/v1/documents/bridge?wait=20").json()["state"] == "done"


def test_old_jobs_are_forgotten(tmp_path):
    book = JobBook(tmp_path)
    jobs = [book.new("add", "a") for _ in range(105)]
    assert book.find(jobs[4].job_id) is None
    assert book.find(jobs[5].job_id) == jobs[5]


def test_answers_go_on_while_a_document_is_indexed(library, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    encode = HashingEncoder.encode_passages

    def slowly(self, passages, tick=None):
        begun.set()
        assert go_on.wait(20)
        return encode(self, passages, tick)

    monkeypatch.setattr(HashingEncoder, "encode_passages", slowly)
    with TestClient(app_of(library)) as client:
        job = client.post("/v1/documents?wait=0", **form()).json()
        assert begun.wait(20)
        started = time.monotonic()
        assert client.post("/v1/answer", json={"question": "When was the weir built?"}).status_code == 200
        assert time.monotonic() - started < 10
        assert client.get(f"/v1/jobs/{job['job_id']}").json()["state"] == "indexing"
        go_on.set()
        assert client.get(f"/v1/jobs/{job['job_id']}?wait=30").json()["state"] == "done"


def test_the_clients_add_and_remove_and_say_what_is_wrong(library, tmp_path):
    file, card = tmp_path / "bridge.txt", tmp_path / "card.toml"
    file.write_text(BRIDGE)
    card.write_text(CARD)

    async def scenario(address):
        async with AsyncClient(address) as bot:
            added = await bot.add(file, card=card, replace=True)
            return added, await bot.remove("bridge")

    with served(app_of(library)) as address, Client(address) as bot:
        added = bot.add(file)
        assert (added.doc_id, added.document["party"], added.index_version) == (
            "bridge",
            None,
            bot.ask("weir").index_version,
        )
        file.write_text("Another text.")
        with pytest.raises(ServiceError, match=r"409: bridge\.txt: there is a document 'bridge' already") as refused:
            bot.add(file)
        assert refused.value.status == 409
        added, removed = asyncio.run(scenario(address))
        assert (added.document["party"], removed.document) == ("Town", None)
        with pytest.raises(ServiceError, match="cannot be read"):
            bot.add(tmp_path / "nowhere.txt")
        with pytest.raises(ServiceError, match="404: no document 'bridge' in the corpus; it holds: weir"):
            bot.remove("bridge")
