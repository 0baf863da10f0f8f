"""A catalogue's missing attributes, read in its products' texts by a model: `aisle enrich`.

    each kind: try the model on products that state the slots -> ask about those that leave them out, of slots it reads
    right more often than wrong -> the catalogue works its values out anew

Every answer is kept as it comes (catalog/readout/told.py), by the text, the model and the prompt's words: a run that was
broken off goes on where it stopped, and a second run asks nothing. One bad answer loses one product. Writes no catalogue
itself (catalog/ingest.py does).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import BinaryIO

from catalog.derive import Derived
from catalog.ingest import Progress, reread
from catalog.lexicon import Lexicon
from catalog.old import read_old
from catalog.readout.asked import Subject, Wanted, subjects
from catalog.readout.judged import ToldReader
from catalog.readout.read import sample
from catalog.readout.reader import KindReader
from catalog.readout.survey import survey
from catalog.readout.told import Answer, Told, text_key, write, writing
from catalog.types import FILTER_FROM, Product
from errors import LLMBadOutput, LLMUnavailable, NoCatalog, UnknownSlot
from learning.attributes.llm import LLMReader
from llm.types import Call

_IN_A_ROW = 5  # askings without an answer after which the model is taken to be away


@dataclass(frozen=True, slots=True)
class Slots:
    """What the model filled of one slot: so many products, so many of them sure enough to filter by."""

    values: int
    sure: int


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What a run came to. `asked`: texts that an answer came for, `useless`: those whose answer held nothing to read,
    `unanswered`: those that none came for; `slots`: what the catalogue now has from models, of all runs."""

    by: str
    kinds: int
    asked: int
    useless: int
    unanswered: int
    changed: bool
    slots: Mapping[str, Slots]
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to ask about a catalogue."""

    products: Sequence[Product]
    subjects: Sequence[Subject]
    readers: Mapping[str, KindReader]

    @classmethod
    def of(cls, db: Path, only: Collection[str] = ()) -> Plan:
        """NoCatalog where there is none; UnknownSlot when one of `only` is no slot of it."""
        old = read_old(db, None)
        if not len(old):
            raise NoCatalog(f"{db}: no catalogue to read; aisle import makes one")
        placed = zip(old.derived, old.entries(), strict=True)
        products = [Derived(Derived.read(document).category).applied(entry.product) for document, entry in placed]
        known = survey(sample(products), Lexicon.default().with_words(old.words))
        if unknown := sorted(set(only) - {"brand", *known.slots}):
            raise UnknownSlot(f"{db} has no slot {', '.join(unknown)}; aisle inspect lists those it has")
        readers = known.readers()
        return cls(products, subjects(products, known, readers, only), readers)

    @property
    def texts(self) -> int:
        """The most texts that a run could ask about."""
        return sum(len({p.id for p in (*s.tried, *s.silent)}) for s in self.subjects)


@dataclass(slots=True)
class _Asking:
    """One run: what it may still ask, and what came of it so far."""

    reader: LLMReader
    file: BinaryIO
    told: Told
    left: int
    at_once: int
    tell: Callable[[int], None]
    asked: int = 0
    useless: int = 0
    unanswered: int = 0
    in_a_row: int = 0
    stop: Event = field(default_factory=Event)

    def ask(self, subject: Subject, products: Iterable[Product], slots: Callable[[Product], frozenset[str]]) -> None:
        """Ask about products what was not asked of their texts before. LLMUnavailable when the model seems away."""
        new: dict[str, tuple[Product, tuple[Wanted, ...]]] = {}
        for product in products:
            names = slots(product) - self.told.asked(product)
            if names and len(new) < self.left:
                new.setdefault(text_key(product), (product, tuple(w for w in subject.wanted if w.name in names)))
        with self._pool() as pool:
            pending = [pool.submit(self._answer, subject, *one) for one in new.values()]
            answers = list(filter(None, map(self._note, as_completed(pending))))
        self.left -= len(new)
        self.told = self.told.with_answers(answers)

    def _answer(self, subject: Subject, product: Product, wanted: Sequence[Wanted]) -> tuple[Answer, bool]:
        """(what was answered, was it of use)."""
        asked = tuple(slot.name for slot in wanted)
        call = Call(cancel=self.stop)
        try:
            read = self.reader.read(wanted, subject.shown, subject.kind, product.title, product.description, call)
        except LLMBadOutput:
            return Answer(text_key(product), self.reader.by, asked, {}), False
        return Answer(text_key(product), self.reader.by, asked, read), True

    def _note(self, future: Future[tuple[Answer, bool]]) -> Answer | None:
        """Keep an answer as it comes."""
        try:
            answer, useful = future.result()
        except LLMUnavailable:
            self.unanswered += 1
            self.in_a_row += 1
            if self.in_a_row >= _IN_A_ROW:
                raise
            return None
        self.in_a_row = 0
        self.asked += 1
        self.useless += not useful
        write(self.file, answer)
        self.tell(self.asked)
        return answer

    @contextmanager
    def _pool(self) -> Iterator[ThreadPoolExecutor]:
        """Askings side by side; when one ends the run, those under way are stopped and those waiting dropped."""
        pool = ThreadPoolExecutor(self.at_once)
        try:
            yield pool
        except BaseException:
            self.stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def enrich(
    db: Path,
    reader: LLMReader,
    only: Collection[str] = (),
    limit: int | None = None,
    at_once: int = 4,
    progress: Progress | None = None,
) -> Enrichment:
    """Have a model read what products' records leave out, at most `limit` texts in this run, and put it into the
    catalogue at `db`. Errors as Plan.of; LLMUnavailable when the model is away (what it answered is kept)."""
    begun = time.perf_counter()
    plan = Plan.of(db, only)
    folder, total = Path(f"{db}.d"), min(plan.texts, limit if limit is not None else plan.texts)
    tell = progress or _silent
    with writing(folder) as file:
        run = _Asking(
            reader, file, Told.read(folder, reader.by), total, at_once, lambda done: tell("asking", done, total)
        )
        for subject in plan.subjects:
            _about(run, subject, plan.readers)
        if run.told.answers and Told.read(folder).by != reader.by:  # the last that was asked counts: this one again
            write(file, Answer("", reader.by, (), {}))
    changed = reread(db, tell)
    return Enrichment(
        by=reader.by,
        kinds=len(plan.subjects),
        asked=run.asked,
        useless=run.useless,
        unanswered=run.unanswered,
        changed=changed,
        slots=filled(db),
        seconds=time.perf_counter() - begun,
    )


def _about(run: _Asking, subject: Subject, readers: Mapping[str, KindReader]) -> None:
    """Try the model on one kind, then ask it for what it reads well enough there."""
    names = frozenset(slot.name for slot in subject.wanted)
    run.ask(subject, subject.tried, lambda product: names)
    able = ToldReader.learn(subject.tried, run.told, readers).worth_asking(subject.kind)
    run.ask(subject, subject.silent, lambda product: subject.left_out(product) & able)


def forget(db: Path, progress: Progress | None = None) -> bool:
    """Drop all that models have read of a catalogue; False where there is nothing of it. NoCatalog without one."""
    if not db.exists():
        raise NoCatalog(f"{db}: no catalogue")
    with writing(Path(f"{db}.d")) as file:
        file.truncate(0)
    return reread(db, progress)


def filled(db: Path) -> Mapping[str, Slots]:
    """What the catalogue has from models, the slots with the most values first."""
    values: Counter[str] = Counter()
    sure: Counter[str] = Counter()
    for document in read_old(db, None).derived:
        for name, found in Derived.read(document).inferred.items():
            if found.by == "model":
                values[name] += 1
                sure[name] += found.confidence >= FILTER_FROM
    return {name: Slots(n, sure[name]) for name, n in values.most_common()}


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
