"""A prompt as a value: words with $variables, the decoding options tuned with them, a version.

Validated at load, so that a wrong file fails before a model is asked. Knows nothing of models, shops or dialogue.
"""

from __future__ import annotations

import hashlib
import json
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from errors import PromptError
from prompts.types import Message, Rendered

_KEYS = {"version", "purpose", "variables", "max_tokens", "temperature", "schema", "system", "user"}
_NEEDED = _KEYS - {"schema", "temperature"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A versioned prompt. `variables` are exactly those that the words use."""

    name: str
    version: int
    purpose: str
    variables: tuple[str, ...]
    max_tokens: int
    temperature: float
    schema: Mapping[str, object] | None
    system: str
    user: str

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def fingerprint(self) -> str:
        """A hash of everything that reaches the model; it changes with a word, an option or the schema."""
        parts = [self.system, self.user, self.max_tokens, self.temperature, self.schema]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]

    def render(self, **values: object) -> Rendered:
        """Fill in the variables. One PromptError names all that are missing and all that are unknown.

        Values are put in as they are: a "$" in them is no variable.
        """
        missing = [name for name in self.variables if name not in values]
        unknown = sorted(set(values) - set(self.variables))
        troubles = [f"missing: {', '.join(missing)}"] if missing else []
        troubles += [f"unknown: {', '.join(unknown)}"] if unknown else []
        if troubles:
            raise PromptError(f"prompt {self.id}: {'; '.join(troubles)}")
        messages = (
            Message("system", string.Template(self.system).substitute(values)),
            Message("user", string.Template(self.user).substitute(values)),
        )
        return Rendered(self.id, messages, self.max_tokens, self.temperature, self.schema)


def read(file: Path) -> Prompt:
    """The prompt in a TOML file; its name is the file's. PromptError says what is wrong with it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise PromptError(f"{file}: cannot be read: {trouble}") from trouble
    troubles = [f"missing: {', '.join(sorted(_NEEDED - set(data)))}"] if _NEEDED - set(data) else []
    troubles += [f"unknown: {', '.join(sorted(set(data) - _KEYS))}"] if set(data) - _KEYS else []
    if troubles:
        raise PromptError(f"{file}: {'; '.join(troubles)}")
    prompt = _prompt(file, data)
    used = _used(file, prompt)
    if used != set(prompt.variables):
        raise PromptError(
            f"{file}: variables says {', '.join(prompt.variables)}, the words use {', '.join(sorted(used))}"
        )
    return prompt


def _prompt(file: Path, data: Mapping[str, object]) -> Prompt:
    def take(key: str, kind: type, default: object = None) -> object:
        value = data.get(key, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise PromptError(f"{file}: {key}: {kind.__name__} is expected, not {value!r}")
        return value

    variables = take("variables", list)
    assert isinstance(variables, list)
    return Prompt(
        name=file.stem,
        version=int(str(take("version", int))),
        purpose=str(take("purpose", str)),
        variables=tuple(str(name) for name in variables),
        max_tokens=int(str(take("max_tokens", int))),
        temperature=float(str(take("temperature", float, 0.0))),
        schema=_schema(file, str(take("schema", str, ""))),
        system=str(take("system", str)),
        user=str(take("user", str)),
    )


def _schema(file: Path, text: str) -> Mapping[str, object] | None:
    if not text:
        return None
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as trouble:
        raise PromptError(f"{file}: schema: not JSON: {trouble}") from trouble
    if not isinstance(schema, dict):
        raise PromptError(f"{file}: schema: a JSON object is expected")
    return schema


def _used(file: Path, prompt: Prompt) -> set[str]:
    found: set[str] = set()
    for words in (prompt.system, prompt.user):
        template = string.Template(words)
        if not template.is_valid():
            raise PromptError(f"{file}: a '$' that begins no variable must be written '$$'")
        found.update(template.get_identifiers())
    return found
