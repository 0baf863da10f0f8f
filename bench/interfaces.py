"""What the open interfaces cost: CPU milliseconds of a call, in process, over the demo shop. Ends in one JSON line.

    python -m bench.interfaces

A dialogue of sixty messages as OpenAI's clients send it: replayed from nothing, and gone on with; one turn of /v1/chat
beside it; one search over MCP. CPU time of the whole process, client and server together, so that other work on the
machine counts little.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from bench.common import report
from catalog.demo import FEED
from catalog.ingest import import_feeds
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app, warm_up
from retrieval.embedder import PackagedEncoder

SAID = (
    "a laptop under 1200", "16 GB or more", "not Novaris", "compare the first two", "cheaper", "others",
    "why the first one?", "also a backpack", "in black", "undo",
)  # fmt: skip
TURNS = 60
TIMES = 30
SEARCH = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "search_catalog", "arguments": {"query": "wireless headphones", "filters": ["price <= 60"]}},
}


def main() -> None:
    """Measure each kind of call, tell its median and worst."""
    with tempfile.TemporaryDirectory() as made:
        db = Path(made) / "shop.db"
        import_feeds([FEED], db, embed=PackagedEncoder())
        app = create_app(Chatbot.open(db), People.open(Path(made) / "people.db"), WebSettings(page=False))
        warm_up(app)
        with TestClient(app) as client:
            measured = _measured(client)
    for name, (median, worst) in measured.items():
        print(f"{name:44} median {median:7.1f} ms · worst {worst:7.1f} ms")
    report("interfaces", "demo", 6, {name: median for name, (median, _) in measured.items()})


def _measured(client: TestClient) -> dict[str, tuple[float, float]]:
    token = client.post("/v1/sessions").json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    dialogue = [
        m for n in range(TURNS - 1) for m in (_message("user", SAID[n % 10]), _message("assistant", f"... {n}"))
    ]
    last = _message("user", "black")
    fresh = iter(range(TIMES))

    def replayed() -> None:
        _completed(client, [_message("user", f"a bag {next(fresh)}"), *dialogue[2:], last])

    return {
        f"a dialogue of {TURNS}, replayed": _cost(replayed, 5),
        f"a dialogue of {TURNS}, gone on with": _cost(lambda: _completed(client, [*dialogue, last])),
        "a dialogue of 1": _cost(lambda: _completed(client, [last])),
        "a turn of /v1/chat": _cost(lambda: client.post("/v1/chat", json={"text": "black"}, headers=headers)),
        "search_catalog": _cost(lambda: client.post("/mcp", json=SEARCH, headers={"Accept": "application/json"})),
    }


def _message(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def _completed(client: TestClient, messages: list[dict[str, str]]) -> None:
    answer: Any = client.post("/v1/chat/completions", json={"messages": messages})
    assert answer.status_code == 200, answer.text


def _cost(call: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """Median and worst CPU milliseconds; the first call is not counted."""
    call()
    taken = []
    for _ in range(times):
        begun = time.process_time()
        call()
        taken.append((time.process_time() - begun) * 1000)
    return round(statistics.median(taken), 1), round(max(taken), 1)


if __name__ == "__main__":
    main()
