"""The README as its tests read it: sections, code blocks, links, numbers; and the Chinese README's stamps.

    python -m tests.readme           which sections of README.zh-CN.md are behind README.md
    python -m tests.readme --stamp   say that they have been translated again

Under each heading of README.zh-CN.md a comment holds the fingerprint of the English section that it was translated from.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.sources import ROOT

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
_STAMP = re.compile(r"<!-- en: ([0-9a-f]{12}|new) -->\n")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,4}) (.+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: its language, its text."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """From a heading to the next one. `stamp`: the fingerprint in its comment, "" where it has none."""

    level: int
    heading: str
    body: str
    stamp: str = ""

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"{self.heading}\n{self.body.strip()}".encode()).hexdigest()[:12]

    @property
    def blocks(self) -> list[Block]:
        return [Block(*found) for found in _FENCE.findall(self.body)]

    @property
    def prose(self) -> str:
        """The body without its code blocks."""
        return _FENCE.sub("", self.body)

    @property
    def spans(self) -> set[str]:
        """What is set as code within the prose."""
        return set(re.findall(r"`([^`\n]+)`", f"{self.heading}\n{self.prose}"))

    @property
    def links(self) -> set[str]:
        return set(re.findall(r"\]\(([^)\s]+)", self.prose))

    @property
    def numbers(self) -> set[str]:
        """The numbers of the prose that stand by themselves, not within names (GPT-2) or code."""
        told = re.sub(r"`[^`\n]+`|\]\([^)]+\)", " ", self.prose)
        return set(re.findall(r"(?<![\w.,/-])\.?\d[\d,.]*(?<![.,])(?![\w-])", told))

    @property
    def rows(self) -> int:
        """Lines of its tables."""
        return len(re.findall(r"^\|", self.prose, re.MULTILINE))


def sections(text: str) -> list[Section]:
    """The sections of a README, in their order; what is fenced holds no headings."""
    found: list[tuple[int, str, list[str]]] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else _HEADING.match(line)
        if heading:
            found.append((len(heading[1]), heading[2], []))
        elif found:
            found[-1][2].append(line)
    return [_section(level, heading, "\n".join(lines) + "\n") for level, heading, lines in found]


def _section(level: int, heading: str, body: str) -> Section:
    stamp = _STAMP.search(body)
    return Section(level, heading, _STAMP.sub("", body), stamp[1] if stamp else "")


def behind() -> Iterator[str]:
    """The headings of English sections whose translation is older than they are."""
    translated = {section.stamp for section in sections(CHINESE.read_text(encoding="utf-8"))}
    for section in sections(ENGLISH.read_text(encoding="utf-8")):
        if section.fingerprint not in translated:
            yield section.heading


def stamp() -> None:
    """Write into each section of the translation the fingerprint of the English section at its place, and its code."""
    originals = sections(ENGLISH.read_text(encoding="utf-8"))
    translated = sections(CHINESE.read_text(encoding="utf-8"))
    if [section.level for section in originals] != [section.level for section in translated]:
        sys.exit("README.zh-CN.md has other sections than README.md: write those that are missing first.")
    written = []
    for original, section in zip(originals, translated, strict=True):
        blocks = iter(original.blocks)
        code = (f"```{block.language}\n{block.text}```" for block in blocks)
        body = _FENCE.sub(lambda found: next(code, found[0]), section.body)  # noqa: B023
        body = f"\n<!-- en: {original.fingerprint} -->\n\n{body.strip()}\n"
        written.append(f"{'#' * section.level} {section.heading}\n{body}")
    CHINESE.write_text("\n".join(written), encoding="utf-8")


if __name__ == "__main__":
    if "--stamp" in sys.argv:
        stamp()
    late = list(behind())
    print(*late or ["README.zh-CN.md is up to date"], sep="\n")
    sys.exit(bool(late))
