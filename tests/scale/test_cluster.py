"""Two nodes of a Ray cluster: a corpus is encoded by both and answered from by both, while one of them is lost."""

import concurrent.futures
import os
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from qa_bot import QaBot
from qa_bot.corpus import Corpus, make_document, read_corpus
from qa_bot.engine import search_index
from qa_bot.types import Parties

from ..engine.made import texts
from ..fakes import HashingEncoder
from .conftest import free_port

ray = pytest.importorskip("ray", reason="needs qa-bot[scale]")
pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]

CORPUS = Path(__file__).parents[2] / "corpus"
NODE = {"num_cpus": 2, "object_store_memory": 200_000_000}


class SlowEncoder(HashingEncoder):
    """Takes a moment for every batch, so that a node can be lost in the middle."""

    def encode_passages(self, passages, tick=None):
        time.sleep(0.3)
        return super().encode_passages(passages, tick)


def load_hashing(_):
    return HashingEncoder(dim=64)


def load_slow(_):
    return SlowEncoder(dim=64)


@pytest.fixture(scope="module")
def cluster(store):
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_agent_register_timeout_ms", "120000")  # a busy machine is slow to start processes
        environment.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        made = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        made.add_node(**NODE)
        ray.init(address=made.address, log_to_driver=False, logging_level="error")
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield made
        ray.shutdown()
        made.shutdown()


@pytest.fixture
def place(store, request):
    return f"lance+s3://indexes/{request.node.name.replace('_', '-')[:50]}?endpoint={store}"


def invented(count):
    return Corpus(tuple(make_document(doc_id, text) for doc_id, text in texts(count).items()), Parties())


def test_a_corpus_indexed_by_the_cluster_is_the_one_indexed_here(cluster, place, tmp_path):
    from qa_bot.cluster import index_in_bulk

    from ..engine.made import built

    report = index_in_bulk(invented(20), place, load=load_hashing)
    local, made = built(tmp_path, texts(20), HashingEncoder(dim=64)), search_index(place).open()
    assert (report.documents, report.passages) == (20, len(local.passages))
    assert report.version == made.manifest.version
    assert [e.document for e in made.entries] == [e.document for e in local.entries]
    assert np.allclose(made.dense.vectors(), local.dense.vectors(), atol=1e-6)
    assert np.allclose(made.sentences.vectors(), local.sentences.vectors(), atol=1e-6)
    assert made.tokens.frequencies.tolist() == local.tokens.frequencies.tolist()
    question = local.tokens.projection.apply(HashingEncoder(dim=64).encode_question("the stone bridge").tokens)
    ranges = [(int(a), int(b)) for a, b in zip(local.rows[:-1], local.rows[1:], strict=True)]
    assert np.array_equal(made.tokens.similarities(question, ranges), local.tokens.similarities(question, ranges))


def test_no_passage_is_lost_or_doubled_when_a_node_goes_in_the_middle_of_the_job(cluster, place):
    from qa_bot.cluster import index_in_bulk

    extra = cluster.add_node(**NODE)
    cluster.wait_for_nodes()
    corpus = invented(200)
    lost = threading.Timer(6, cluster.remove_node, [extra], {"allow_graceful": False})
    lost.start()
    started = time.monotonic()
    report = index_in_bulk(corpus, place, encoders=4, load=load_slow)
    lost.join()
    assert time.monotonic() - started > 6
    made = search_index(place).open()
    ids = made.dense._table.search().select(["chunk_id"]).limit(None).to_arrow()["chunk_id"].to_pylist()
    assert len(ids) == len(set(ids)) == report.passages == len(made.passages)
    numbered = made.sentences._table.search().select(["chunk_id", "number"]).limit(None).to_arrow()
    rows = set(zip(numbered["chunk_id"].to_pylist(), numbered["number"].to_pylist(), strict=True))
    assert len(rows) == len(numbered) == report.sentences == made.rows[-1]


def test_the_cluster_answers_as_one_machine_does_and_loses_no_answer_with_a_replica(cluster, place, bot):
    from ray import serve

    from qa_bot.cluster import deploy, index_in_bulk
    from qa_bot.evaluation import read_collection
    from qa_bot.service.settings import ServiceSettings

    index_in_bulk(read_corpus(CORPUS), place, encoders=1)
    assert QaBot.load(place).documents == bot.documents
    port = free_port()
    serve.start(http_options={"host": "127.0.0.1", "port": port})
    deploy(place, replicas=2, cpus=0.5, settings=ServiceSettings(auth="never", mcp=False, rate_limit=None))
    file = CORPUS / "questions" / "second-karabakh-war.jsonl"
    questions = read_collection(file, {d.doc_id: d for d in bot.documents}).tagged(["dev"]).questions
    same = 0
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for question in questions:
            expected = bot.ask(question.text)
            found = client.post("/v1/answer", json={"question": question.text}).raise_for_status().json()
            spans = [(c["doc_id"], c["span"]["start"], c["span"]["end"]) for c in found["citations"]]
            same += spans == [(c.doc_id, c.span.start, c.span.end) for c in expected.citations]
        assert same >= 0.99 * len(questions)
        statuses = under_load(client, [question.text for question in questions], kill_after=20)
    assert len(statuses) == 120
    assert set(statuses) == {200}
    serve.shutdown()


def under_load(client, questions, kill_after):
    """The statuses of 120 answers asked for by four clients at once; a replica is killed after some of them."""

    def ask(number):
        if number == kill_after:
            os.kill(replica_process(), 9)
        return client.post("/v1/answer", json={"question": questions[number % len(questions)]}).status_code

    with concurrent.futures.ThreadPoolExecutor(4) as clients:
        return list(clients.map(ask, range(120)))


def replica_process():
    """The process of the replica that has worked most."""
    worked = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, stat = (process / "cmdline").read_bytes(), (process / "stat").read_text()
        except OSError:
            continue  # it has ended meanwhile
        if name.startswith(b"ray::ServeReplica:qa-bot:qa-bot"):
            worked[int(process.name)] = int(stat.rpartition(")")[2].split()[11])
    assert len(worked) == 2
    return max(worked, key=worked.__getitem__)
