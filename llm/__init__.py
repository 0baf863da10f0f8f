"""The door to a model: `LLM.stream(Rendered, cancel)`, and the backends behind it."""

from llm.types import LLM, complete

__all__ = ["LLM", "complete"]
