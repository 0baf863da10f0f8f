"""One score from the stages' scores: a weighted mean, each stage on its own scale from 0 to 1.

Score fusion and not rank fusion: how much better the first is than the second is worth knowing (Bruch et al., 2023,
arXiv:2210.11934). The weights were chosen by cross-validation (`python -m bench.search --tune`, bench/LOG.md).
Knows nothing of products or queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from retrieval.recall import Scores

WEIGHTS: Mapping[str, float] = MappingProxyType({"keywords": 0.02, "coverage": 1.0, "meaning": 2.0})
"""Keywords beside coverage break ties, which is what is left for them where there are no vectors."""

OPEN_ENDED = frozenset({"keywords"})
"""BM25 has no upper end and is divided by its best; coverage and cosine are on 0..1 as they are."""


def fuse(stages: Mapping[str, Scores], weights: Mapping[str, float] = WEIGHTS) -> Scores:
    """The weighted mean of the stages that spoke (at least one), 0..1 by position."""
    total = sum(weights[name] for name in stages)
    fused: Scores = np.zeros_like(next(iter(stages.values())))
    for name, scores in stages.items():
        fused += _scaled(name, scores, weights[name] / total)
    return fused


def lift(fused: Scores, met: Scores, weight: float = 0.3) -> Scores:
    """Mix in the share of soft wishes each product meets (0..1); soft wishes move, they never exclude."""
    return np.asarray((fused + weight * met) / (1 + weight), np.float32)


def _scaled(stage: str, scores: Scores, weight: float) -> Scores:
    best = float(scores.max(initial=0.0)) if stage in OPEN_ENDED else 1.0
    scaled: Scores = scores * np.float32(weight / best if best else 0.0)
    return scaled
