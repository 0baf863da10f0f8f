"""A prompt with its variables filled in. Knows nothing of files, models or HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, as every chat endpoint takes it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent to a model: words and the decoding options that were tuned with them.

    `prompt`: name and version ("rank@2"), for logs and for fakes that answer by name. `schema`: the JSON schema
    that the answer should follow (a wish: whoever parses still validates), None for free lines.
    """

    prompt: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    schema: Mapping[str, object] | None = None

    @property
    def name(self) -> str:
        """The prompt's name without its version."""
        return self.prompt.partition("@")[0]
