"""How well a catalogue is read: what kind of thing each product is, and what its texts say of it.

    python -m bench.catalogue [--only PART] [--by-kind] [--labels test|dev]

Kinds are measured on the electronics shop against 300 products labelled by hand (bench/labels), beside three baselines in
the same run; attributes on public sets of titles with their values. Prints tables and ends with one JSON line.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from bench.catalogue_attributes import attributes
from bench.catalogue_kinds import LABELS, kinds
from bench.catalogue_standard import standard
from bench.common import report
from bench.labels.draw import DEV_SEED, SEED

PARTS: Mapping[str, Callable[[argparse.Namespace], dict[str, object]]] = {
    "kinds": kinds,
    "attributes": attributes,
    "standard": standard,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=tuple(PARTS), help="one part instead of all")
    parser.add_argument("--by-kind", action="store_true", help="print every labelled kind with how many were found")
    parser.add_argument("--labels", choices=tuple(LABELS), default="test", help="kinds: dev is the sample to mend by")
    parser.add_argument("--file", help="attributes: another set of titles, JSON lines")
    parser.add_argument("--train", help="attributes: learn from this file instead of from the other folds")
    parser.add_argument("--write", action="store_true", help="standard: keep what was measured for imports to go by")
    parser.add_argument("--llm", help="attributes: a model that reads, as commands take it; else scripted ones alone")
    parser.add_argument("--titles", type=int, help="attributes: so many titles of a set, drawn evenly; all by default")
    parser.add_argument("--shown", type=int, default=2, help="attributes: worked examples that a model is shown")
    options = parser.parse_args()
    wanted = [options.only] if options.only else list(PARTS)
    figures: dict[str, object] = {name: PARTS[name](options) for name in wanted}
    report("catalogue", "electronics.jsonl, oa-mine, ae-110k", SEED if options.labels == "test" else DEV_SEED, figures)


if __name__ == "__main__":
    main()
