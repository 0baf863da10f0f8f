"""What every benchmark says of itself: the one JSON line it ends in, and the shops it measures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from aisle.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def report(bench: str, data: str, seed: int | None, figures: Mapping[str, object]) -> None:
    """Print the line of JSON that a bench ends in."""
    head = {"bench": bench, "commit": commit(), "data": data, "seed": seed, "hardware": hardware()}
    print(json.dumps(head | dict(figures)))


def quantile(values: Iterable[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank below); 0 of none."""
    ordered = sorted(values) or [0.0]
    return ordered[int(share * (len(ordered) - 1))]


def commit() -> str:
    """The checkout measured, "-dirty" behind it when it holds uncommitted work."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def hardware() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def shop_db(name: str) -> Path:
    """The catalogue of a measuring shop, imported with embeddings once and kept in the cache."""
    from chatbot.scripts.shops import Shops
    from retrieval.embedder import PackagedEncoder

    settings = Settings.read()
    return Shops(settings.shared / "data" / "shops", settings.cache, PackagedEncoder()).database(name)
