"""What open streams of updates cost, and how soon a person's words reach a shopper's page.

    python -m bench.updates [--streams 300] [--words 200]

A real server (`aisle serve`, a process of its own) over the demo shop. So many shoppers wish for a person and keep their
stream open; a person takes all of them over and writes to them one after another. Ends in one JSON line: the server's
threads and memory before and with the streams, its CPU while nothing happens, milliseconds from the person's sending to
the event at the shopper's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.common import quantile, report
from bench.load import Page, serving

PASSWORD = "a password for this bench"
QUIET_S = 10.0


@dataclass
class Shopper:
    """One with a stream open. `number`: of the handoff."""

    token: str
    number: int = 0
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def listen(self, port: int) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /v1/sessions/current/updates HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        self.writer.write(head.encode())
        await self.heard(b"event: handoff")

    async def heard(self, what: bytes) -> None:
        assert self.reader is not None
        while what not in await asyncio.wait_for(self.reader.readline(), 30):
            pass


async def _json(page: Page, method: str, path: str, body: object, token: str = "") -> dict[str, Any]:
    answer = await page.ask(method, path, body, token)
    assert answer.status in (200, 201), (path, answer.status)
    return dict(json.loads(answer.body))


async def _ask_for_a_person(page: Page) -> Shopper:
    shopper = Shopper((await _json(page, "POST", "/v1/sessions", {"locale": "en"}))["token"])
    said = await page.ask("POST", "/v1/chat", {"text": "I want to talk to a person"}, shopper.token)
    assert b'"kept"' in said.body
    return shopper


async def measure(port: int, pid: int, streams: int, words: int) -> dict[str, object]:
    """The figures."""
    page = Page(port)
    person = (await _json(page, "POST", "/staff/login", {"password": PASSWORD, "name": "Mira"}))["token"]
    shoppers = []
    for number in range(1, streams + 1):
        shopper = await _ask_for_a_person(page)
        shopper.number = number
        await _json(page, "POST", f"/staff/handoffs/{number}/take", {}, person)
        shoppers.append(shopper)
    before = _threads(pid), _megabytes(pid)
    await asyncio.gather(*(shopper.listen(port) for shopper in shoppers))
    cpu, begun = _cpu_s(pid), time.perf_counter()
    await asyncio.sleep(QUIET_S)
    share = (_cpu_s(pid) - cpu) / (time.perf_counter() - begun)
    threads, memory = _threads(pid), _megabytes(pid)
    page.close()  # the server has let go of it meanwhile
    took = []
    for n in range(words):
        shopper = shoppers[n % streams]
        begun = time.perf_counter()
        said = _json(page, "POST", f"/staff/handoffs/{shopper.number}/say", {"text": f"words {n}."}, person)
        await asyncio.gather(said, shopper.heard(f'"words {n}."'.encode()))
        took.append(1_000 * (time.perf_counter() - begun))
    for shopper in shoppers:
        if shopper.writer:
            shopper.writer.close()
    page.close()
    return {
        "streams": streams,
        "threads": {"before": before[0], "with": threads},
        "megabytes": {"before": before[1], "with": memory},
        "cpu_while_quiet": round(share, 4),
        "words": words,
        "ms_p50": round(quantile(took, 0.5), 1),
        "ms_p95": round(quantile(took, 0.95), 1),
    }


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _cpu_s(pid: int) -> float:
    after = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--words", type=int, default=200)
    given = parser.parse_args()
    os.environ["AISLE_STAFF_PASSWORD"] = PASSWORD
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (server, port):
        figures = asyncio.run(measure(port, server.pid, given.streams, given.words))
    report("updates", "demo shop", None, figures)


if __name__ == "__main__":
    main()
