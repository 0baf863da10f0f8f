"""A TOML file read field by field, so that each trouble has one error that names the file and the field.

Any value may be "env:NAME": then it is what that environment variable holds. Knows nothing of what the fields mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from errors import BadSite

T = TypeVar("T")

_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


class Table:
    """One table of the file: gives its fields by name and complains of those that nobody asked for."""

    def __init__(self, path: Path, name: str, values: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self.path, self.name, self.environ = path, name, environ
        self._left = dict(values)

    def take(self, name: str, read: Callable[[Any], T], default: T) -> T:
        """The field's value; BadSite with what `read` has against it."""
        if name not in self._left:
            return default
        try:
            return read(self._resolved(self._left.pop(name)))
        except ValueError as error:
            raise self.wrong(name, str(error)) from error

    def table(self, name: str) -> Table:
        values = self._left.pop(name, {})
        if not isinstance(values, dict):
            raise self.wrong(name, "must be a table")
        return Table(self.path, self._path(name), values, self.environ)

    def tables(self, name: str) -> list[Table]:
        found = self._left.pop(name, [])
        if not isinstance(found, list) or not all(isinstance(values, dict) for values in found):
            raise self.wrong(name, f"must be tables, each under [[{name}]]")
        return [Table(self.path, f"{name}[{n}]", values, self.environ) for n, values in enumerate(found, 1)]

    def end(self) -> None:
        """BadSite for a field that there is not."""
        for name in self._left:
            raise self.wrong(name, "there is no such field")

    def wrong(self, name: str, what: str) -> BadSite:
        return BadSite(f"{self.path}: {self._path(name)}: {what}")

    def _path(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(entry) for entry in value]
        if isinstance(value, str) and value.startswith("env:"):
            name = value.removeprefix("env:")
            if not self.environ.get(name):
                raise ValueError(f"the environment variable {name} is not set")
            return self.environ[name]
        return value


def text(value: Any) -> str:
    """Text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    return value.strip()


def at_least(bytes_: int, hint: str = "") -> Callable[[Any], str]:
    """Text of so many bytes or more."""

    def read(value: Any) -> str:
        if len(text(value).encode()) < bytes_:
            raise ValueError(f"must have at least {bytes_} bytes{hint}")
        return text(value)

    return read


def matching(pattern: str, what: str) -> Callable[[Any], str]:
    """Text that the whole pattern matches; `what` it must be, in words."""

    def read(value: Any) -> str:
        if not re.fullmatch(pattern, text(value)):
            raise ValueError(f"must be {what}")
        return text(value)

    return read


def is_origin(value: str) -> bool:
    """An exact origin as browsers send it: scheme, host in small letters, a port only where it is not the usual one."""
    usual = (value.startswith("http:") and value.endswith(":80")) or (
        value.startswith("https:") and value.endswith(":443")
    )
    return bool(_ORIGIN.fullmatch(value)) and not usual


def origin(value: Any) -> str:
    """An exact origin."""
    if not is_origin(text(value)):
        raise ValueError(f"{value!r} is not an exact origin like https://shop.example (small letters, no path)")
    return text(value)


def host(value: Any) -> str:
    """A host, with a port where it needs one."""
    if not _HOST.fullmatch(text(value)):
        raise ValueError(f"{value!r} is not a host like pictures.shop.example (small letters, no scheme, no path)")
    return text(value)


def count(value: Any) -> int:
    """A whole number from 0; an environment variable holds it as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 15:
        value = int(value)
    if type(value) is not int or not 0 <= value <= 10**12:
        raise ValueError("must be a whole number, 0 or more")
    return value


def up_to(most: int) -> Callable[[Any], int]:
    """A whole number from 0 to `most`."""

    def read(value: Any) -> int:
        if count(value) > most:
            raise ValueError(f"must be at most {most:,}")
        return count(value)

    return read


def each(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """A list whose entries `read` reads, each once."""

    def every(value: Any) -> tuple[T, ...]:
        if isinstance(value, list):
            return tuple(dict.fromkeys(read(entry) for entry in value))
        raise ValueError("must be a list")

    return every
