"""Thousands of requests made up from the OpenAPI description: no 5xx, nothing that the description does not allow.

    python benchmarks/fuzz.py --index index

Starts a server of its own with the real bot and lets schemathesis try it, with examples, edge cases, random values and
chains of calls; prints how many requests there were of each status. The exit status is 1 when the service broke its
description or there were fewer than 5,000 cases. The short form is tests/service/test_schema.py, and hostile requests
that are not even HTTP are in tests/service/test_hostile.py.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import httpx

from latency import serving

CASES = 5_000
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)


def main() -> None:
    """Try the service, count, and exit with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--examples", type=int, default=500, help="random cases for each operation")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with serving(asked.index) as address, tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.ndjson"
        broken = tried(f"{address}/openapi.json", asked.examples, asked.seed, events)
        statuses, failed = counted(events)
        alive = httpx.post(f"{address}/v1/answer", json={"question": "When was Shusha taken?"}).status_code == 200
    cases = sum(statuses.values())
    print(f"{cases:,} cases, by status: {dict(sorted(statuses.items()))}; failed checks: {failed}; lives: {alive}")
    sys.exit(1 if broken or failed or not alive or cases < CASES else 0)


def tried(description: str, examples: int, seed: int, events: Path) -> int:
    """The exit status of schemathesis, which tells what it finds and writes down every request."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", description, "--checks", CHECKS]
    report = ["--report", "ndjson", "--report-ndjson-path", str(events)]
    chosen = ["--max-examples", str(examples), "--seed", str(seed), "--suppress-health-check", "all"]
    return subprocess.run([*command, *report, *chosen], check=False).returncode


def counted(events: Path) -> tuple[Counter[int], int]:
    """How many responses there were of each status, and how many checks failed."""
    statuses, failed = Counter[int](), 0
    for line in events.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder") or {}
        responses = [exchange["response"] for exchange in recorder.get("interactions", {}).values()]
        statuses.update(int(response["status_code"]) for response in responses if response)
        checks = [check for of_case in recorder.get("checks", {}).values() for check in of_case]
        failed += sum(check["status"] == "failure" for check in checks)
    return statuses, failed


if __name__ == "__main__":
    main()
