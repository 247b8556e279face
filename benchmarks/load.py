"""Throughput and latency of a running service at several numbers of clients, and what it does beyond its capacity.

    python benchmarks/load.py http://127.0.0.1:8000 --seconds 20

First so many clients each ask, wait for the answer and ask again (closed loop), over one kept connection; a refused
request (429, 503) is followed by a pause of a quarter of a second. Then requests arrive at random, four times as many
as were answered at best, whether or not earlier ones are answered (open loop). Then one client again. Under overload
the service must refuse, keep the p95 of what it answers under three times that of a single client, and recover: the
last line says so, and the exit status is 1 when it did not.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PAUSE_S = 0.25  # of a refused client of the closed loop
OVER = 4  # times the capacity
BOUND = 3  # times the unloaded p95
CALM_S = 3.0  # between the overload and the measurement of recovery
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

    name: str
    seconds: float
    accepted_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.accepted_ms) / self.seconds

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the accepted requests was answered."""
        ordered = sorted(self.accepted_ms) or [float("nan")]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __str__(self) -> str:
        quantiles = "  ".join(f"{self.quantile(share):7.1f}" for share in (0.5, 0.95, 0.99))
        return f"{self.name:22}  {self.rate:10.1f}  {quantiles}  {dict(sorted(self.statuses.items()))}"


class Asker:
    """Asks over kept connections, one request at a time on each; opens another when none is idle."""

    def __init__(self, url: str, key: str | None) -> None:
        self._place = urlsplit(url)
        self._key = f"Authorization: Bearer {key}\r\n" if key else ""
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, number: int, tally: Tally) -> bool:
        """Ask one question, note the outcome, and say whether it was accepted."""
        started = time.perf_counter()
        connection = self._idle.pop() if self._idle else await self._connect()
        try:
            status = await self._exchange(*connection, QUESTIONS[number % len(QUESTIONS)])
        except (OSError, asyncio.IncompleteReadError):
            connection[1].close()
            status = 0
        else:
            self._idle.append(connection)
        tally.statuses[status] += 1
        if status == 200:
            tally.accepted_ms.append((time.perf_counter() - started) * 1_000)
        return status == 200

    def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._place.hostname, self._place.port)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> int:
        body = json.dumps({"question": question})
        head = f"POST /v1/answer HTTP/1.1\r\nHost: {self._place.netloc}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}{self._key}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(headers.split("content-length: ")[1].split("\r\n")[0]))
        return int(headers.split()[1])


async def closed_loop(asker: Asker, clients: int, seconds: float) -> Tally:
    """So many clients, each waiting for its answer before it asks again."""
    tally = Tally(f"{clients} client{'s' * (clients > 1)}", seconds)
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        while time.perf_counter() < end:
            if not await asker.ask(number, tally):
                await asyncio.sleep(PAUSE_S)
            number += 1

    await asyncio.gather(*(client(number) for number in range(clients)))
    return tally


async def open_loop(asker: Asker, rate: float, seconds: float) -> Tally:
    """Requests that arrive at random, so many a second on average."""
    tally = Tally(f"{rate:.0f} requests a second", seconds)
    chance, due, number = random.Random(7), time.perf_counter(), 0
    end, asking = due + seconds, set[asyncio.Task[bool]]()
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(asker.ask(number, tally))
        asking.add(task)
        task.add_done_callback(asking.discard)
        due, number = due + chance.expovariate(rate), number + 1
    await asyncio.gather(*asking)
    return tally


async def measure(url: str, clients: list[int], seconds: float, key: str | None) -> int:
    """Print one line for each phase and the verdict; 0 when the service kept its promise under overload."""
    asker = Asker(url, key)
    await closed_loop(asker, 1, min(3.0, seconds))  # the first answers are slower
    print(f"{'':22}  answered/s   p50 ms   p95 ms   p99 ms  statuses")
    phases = {}
    for number in clients:
        phases[number] = await closed_loop(asker, number, seconds)
        print(phases[number], flush=True)
    quiet, capacity = phases[min(clients)], max(phase.rate for phase in phases.values())
    crowd = await open_loop(asker, OVER * capacity, seconds)
    print(crowd, flush=True)
    await asyncio.sleep(CALM_S)
    after = await closed_loop(asker, 1, seconds)
    after.name = "1 client, afterwards"
    print(after)
    asker.close()
    ratio, recovered = (phase.quantile(0.95) / quiet.quantile(0.95) for phase in (crowd, after))
    refused = sum(crowd.statuses[status] for status in (429, 503))
    kept = ratio < BOUND and recovered < 1.5 and set(after.statuses) == {200} and set(crowd.statuses) <= {200, 429, 503}
    print(
        f"at {OVER} times the capacity: {refused} refused, p95 {ratio:.2f} times that of one client "
        f"(bound {BOUND}); afterwards {recovered:.2f} times: {'kept' if kept and refused else 'NOT KEPT'}"
    )
    return 0 if kept and refused else 1


def main() -> None:
    """Measure, and exit with 1 when the promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each phase")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--key", help="an API key, where the service asks for one")
    options = parser.parse_args()
    sys.exit(asyncio.run(measure(options.url, options.clients, options.seconds, options.key)))


if __name__ == "__main__":
    main()
