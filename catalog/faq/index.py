"""The shop's questions and answers as retrieval reads them: their texts, a keyword index over these, their vectors.

One row a text: a passage is found by any way to ask it. Knows nothing of scores that come of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.faq.passage import Passage, is_chinese
from catalog.texts import bigrams, match_expression

Rows = Callable[[str, Sequence[object]], list[Any]]
Embedded = Mapping[str, bytes]
"""Text -> its vector as half-precision bytes."""


class Faq:
    """All passages of one generation of the catalogue; none where the shop has imported none."""

    def __init__(self, rows: Rows, embedder_id: str | None) -> None:
        """`rows`: runs a query on the catalogue's file. `embedder_id`: which encoder made the vectors."""
        self._rows = rows
        self.passages: tuple[Passage, ...] = tuple(
            Passage.from_json(document) for (document,) in rows("SELECT document FROM faq ORDER BY place", ())
        )
        found = rows("SELECT text, passage, vector FROM faq_texts ORDER BY place", ())
        self.texts: tuple[str, ...] = tuple(text for text, _, _ in found)
        self.passage_of: NDArray[np.intp] = np.array([passage for _, passage, _ in found], np.intp)
        """For each text the place of its passage."""
        self._vectors = [vector for _, _, vector in found]
        self.embedder_id = embedder_id if any(self._vectors) else None

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    @cached_property
    def vectors(self) -> NDArray[np.float16] | None:
        """Unit vectors by text, zeros where the encoder does not read its language; None without vectors."""
        made = next((v for v in self._vectors if v), None)
        if made is None:
            return None
        nothing = b"\0" * len(made)
        return np.frombuffer(b"".join(v or nothing for v in self._vectors), np.float16).reshape(len(self), -1)

    def keywords(self, text: str, limit: int) -> list[tuple[int, float]]:
        """(place of a text, BM25, higher is better), best first; any text is safe."""
        expression = match_expression(text)
        if not expression:
            return []
        found = self._rows(
            "SELECT rowid, bm25(faq_words) AS score FROM faq_words WHERE faq_words MATCH ? ORDER BY score LIMIT ?",
            (expression, limit),
        )
        return [(place - 1, -score) for place, score in found]


def write_faq(connection: sqlite3.Connection, passages: Sequence[Passage], vectors: Embedded) -> None:
    """Write all passages anew, which are few, with the vectors of their texts where there are any."""
    for table in ("faq", "faq_texts"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    connection.execute("INSERT INTO faq_words (faq_words) VALUES ('delete-all')")
    connection.executemany("INSERT INTO faq VALUES (?, ?)", ((n, p.to_json()) for n, p in enumerate(passages)))
    texts = [(number, text) for number, passage in enumerate(passages) for text in passage.texts]
    connection.executemany(
        "INSERT INTO faq_texts VALUES (?, ?, ?, ?)",
        ((place, number, text, vectors.get(text)) for place, (number, text) in enumerate(texts)),
    )
    connection.executemany(
        "INSERT INTO faq_words (rowid, text, cjk) VALUES (?, ?, ?)",
        ((place, text, " ".join(bigrams(text))) for place, (_, text) in enumerate(texts, 1)),
    )


def read_written(connection: sqlite3.Connection) -> tuple[tuple[Passage, ...], dict[str, bytes]]:
    """What `write_faq` wrote: the passages, and each text's vector."""
    passages = tuple(
        Passage.from_json(document) for (document,) in connection.execute("SELECT document FROM faq ORDER BY place")
    )
    found = connection.execute("SELECT text, vector FROM faq_texts WHERE vector IS NOT NULL")
    return passages, dict(found.fetchall())


def _readable(passages: Sequence[Passage]) -> list[str]:
    """Their texts, each once, without the Chinese ones, which the encoder cannot read."""
    return list(dict.fromkeys(text for passage in passages for text in passage.texts if not is_chinese(text)))


def lacking(passages: Sequence[Passage], known: Embedded) -> bool:
    """Does a text lack a vector that it could have?"""
    return any(text not in known for text in _readable(passages))


def vectors_of(
    passages: Sequence[Passage], known: Embedded, embed: Callable[[Sequence[str]], NDArray[np.float32]] | None
) -> tuple[dict[str, bytes], int]:
    """(each text's vector, how many were made now)."""
    texts = _readable(passages)
    vectors = {text: known[text] for text in texts if text in known}
    new = [text for text in texts if text not in known] if embed else []
    if embed and new:
        made = embed(new).astype(np.float16)
        vectors |= {text: vector.tobytes() for text, vector in zip(new, made, strict=True)}
    return vectors, len(new)
