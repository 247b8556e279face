import pytest

from .fakes import TEXT


def test_list_names_every_document(client):
    listed = client.get("/v1/documents").json()
    assert listed["index_version"] == "v1"
    assert [(document["doc_id"], document["length"], document["party"]) for document in listed["documents"]] == [
        ("bridge", len(TEXT), "Town")
    ]


def test_document_has_card_sections_hash_and_profile(client):
    document = client.get("/v1/documents/bridge").json()
    assert document["card"]["perspective"]["party"] == {
        "value": "Town",
        "basis": "stated",
        "evidence": [{"start": 12, "end": 22, "text": "The bridge"}],
    }
    assert document["sections"] == [{"heading": "The bridge", "span": {"start": 0, "end": len(TEXT)}}]
    assert len(document["sha256"]) == 64
    assert document["profile"] == {"words": 19, "voices": {"narrator": 2, "direct_quote": 1}}


@pytest.mark.parametrize(
    ("query", "expected"), [("", TEXT), ("?start=94&end=110", "It has 𝒵 arches."), ("?start=94", TEXT[94:])]
)
def test_text_is_verbatim_in_code_points(client, query, expected):
    assert client.get(f"/v1/documents/bridge/text{query}").json()["text"] == expected


def test_perspective_of_any_span_is_that_of_a_citation(client):
    citation = client.post("/v1/answer", json={"question": "mayor"}).json()["citations"][0]
    span = citation["span"]
    asked = client.get(f"/v1/documents/bridge/perspective?start={span['start']}&end={span['end']}").json()
    assert asked == citation["perspective"]
    assert asked["speaker"] == "the mayor"


@pytest.mark.parametrize("address", ["", "/text", "/perspective?start=0&end=1"])
def test_unknown_document_is_a_404_problem(client, address):
    response = client.get(f"/v1/documents/tunnel{address}")
    assert response.status_code == 404
    assert "no document 'tunnel'" in response.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "?start=5&end=5",
        "?start=9&end=5",
        "?start=0&end=112",
        "?start=-1&end=5",
        "?start=a&end=5",
        "?end=5",
        "?start=0&end=9" + "9" * 5_000,
    ],
)
def test_wrong_span_is_a_422_problem(client, query):
    response = client.get(f"/v1/documents/bridge/perspective{query}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("doc_id", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "a" * 300, "%ff"])
def test_no_document_name_reaches_the_file_system(client, doc_id):
    assert client.get(f"/v1/documents/{doc_id}").status_code in {404, 422}


def test_unchanged_document_is_not_sent_again(client, bot):
    first = client.get("/v1/documents/bridge/text")
    again = client.get("/v1/documents/bridge/text", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    bot.index_version = "v2"
    changed = client.get("/v1/documents/bridge/text", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
