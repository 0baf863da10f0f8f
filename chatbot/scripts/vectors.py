"""A store of vectors by text, so that a test shop imported again embeds nothing again.

Stands before the encoder where the import asks for vectors. Knows nothing of shops or feeds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder


class RememberedEmbed:
    """The import's embedding function over an encoder that is asked only for texts it has never seen.

    Texts -> (n, d) float32 of unit length. `save` keeps what is new in `folder`.
    """

    def __init__(self, encoder: Embedder, folder: Path) -> None:
        self.id = encoder.id
        self._encoder = encoder
        self._file = folder / f"vectors-{_digest(encoder.id)[:16]}.npz"
        self._known: dict[str, NDArray[np.float32]] = _read(self._file)
        self._new = False

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [_digest(text) for text in texts]
        unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if unknown:
            vectors = self._encoder.encode(list(unknown.values()), kind="passage")
            self._known.update(zip(unknown, vectors, strict=True))
            self._new = True
        if not keys:
            return np.zeros((0, self._encoder.dim), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Write all vectors, whole or not at all."""
        if not self._new:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_name(f".{os.getpid()}-{self._file.name}")
        np.savez(scratch, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        scratch.replace(self._file)
        self._new = False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(file: Path) -> dict[str, NDArray[np.float32]]:
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
