"""The project's own source as the architecture tests read it: files, their imports, their calls. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("aisle", "catalog", "chatbot", "learning", "llm", "prompts", "retrieval")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, where, and whether importing the file runs it (not in a function, not for types only)."""

    file: str
    line: int
    module: str
    eager: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, by its path from the root."""

    file: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.file.partition("/")[0]

    def imports(self) -> tuple[Import, ...]:
        return _all_imports(self)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files under the folders named (default: every room), and errors.py with the rooms."""
    paths = sorted(path for folder in folders or ROOMS for path in (ROOT / folder).rglob("*.py"))
    return tuple(_read(path) for path in (paths if folders else [*paths, ROOT / "errors.py"]))


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text, str(path)))


@cache
def _all_imports(source: Source) -> tuple[Import, ...]:
    return tuple(_imports(source.file, source.tree, eager=True))


def _imports(file: str, node: ast.AST, eager: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(file, child.lineno, name.name, eager) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield Import(file, child.lineno, child.module or "", eager)
        else:
            yield from _imports(file, child, eager and not _deferred(child))


def _deferred(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return True
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
