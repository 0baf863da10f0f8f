"""What a message names and no phrase book holds: products by words of their titles, model numbers, unknown names.

Knows titles and how often words occur in the shop; knows nothing of the dialogue.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.track.book import Mention, Reading
from chatbot.track.pieces import Piece, function_words, function_zh, plain_words
from chatbot.track.spans import Span
from chatbot.track.titles import Titles

RARE = 12  # titles at most that a word may stand in to name a product by itself
SHARE = 0.1  # of all titles, where the shop is small


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of content words that nothing in the phrase book explains."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> str:
        return _written(self.pieces)


def gaps_of(parts: Sequence[Piece], taken: Sequence[Span], lower: str) -> tuple[Gap, ...]:
    """The content words outside the taken stretches, neighbours together; a function word or a sign ends a run."""
    filler = [Span(m.start(), m.end()) for m in function_zh().finditer(lower)]
    begins = [span.start for span in filler]
    known = bytearray(len(lower))  # by character: a long message is gone through once, not once for each stretch
    for span in taken:
        known[span.start : span.end] = b"\1" * len(known[span.start : span.end])
    runs: list[list[Piece]] = []
    last_end = -9
    for piece in parts:
        blocked = any(known[piece.start : piece.end])
        before = bisect_right(begins, piece.start)  # no two overlap: only the last to begin can cover it
        empty = piece.cjk and before and filler[before - 1].covers(piece.start, piece.end)
        if blocked or empty or (not piece.cjk and piece.text in function_words()):
            continue
        between = lower[last_end : piece.start] if last_end >= 0 else "|"
        if runs and between.strip(" -'!&/.") == "" and last_end <= piece.start:
            runs[-1].append(piece)
        else:
            runs.append([piece])
        last_end = piece.end
    return tuple(Gap(r[0].start, r[-1].end, tuple(r)) for r in runs)


class Names:
    """Finds products by name among the words that nothing else explains."""

    def __init__(self, titles: Titles, count: int) -> None:
        self._titles = titles
        self._rare = max(RARE, int(count * SHARE)) if count < 500 else RARE

    def products(self, gaps: Sequence[Gap], ids: Sequence[str], helpers: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Mentions of products: the words of a gap that stand together in few titles.

        `helpers`: words next to it that a brand or another value already took (the Cable of "6660 Cable").
        """
        found = []
        for gap in gaps:
            for words, pieces in self._tellings(gap):
                positions = self._titles.having(words)
                narrowed = self._narrowed(words, helpers) if len(positions) > 1 else positions
                positions = narrowed or positions
                if 0 < len(positions) <= self._rare:
                    reading = Reading("product", "title", tuple(ids[p] for p in positions), " ".join(words))
                    found.append(Mention(pieces[0].start, pieces[-1].end, _written(pieces), (reading,)))
        return tuple(found)

    def _narrowed(self, words: list[str], helpers: Sequence[str]) -> list[int]:
        kept = list(words)
        for helper in helpers:
            if self._titles.having([*kept, helper]):
                kept.append(helper)
        return self._titles.having(kept)

    def _tellings(self, gap: Gap) -> list[tuple[list[str], list[Piece]]]:
        """The telling words of a gap: model numbers and rare title words, Chinese runs by their longest known part."""
        latin = [p for p in gap.pieces if not p.cjk and self._telling(p)]
        runs = _chinese_runs(gap.pieces)
        told: list[tuple[list[str], list[Piece]]] = []
        chinese = [part for run in runs if (part := self._longest_known(run))]
        pieces = sorted([*latin, *(p for part in chinese for p in part)], key=lambda p: p.start)
        if pieces:
            words = [p.key for p in latin] + ["".join(p.text for p in part) for part in chinese]
            if self._titles.having(words):
                told.append((words, pieces))
            else:
                told.extend(([w], [p]) for w, p in zip((p.key for p in latin), latin, strict=True))
                told.extend((["".join(p.text for p in part)], list(part)) for part in chinese)
        return told

    def _telling(self, piece: Piece) -> bool:
        if piece.key in plain_words() or piece.text in plain_words():
            return False
        digits = any(c.isdigit() for c in piece.key)
        if digits and piece.key.isdigit() and len(piece.key) < 3:
            return False
        return 0 < self._titles.count(piece.key) <= (self._rare if not digits else 4 * self._rare)

    def _longest_known(self, run: Sequence[Piece]) -> tuple[Piece, ...] | None:
        parts = self._parts(run)
        for size in range(min(max(map(len, parts), default=0), self._titles.longest), 1, -1):
            for part in parts:
                for at in range(len(part) - size + 1):
                    text = "".join(p.text for p in part[at : at + size])
                    if 0 < self._titles.count(text) <= self._rare:
                        return tuple(part[at : at + size])
        return None

    def _parts(self, run: Sequence[Piece]) -> list[list[Piece]]:
        """A run cut where two characters stand together in no title: no name reaches over that, and a long message of
        hostile make has no end of parts to look up."""
        parts: list[list[Piece]] = []
        for piece in run:
            if parts and parts[-1][-1].text[-1:] + piece.text[:1] in self._titles:
                parts[-1].append(piece)
            else:
                parts.append([piece])
        return parts


def _chinese_runs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    runs: list[list[Piece]] = []
    for piece in pieces:
        if not piece.cjk:
            continue
        if runs and runs[-1][-1].end == piece.start:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _written(pieces: Sequence[Piece]) -> str:
    text = ""
    for piece in pieces:
        text += ("" if piece.cjk or not text else " ") + (piece.text if piece.cjk else piece.key)
    return text
