"""What a process loads, and how much memory it takes, before it answers."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "gradio", "pandas", "onnx", "onnxscript")
MEMORY_MB = 350

ASK = """
import sys
from qa_bot.cli import main
main(["ask", "When was Shusha taken?", "--citations", "1"], standalone_mode=False)
"""
SERVE = """
import sys
from fastapi.testclient import TestClient
from qa_bot.bot import QaBot
from qa_bot.service import create_app
from qa_bot.settings import Settings
with TestClient(create_app(QaBot.load(Settings().index))) as client:
    answer = client.post("/v1/answer", json={"question": "When was Shusha taken?"}).json()
    print(*(shown["quote"] for shown in answer["citations"] + answer["closest"]))
"""
REPORT = """
import json, pathlib, sys
peak = [line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
found = {"modules": sorted(sys.modules), "peak_mb": int(peak[0].split()[1]) / 1024}
print(json.dumps(found), file=sys.stderr)
"""
SCRIPT = """
import atexit
def report():
{report}
atexit.register(report)
{script}
"""


def loaded_by(script, index_folder):
    """Standard output of a script run against an index, its modules at the end, and its peak memory in MB."""
    report = "".join(f"    {line}\n" for line in REPORT.strip().splitlines())
    environment = {**os.environ, "QA_BOT_INDEX": str(index_folder)}
    code = SCRIPT.format(report=report, script=script)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    found = json.loads(done.stderr.splitlines()[-1])
    return done.stdout, set(found["modules"]), found["peak_mb"]


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("script", [ASK, SERVE], ids=["ask", "serve"])
def test_answering_loads_no_training_library_and_little_memory(script, index_folder):
    printed, modules, peak = loaded_by(script, index_folder)
    assert "8 November" in printed
    assert modules.isdisjoint(HEAVY)
    assert "onnxruntime" in modules
    assert peak < MEMORY_MB


def test_importing_the_package_loads_nothing_of_weight():
    code = "import sys, qa_bot; print(sorted(set(sys.modules) & {'numpy', 'onnxruntime', 'faiss', 'pydantic'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
