"""Throughput and latency of a running service at several numbers of clients, and what it does beyond its capacity.

    python benchmarks/load.py http://127.0.0.1:8000 --seconds 20

Each client asks, waits for the answer and asks again (closed loop), over one kept connection. A refused request (429,
503) is followed by a pause of a quarter of a second.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PAUSE_S = 0.25  # after a refusal: 64 clients then ask about 250 times a second, four times what two cores answer
QUESTIONS = (
    "When was Shusha taken?",
    "how many drones were shot down",
    "Who signed the statement of 10 November?",
    "what did Erdogan say",
    "Which villages were hit by missiles?",
    "what is the capital of Peru",
)


@dataclass
class Tally:
    """What one run saw: milliseconds of the accepted requests, and how many there were of each status."""

    accepted_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the accepted requests was answered."""
        ordered = sorted(self.accepted_ms) or [float("nan")]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def run(url: str, clients: int, seconds: float) -> Tally:
    """Let so many clients ask for so long."""
    tally = Tally()
    end = time.perf_counter() + seconds
    await asyncio.gather(*(_client(url, number, end, tally) for number in range(clients)))
    return tally


async def _client(url: str, number: int, end: float, tally: Tally) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    while time.perf_counter() < end:
        question = QUESTIONS[number % len(QUESTIONS)]
        number += 1
        started = time.perf_counter()
        status = await _ask(reader, writer, f"{place.hostname}:{place.port}", question)
        tally.statuses[status] += 1
        if status == 200:
            tally.accepted_ms.append((time.perf_counter() - started) * 1_000)
        else:
            await asyncio.sleep(PAUSE_S)
    writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, question: str) -> int:
    body = json.dumps({"question": question}).encode()
    headers_out = (f"Host: {host}", "Content-Type: application/json", f"Content-Length: {len(body)}")
    head = "\r\n".join(("POST /v1/answer HTTP/1.1", *headers_out, "", ""))
    writer.write(head.encode() + body)
    headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    await reader.readexactly(int(headers.split("content-length: ")[1].split("\r\n")[0]))
    return int(headers.split()[1])


def main() -> None:
    """Print one line for each number of clients."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64, 256, 1])
    options = parser.parse_args()
    asyncio.run(run(options.url, 1, 1.0))
    print("clients  accepted/s  p50 ms  p95 ms  p99 ms  statuses")
    for clients in options.clients:
        tally = asyncio.run(run(options.url, clients, options.seconds))
        rate = len(tally.accepted_ms) / options.seconds
        quantiles = "  ".join(f"{tally.quantile(share):6.1f}" for share in (0.5, 0.95, 0.99))
        print(f"{clients:7}  {rate:10.1f}  {quantiles}  {dict(sorted(tally.statuses.items()))}")


if __name__ == "__main__":
    main()
