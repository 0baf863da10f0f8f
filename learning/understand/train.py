"""Trains the act head of chatbot/track/heads.py and writes its weights; a table of how it does on what it did not see.

    python -m learning.understand.train DATA              # a folder with the corpora; writes the package's weights
    python -m learning.understand.train DATA --dry-run    # the table alone

Corpora: corpora.py. At most MOST examples of a corpus for an act, own utterances weigh OWN times as much. A fifth of the
groups (dialogues, templates) is held out for the table; the weights written are fitted on the rest alone, so that the
table is theirs. Seeded, and the same bytes every time on one machine.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.track.heads import WEIGHTS
from chatbot.types import UserAct
from learning.understand.corpora import Example, examples
from learning.understand.fit import Floats, Ints, fit, softmax
from retrieval.embedder import PackagedEncoder

MOST = 400
OWN = 3.0
DECAY = 1e-4
SCALE = 4.0  # of unit vectors, for a penalty that bears on all classes alike
HELD = 5  # one group in so many


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="write no weights")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chosen = _thinned(examples(options.data, options.seed))
    acts = sorted({e.act for e in chosen})
    encoder = PackagedEncoder()
    vectors = np.float32(SCALE) * encoder.encode([e.text for e in chosen])
    labels = np.array([acts.index(e.act) for e in chosen], np.int64)
    weight = np.array([OWN if e.source == "said" else 1.0 for e in chosen], np.float32)
    held = np.array([_order(e.group) % HELD == 0 for e in chosen])
    weights, bias = fit(vectors[~held], labels[~held], weight[~held], len(acts), DECAY)
    chances = softmax((vectors @ weights + bias).astype(np.float32))
    _tell(chosen, held, labels, chances, acts)
    if not options.dry_run:
        _write(np.float32(SCALE) * weights, bias, {"acts": " ".join(acts), "encoder": encoder.id})
    return 0


def _thinned(found: Sequence[Example]) -> tuple[Example, ...]:
    """At most MOST of a corpus's examples for an act, by a hash of their words."""
    taken: Counter[tuple[str, UserAct]] = Counter()
    kept: set[int] = set()
    for i in sorted(range(len(found)), key=lambda i: _order(found[i].text)):
        kind = (found[i].source, found[i].act)
        taken[kind] += 1
        if found[i].source == "said" or taken[kind] <= MOST:
            kept.add(i)
    return tuple(found[i] for i in sorted(kept))


def _order(text: str) -> int:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16)


def _tell(
    chosen: Sequence[Example], held: NDArray[np.bool_], labels: Ints, chances: Floats, acts: Sequence[UserAct]
) -> None:
    """Accuracy by corpus and by how sure the head is, on what was held out."""
    right, sure = chances.argmax(axis=1) == labels, chances.max(axis=1)
    sources = np.array([e.source for e in chosen])
    lines = []
    for source in dict.fromkeys(sources):
        rows = held & (sources == source)
        lines.append(f"{source:<14} {rows.sum():>5} held out, accuracy {right[rows].mean():.3f}")
    for number, act in enumerate(acts):
        said, true = held & (chances.argmax(axis=1) == number), held & (labels == number)
        both = (said & true).sum()
        lines.append(f"{act:<10} precision {both / max(said.sum(), 1):.2f} recall {both / max(true.sum(), 1):.2f}")
    for least in (0.5, 0.8, 0.9):
        rows = held & (sure >= least)
        lines.append(f"surer than {least}: {rows.sum() / held.sum():.2f} of all, accuracy {right[rows].mean():.3f}")
    sys.stdout.write("\n".join(lines) + "\n")


def _write(weights: Floats, bias: Floats, about: dict[str, str], path: Path = WEIGHTS) -> None:
    from safetensors.numpy import save_file

    path.parent.mkdir(exist_ok=True)
    tensors = {"weights": np.ascontiguousarray(weights, np.float32), "bias": np.ascontiguousarray(bias, np.float32)}
    save_file(tensors, path, about)


if __name__ == "__main__":
    raise SystemExit(main())
