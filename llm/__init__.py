"""The door to a model: `LLM.stream(Rendered, cancel)`, and the backends behind it."""

from llm.types import LLM, Call, Usage, complete

__all__ = ["LLM", "Call", "Usage", "complete"]
