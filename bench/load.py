"""Many shoppers at once: how many turns a second one server answers, how soon each begins, what is refused when it is too much.

    python -m bench.load [--seconds 180] [--chats 50] [--pause 2]

A real server (`aisle serve`, a process of its own) over the demo shop with embedded answers; this process is the
shoppers. Each opens a session and goes through the scripted dialogues of tests/dialogues in English and Chinese, reads
each answer (a stream) for `pause` seconds, half to one and a half times that, and asks the next. First so many chats for
the whole time, then twice and four times as many for a quarter of it each. Whoever is refused waits for as long as
`Retry-After` says. Ends in one JSON line: turns a second, seconds to the first event, the server's CPU a turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.common import ROOT, quantile, report

SEED = 6
SITE = "[limits]\naddress = 0  # one machine plays all shoppers\n"
START_S = 120.0
REPLY_S = 30.0


def messages() -> list[list[str]]:
    """The shopper's words of every dialogue over the demo shop."""
    import yaml

    found = []
    for file in sorted((ROOT / "tests/dialogues").glob("*.dialogue.yaml")):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            said = [turn["user"] for turn in document["turns"] if "user" in turn]
            if document.get("shop") == "demo" and len(said) == len(document["turns"]):
                found.append(said)
    return found


@dataclass
class Tally:
    """What came of a phase. Times in seconds."""

    turns: int = 0
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refusal: list[float] = field(default_factory=list)


@dataclass
class Answer:
    """One response as a shopper's page sees it."""

    status: int
    headers: dict[str, str]
    body: bytes
    first: float
    whole: float


