"""YAML with positions: every value knows its file, line and field, so that an error can name them.

Knows nothing of dialogues. Scalars are kept as written: 22, "22" and '22' are the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from errors import ScriptError

TRUE, FALSE = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML node with the file and the field it was found in."""

    node: yaml.Node
    file: Path
    field: str = ""

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def error(self, what: str) -> ScriptError:
        where = f"{self.field}: " if self.field else ""
        return ScriptError(f"{self.file}:{self.line}: {where}{what}")

    def within(self, node: yaml.Node, name: str) -> Located:
        return Located(node, self.file, f"{self.field}.{name}" if self.field else name)

    def mapping(self, *allowed: str) -> Mapping[str, Located]:
        """The pairs of a mapping, none twice; with `allowed`, none but these."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("a mapping (name: value) is expected")
        pairs: dict[str, Located] = {}
        for key_node, value_node in self.node.value:
            key = self.within(key_node, "key").text()
            at = self.within(key_node, key)
            if allowed and key not in allowed:
                raise at.error(f"unknown key (known here: {', '.join(allowed)})")
            if key in pairs:
                raise at.error("given twice")
            pairs[key] = self.within(value_node, key)
        return pairs

    def items(self) -> tuple[Located, ...]:
        """The entries of a list; a single value counts as a list of one."""
        if not isinstance(self.node, yaml.SequenceNode):
            return (self,)
        return tuple(self.within(node, str(place)) for place, node in enumerate(self.node.value, start=1))

    def list(self) -> tuple[Located, ...]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is expected")
        return self.items()

    def text(self) -> str:
        """A scalar as written; never empty."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a single value is expected")
        if self.node.tag == "tag:yaml.org,2002:null" or not str(self.node.value).strip():
            raise self.error("a value is missing")
        return str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def number(self) -> int:
        """A whole number from 1."""
        text = self.text()
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise self.error(f"a whole number from 1 is expected, not {text!r}")
        return int(text)

    def truth(self) -> bool:
        text = self.text().lower()
        if text not in (*TRUE, *FALSE):
            raise self.error(f"true or false is expected, not {text!r}")
        return text in TRUE


def documents(file: Path) -> Iterator[Located]:
    """The YAML documents of a file that are not empty. ScriptError when it cannot be read as YAML."""
    try:
        text = file.read_text(encoding="utf-8")
        for node in yaml.compose_all(text, Loader=yaml.SafeLoader):
            if node is not None:
                yield Located(node, file)
    except (OSError, UnicodeDecodeError) as trouble:
        raise ScriptError(f"{file}: cannot be read: {trouble}") from trouble
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ScriptError(f"{file}{line}: not YAML: {getattr(trouble, 'problem', None) or trouble}") from trouble
