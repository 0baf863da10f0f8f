"""What every benchmark says of itself: the one JSON line it ends in, and the shops it measures."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

from aisle.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def report(bench: str, data: str, seed: int | None, figures: Mapping[str, object]) -> dict[str, object]:
    """The closing line of a bench, ready for json.dumps."""
    head = {"bench": bench, "commit": commit(), "data": data, "seed": seed, "hardware": hardware()}
    return head | dict(figures)


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
