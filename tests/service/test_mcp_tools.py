import asyncio
import json
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.mcp_tools import make_mcp_server

from .fakes import TEXT, FakeBot
from .test_completions import served


def tool_server(bot=None):
    return make_mcp_server(create_app(bot or FakeBot(), settings=ServiceSettings(mcp=False)).state.service)


def call(server, name, /, **arguments):
    async def scenario():
        async with Client(server) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(scenario())


def test_every_tool_is_listed_and_described():
    async def scenario():
        async with Client(tool_server()) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(scenario())
    assert [tool.name for tool in tools] == ["answer", "search", "read_span", "list_documents", "perspective_of_span"]
    assert all(tool.description and tool.output_schema for tool in tools)


def test_answer_is_the_json_of_the_http_api():
    result = call(tool_server(), "answer", question="bridge", history=["arches"], max_citations=1)
    with TestClient(create_app(FakeBot())) as client:
        over_http = client.post(
            "/v1/answer", json={"question": "bridge", "history": ["arches"], "max_citations": 1}
        ).json()
    assert result.structured_content == over_http
    assert json.loads(result.content[0].text) == over_http


def test_span_is_read_with_its_perspective():
    read = call(tool_server(), "read_span", doc_id="bridge", start=44, end=93).structured_content
    assert read["text"] == TEXT[44:93]
    assert read["perspective"]["note"] == "The mayor, quoted directly."
    alone = call(tool_server(), "perspective_of_span", doc_id="bridge", start=44, end=93).structured_content
    assert alone == read["perspective"]


def test_documents_and_passages_are_found():
    assert call(tool_server(), "list_documents").structured_content["documents"][0]["doc_id"] == "bridge"
    assert len(call(tool_server(), "search", question="bridge", limit=1).structured_content["results"]) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("answer", {"question": ""}, "question"),
        ("answer", {"question": "  "}, "the question is empty"),
        ("answer", {"question": "a", "doc_ids": ["tunnel"]}, "tunnel; it holds: bridge"),
        ("read_span", {"doc_id": "tunnel", "start": 0, "end": 1}, "no document 'tunnel'"),
        ("read_span", {"doc_id": "bridge", "start": 5, "end": 5_000}, "span 5-5000 is not in 'bridge'"),
    ],
)
def test_mistakes_are_told(name, arguments, told):
    result = call(tool_server(), name, **arguments)
    assert result.is_error
    assert told in result.content[0].text


def test_faults_inside_are_not_told():
    result = call(tool_server(FakeBot(fault=RuntimeError("/home/secret"))), "answer", question="a")
    assert result.is_error
    assert "secret" not in result.content[0].text


def test_tools_are_served_over_streamable_http():
    async def scenario(address):
        async with Client(streamable_http_client(f"{address}/mcp")) as client:
            return await client.call_tool("answer", {"question": "bridge"})

    with served(create_app(FakeBot(), settings=ServiceSettings())) as address:
        result = asyncio.run(scenario(address))
    assert result.structured_content["citations"][0]["quote"] == "The bridge was opened on 3 May."


def test_tools_are_served_over_standard_input_and_output(tmp_path):
    (tmp_path / "tests_service").symlink_to(Path(__file__).parent)
    script = "from qa_bot.service.mcp_tools import run_mcp; from tests_service.fakes import FakeBot; run_mcp(FakeBot())"
    server = StdioServerParameters(command=sys.executable, args=["-c", script], env={"PYTHONPATH": str(tmp_path)})
    assert call(server, "search", question="bridge").structured_content["results"]
