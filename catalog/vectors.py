"""The vectors of a catalogue: those of texts that were embedded before are taken over, only new texts are encoded.

Knows no SQL and no model.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.old import Old

_BATCH = 256


class Embed(Protocol):
    """Turns texts into unit vectors. `id` names the encoder: vectors of another are made anew."""

    @property
    def id(self) -> str: ...

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def vectors_of(
    texts: Sequence[str], hashes: Sequence[str], old: Old, embed: Embed | None, tell: Callable[[int, int], None]
) -> tuple[NDArray[np.float16], int]:
    """(vectors by position, how many were made now).

    Without an encoder a new text gets a vector of zeros, which is like nothing, until an import with one fills it in.
    """
    known: dict[str, int] = {}
    if old.vectors is not None:
        made = np.asarray(old.vectors.any(axis=1))
        known = {hash: place for place, hash in enumerate(old.text_hashes) if made[place]}
    new: defaultdict[str, list[int]] = defaultdict(list)
    for place, hash in enumerate(hashes):
        if hash not in known:
            new[hash].append(place)
    vectors = np.zeros((len(texts), 0 if old.vectors is None else old.vectors.shape[1]), np.float16)
    if old.vectors is not None:
        kept = [place for place, hash in enumerate(hashes) if hash in known]
        vectors[kept] = old.vectors[[known[hashes[place]] for place in kept]]
    return _embedded(vectors, texts, list(new.values()), embed, tell) if embed else (vectors, 0)


def _embedded(
    vectors: NDArray[np.float16],
    texts: Sequence[str],
    new: list[list[int]],
    embed: Embed,
    tell: Callable[[int, int], None],
) -> tuple[NDArray[np.float16], int]:
    """Fill in the places of each new text; texts of one length go together, which wastes nothing on padding."""
    new.sort(key=lambda places: len(texts[places[0]]))
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        made = embed([texts[places[0]] for places in batch])
        if not vectors.shape[1]:
            vectors = np.zeros((len(texts), made.shape[1]), np.float16)
        for places, vector in zip(batch, made, strict=True):
            vectors[places] = vector
        tell(min(start + _BATCH, len(new)), len(new))
    return vectors, len(new)


def store_vectors(folder: Path, vectors: NDArray[np.float16], embedder: str) -> str:
    """The name of the file, by its content."""
    name = f"vectors-{hashlib.sha256(vectors.tobytes() + embedder.encode()).hexdigest()[:16]}.npy"
    staged = folder / f"staging-{os.getpid()}.npy"
    with staged.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(folder / name)
    return name
