"""The README's examples are run as they stand: the shell's by bash, Python's by this Python, against the demo shop served."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.readme import ENGLISH, Block, sections
from tests.sources import ROOT

SERVED = "127.0.0.1:8000"
README = sections(ENGLISH.read_text(encoding="utf-8"))
EXAMPLES = {
    block.text.partition("\n")[0].removeprefix("# "): block
    for section in README
    for block in section.blocks
    if block.language in ("bash", "python")
}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}


def _conversation(said: str) -> None:
    first, _, streamed = said.partition("event: turn.start")
    turn = json.loads(first)
    prices = [card["price"] for card in turn["suggestions"]]
    assert turn["act"] == "recommend"
    assert len(prices) == 5
    assert max(prices) < 1200
    end = json.loads(streamed.rpartition("event: turn.end\ndata: ")[2])
    assert (end["turn"], end["act"]) == (2, "compare")
    assert end["table"]["items"] == [card["id"] for card in turn["suggestions"][:2]]


def _library(said: str) -> None:
    listed, _, why = said.partition("You could say")
    titles = re.findall(r"^\d\. \*\*(.+?)\*\* · (\d+\.\d\d) USD", listed, re.MULTILINE)
    assert len(titles) == 5
    assert all(float(price) < 60 and "Haldane" not in title for title, price in titles)
    assert titles[0][0].split()[0] in why


def _completion(said: str) -> None:
    message = json.loads(said)["choices"][0]["message"]
    assert message["content"].startswith(message["aisle"]["text"])
    assert message["aisle"]["suggestions"][0]["title"] in message["content"]


def _agent(said: str) -> None:
    rows = [line.split(" ", 3) for line in said.splitlines()]
    assert len(rows) == 3
    assert all(float(price) <= 300 and currency == "USD" and "Tent" in title for _, price, currency, title in rows)


def _watched(said: str) -> None:
    ready, _, counted = said.partition("}")
    assert json.loads(f"{ready}}}") == {"status": "ready", "why": []}
    assert float(counted.split()[-1]) >= 0


EXPECTED: dict[str, Callable[[str], None]] = {
    "A conversation over HTTP, whole answers and streamed": _conversation,
    "An existing client": _library,
    "The same with curl": _completion,
    "An MCP client": _agent,
    "How it is, for people and for Prometheus": _watched,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo shop imported as shop.db, and its feed as feed.jsonl."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copy(ROOT / "catalog/demo/demo.jsonl", folder / "feed.jsonl")
    assert _aisle("import", "feed.jsonl", "--db", "shop.db", folder=folder).returncode == 0
    return folder


def _aisle(*arguments: str, folder: Path, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aisle", *arguments]
    environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, input=said, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def served(shop: Path) -> Iterator[str]:
    """The demo shop served as the README says: host and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "aisle", "serve", "--db", "shop.db", "--port", str(port)]
    with (shop / "serve.log").open("w") as log:
        environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT), "AISLE_LOG": "json"}
        server = subprocess.Popen(command, cwd=shop, env=environment, stderr=log)
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_every_example_has_its_expectation() -> None:
    assert sorted(EXAMPLES) == sorted(EXPECTED)


@pytest.mark.parametrize("name", list(EXPECTED))
def test_an_example_runs_and_says_what_it_should(name: str, served: str, shop: Path) -> None:
    block: Block = EXAMPLES[name]
    if block.language == "bash" and not shutil.which("curl"):
        pytest.skip("there is no curl on this machine")
    text = block.text.replace(SERVED, served)
    command = ["bash", "-euo", "pipefail", "-c", text] if block.language == "bash" else [sys.executable, "-c", text]
    done = subprocess.run(command, cwd=shop, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    EXPECTED[name](done.stdout)


def test_the_log_of_all_that_tells_nothing_of_it(served: str, shop: Path) -> None:
    lines = [json.loads(line) for line in (shop / "serve.log").read_text(encoding="utf-8").splitlines()]
    routes = {(line["route"], line["status"]) for line in lines if line["event"] == "request"}
    turned = {("/v1/chat", 200), ("/v1/chat/completions", 200)}
    assert {("/v1/sessions", 201), ("/mcp", 200), ("/readyz", 200)} | turned <= routes
    assert all(line["acts"] and len(line["session"]) == 8 for line in lines if (line.get("route"), 200) in turned)
    written = json.dumps(lines[1:])  # the first says where it listens
    assert [said for said in ("laptop", "Haldane", "tent", "127.0.0.1", "Bearer", "eyJ") if said in written] == []


def test_the_chat_in_the_terminal_says_what_the_readme_shows(shop: Path) -> None:
    (shown,) = (b.text for s in README for b in s.blocks if b.language == "console" and "aisle chat" in b.text)
    command, _, answer = shown.partition("\n")
    said = re.fullmatch(r'\$ echo "(.+)" \| \.venv/bin/aisle chat --db shop\.db', command)
    assert said is not None
    assert _aisle("chat", "--db", "shop.db", folder=shop, said=said[1]).stdout == answer


def test_the_commands_for_one_s_own_shop_run(shop: Path) -> None:
    (shown,) = (b.text for s in README for b in s.blocks if "aisle import feed.jsonl" in b.text)
    again, inspected, serve = (line.removeprefix("$ aisle ").split() for line in shown.splitlines())
    assert "unchanged 300" in _aisle(*again, folder=shop).stdout
    assert _aisle(*inspected, folder=shop).stdout.startswith("shop: 300 products, USD, en")
    assert serve == ["serve", "--db", "shop.db"]  # the other tests here serve it


def test_the_prompts_can_be_printed_as_shown(shop: Path) -> None:
    (shown,) = (b.text for s in README for b in s.blocks if "aisle prompts render" in b.text)
    for line in shown.splitlines():
        arguments = [quoted or bare for quoted, bare in re.findall(r'"([^"]+)"|(\S+)', line)][1:]
        done = _aisle(*arguments, folder=shop)
        assert done.returncode == 0, done.stderr
        assert "desk lamp" in done.stdout
