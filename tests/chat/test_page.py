import re
import subprocess
import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa_bot.chat import mount_chat
from qa_bot.chat.page import _unimported, page_head, page_script
from qa_bot.chat.wording import say


@pytest.fixture(scope="module")
def client(shared_bot, tmp_path_factory):
    app = FastAPI(docs_url=None, redoc_url=None)
    mount_chat(app, lambda: shared_bot, feedback_path=tmp_path_factory.mktemp("feedback") / "feedback.jsonl")
    with TestClient(app) as client:
        yield client


def test_the_page_is_served_with_its_title_and_own_style(client):
    page = client.get("/ui/")
    assert page.status_code == 200
    assert say("page.title") in page.text  # Gradio sets it as the title
    assert "--paper" in page.text


def test_what_a_browser_asks_for_at_the_root_is_there(client):
    assert client.get("/manifest.json").headers["content-type"] == "application/manifest+json"
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_the_server_takes_no_files(client):
    posted = client.post("/ui/gradio_api/upload", files={"files": ("x.html", b"<script>1</script>" * 100)})
    assert posted.status_code >= 400


def test_importing_the_package_loads_no_gradio():
    code = "import sys, qa_bot.chat; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_gradio_comes_without_arrow_and_mcp_which_can_still_be_imported_later():
    code = (
        "import sys; from qa_bot.chat.page import _import_gradio; _import_gradio();"
        "import pandas; assert not {'pyarrow', 'mcp'} & sys.modules.keys();"
        "import mcp;"
        "import pyarrow; assert pyarrow.table({'a': [1]}).to_pandas().to_dict('list') == {'a': [1]}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_package_that_is_imported_already_stays():
    before = sys.modules["json"]
    with _unimported("json"):
        assert sys.modules["json"] is before
    assert sys.modules["json"] is before


def test_style_and_script_name_no_address_outside():
    assert re.findall(r"https?://|@import|url\(", page_head() + page_script()) == []
