"""An open page without a browser: its events go to Gradio's queue, and what comes back is read from its stream."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

KEPT = {"resume": None, "language": "en"}


@dataclass
class Tab:
    """One open page at a server. `kept`: what its browser keeps."""

    client: httpx.Client
    name: str = "tab"
    kept: Any = field(default_factory=lambda: dict(KEPT))

    def event(self, target: str, event: str) -> dict[str, Any]:
        """What the page's configuration says of an event of one of its parts, by the part's id."""
        config = self.client.get("/config").json()
        parts = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
        for found in config["dependencies"]:
            if any(parts.get(id, "") == target and name == event for id, name in found["targets"]):
                return dict(found)
        raise LookupError(f"{target} {event}")

    def join(self, what: dict[str, Any], *data: object, **told: object) -> httpx.Response:
        """Something happens on the page."""
        body = {"fn_index": what["id"], "data": [*data, self.kept], "session_hash": self.name}
        body |= {"event_data": told or None, "trigger_id": what["targets"][0][0]}
        return self.client.post("/gradio_api/queue/join", json=body)

    def read(self) -> Generator[dict[str, Any]]:
        """What comes for this page until all of its events have ended."""
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.name}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    message = json.loads(line.removeprefix("data: "))
                    if message["msg"] == "close_stream":
                        return
                    yield message


@contextmanager
def browsing(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client