class Page:
    """One shopper's connection: plain HTTP/1.1, so that the shoppers cost little beside the server they measure."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: object, token: str = "") -> Answer:
        """Send and read the whole answer; `first`: until its first piece of body."""
        payload = json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Accept: text/event-stream\r\nContent-Length: {len(payload)}\r\n"
        )
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        begun = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._streams
        writer.write(head.encode() + b"\r\n" + payload)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        parts = [part async for part in self._body(reader, headers)] if "transfer-encoding" in headers else []
        first = parts[0][0] - begun if parts else time.perf_counter() - begun
        if not parts:
            parts = [(first, await reader.readexactly(int(headers.get("content-length", 0))))]
        if headers.get("connection") == "close":
            self.close()
        whole = time.perf_counter() - begun
        return Answer(int(lines[0].split()[1]), headers, b"".join(part for _, part in parts), first, whole)

    async def _body(self, reader: asyncio.StreamReader, headers: dict[str, str]):  # type: ignore[no-untyped-def]
        while size := int(await reader.readuntil(b"\r\n"), 16):
            yield time.perf_counter(), (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def shopper(port: int, scripts: list[list[str]], pause: float, until: float, tally: Tally, seed: int) -> None:
    """One who comes back with another dialogue as long as there is time."""
    chance = random.Random(seed)
    page = Page(port)
    await asyncio.sleep(chance.uniform(0, pause))
    while time.perf_counter() < until:
        try:
            await _dialogue(page, chance.choice(scripts), chance, pause, until, tally)
        except (OSError, asyncio.IncompleteReadError, ValueError, KeyError, TimeoutError) as error:
            tally.errors[type(error).__name__] += 1
            page.close()
            await asyncio.sleep(pause)
    page.close()


async def _dialogue(
    page: Page, said: list[str], chance: random.Random, pause: float, until: float, tally: Tally
) -> None:
    opened = await asyncio.wait_for(page.ask("POST", "/v1/sessions", {"locale": "en"}), REPLY_S)
    if opened.status != 201:
        tally.errors[f"sessions {opened.status}"] += 1
        await asyncio.sleep(pause)
        return
    token = json.loads(opened.body)["token"]
    for number, text in enumerate(said):
        while time.perf_counter() < until:
            sent = {"text": text, "message_id": f"m{number}"}
            answer = await asyncio.wait_for(page.ask("POST", "/v1/chat", sent, token), REPLY_S)
            if answer.status in (429, 503):
                tally.refused += 1
                tally.refusal.append(answer.whole)
                await asyncio.sleep(int(answer.headers["retry-after"]) * chance.uniform(1, 1.5))
                continue
            if answer.status != 200 or b"event: turn.end" not in answer.body:
                tally.errors[f"chat {answer.status}"] += 1
            else:
                tally.turns += 1
                tally.first.append(answer.first)
                tally.whole.append(answer.whole)
            await asyncio.sleep(min(pause * chance.uniform(0.5, 1.5), max(0.0, until - time.perf_counter())))
            break


async def phase(port: int, chats: int, seconds: float, pause: float) -> Tally:
    """So many shoppers for so long."""
    tally, scripts, until = Tally(), messages(), time.perf_counter() + seconds
    await asyncio.gather(*(shopper(port, scripts, pause, until, tally, SEED * 1_000 + n) for n in range(chats)))
    return tally


def measured(server: subprocess.Popen[bytes], port: int, chats: int, seconds: float, pause: float) -> dict[str, object]:
    """A phase and its figures."""
    cpu, begun = _cpu_s(server.pid), time.perf_counter()
    tally = asyncio.run(phase(port, chats, seconds, pause))
    took, cpu = time.perf_counter() - begun, _cpu_s(server.pid) - cpu
    figures = {
        "chats": chats,
        "seconds": round(took, 1),
        "turns": tally.turns,
        "turns_per_s": round(tally.turns / took, 1),
        "first_p50_ms": round(1000 * quantile(tally.first, 0.5)),
        "first_p95_ms": round(1000 * quantile(tally.first, 0.95)),
        "whole_p95_ms": round(1000 * quantile(tally.whole, 0.95)),
        "cpu_ms_per_turn": round(1000 * cpu / max(1, tally.turns), 1),
        "cpu_share": round(cpu / took, 2),
        "refused": tally.refused,
        "refusal_p95_ms": round(1000 * quantile(tally.refusal, 0.95)),
        "refusal_max_ms": round(1000 * quantile(tally.refusal, 1)),
        "errors": dict(tally.errors),
    }
    print("  ".join(f"{name} {value}" for name, value in figures.items()), file=sys.stderr)
    return figures


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used, its own and the system's for it."""
    after = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The demo shop imported and served by a process of its own, ready to answer."""
    from catalog.demo import FEED

    aisle = [sys.executable, "-m", "aisle"]
    db, site = folder / "demo.db", folder / "site.toml"
    site.write_text(SITE, encoding="utf-8")
    subprocess.run([*aisle, "import", str(FEED), "--db", str(db)], check=True, cwd=ROOT, capture_output=True)
    port = _free_port()
    given = ["--db", db, "--people", folder / "people.db", "--site", site, "--port", port]
    server = subprocess.Popen([*aisle, "serve", *map(str, given)], cwd=ROOT)
    try:
        _until_ready(port)
        asyncio.run(phase(port, 4, 10, 0.1))  # every path once
        yield server, port
    finally:
        server.terminate()
        server.wait(30)


def _until_ready(port: int) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            if asyncio.run(Page(port).ask("GET", "/readyz", {})).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not get ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--pause", type=float, default=2.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (server, port):
        usual = measured(server, port, options.chats, options.seconds, options.pause)
        double = measured(server, port, 2 * options.chats, options.seconds / 4, options.pause)
        flood = measured(server, port, 4 * options.chats, options.seconds / 4, options.pause)
    rates = [float(str(found["turns_per_s"])) for found in (usual, double, flood)]
    figures = {"usual": usual, "double": double, "flood": flood, "kept": round(rates[2] / max(rates), 2)}
    report("load", data="demo shop, tests/dialogues", seed=SEED, figures=figures)


if __name__ == "__main__":
    main()
