"""Words for models, as versioned files beside this one: load("rank").render(...) is all that is ever sent.

    prompt = load("track")
    rendered = prompt.render(slots=..., dialogue=..., ledger=..., shown=..., message=...)

Knows nothing of models, shops or dialogue: whoever renders makes the values.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from errors import PromptError
from prompts.prompt import Prompt, read
from prompts.types import Message, Rendered

__all__ = ["Message", "Prompt", "Rendered", "load", "names"]

_FOLDER = Path(__file__).resolve().parent


def names() -> tuple[str, ...]:
    """Every prompt there is."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def load(name: str) -> Prompt:
    """The prompt of this name. PromptError when there is none or its file is wrong."""
    if name not in names():
        raise PromptError(f"no prompt is called {name!r} (there are {', '.join(names())})")
    return read(_FOLDER / f"{name}.toml")
