"""A transformers model in this process: for a machine without a server. It makes one answer at a time.

Loaded once, when first asked, by the one thread that does all its work. What is not on this machine is not fetched, a
model's own code is never run, weights are read from safetensors only. A schema is not enforced: it is a wish, and
whoever parses validates. The reading of a prompt cannot be stopped, its answer can. Knows nothing of prompts' meaning.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any

from errors import BadSpec, LLMUnavailable
from llm.answer import CUT, Piece, words
from llm.types import Call, Usage
from llm.watch import Cancelled, Deadlines, Watch
from prompts.types import Message, Rendered


@dataclass(slots=True)
class _Answer:
    """One answer in the making: what the worker writes, and whether anybody still reads it."""

    rendered: Rendered
    said: SimpleQueue[str | None] = field(default_factory=SimpleQueue)
    unwanted: Event = field(default_factory=Event)
    prompt: int = 0  # tokens
    tokens: int = 0
    cut: bool = False


class Local:
    """The model in a folder (or one that was downloaded before, by its id). BadSpec for a folder that holds none."""

    def __init__(self, path: str, deadlines: Deadlines | None = None) -> None:
        self._path = _checked(path)
        self._deadlines = deadlines or Deadlines()
        self._worker = ThreadPoolExecutor(1, "llm-local")

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The answer as it is made. LLMUnavailable when it is too slow, still being loaded, or cannot be."""
        watch, answer = Watch(self._deadlines, call), _Answer(rendered)
        work = self._worker.submit(self._work, answer)
        try:
            yield from words(_pieces(answer, work, watch), watch, rendered.max_tokens)
        except Cancelled:
            return
        finally:
            answer.unwanted.set()
            work.cancel()

    def close(self) -> None:
        """Ends the thread; the model goes with this object."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _work(self, answer: _Answer) -> None:
        """Makes an answer; its end, however it comes, is a None in the queue."""
        try:
            self._loaded.make(answer)
        finally:
            answer.said.put(None)

    @cached_property
    def _loaded(self) -> _Loaded:
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # a shopper's terminal is no place for it
        try:
            tokenizer = AutoTokenizer.from_pretrained(self._path, local_files_only=True, trust_remote_code=False)
            model = AutoModelForCausalLM.from_pretrained(
                self._path, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype="auto"
            )
        except (OSError, ValueError, KeyError) as trouble:
            raise LLMUnavailable(
                f"{self._path} is no model on this machine that transformers can load (nothing is fetched: "
                f"`hf download {self._path}` does that)"
            ) from trouble
        return _Loaded(tokenizer, model)


class _Loaded:
    """A tokenizer and its model, ready on the GPU where there is one."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        import torch

        self._tokenizer = tokenizer
        self._model = model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
        ends = self._model.generation_config.eos_token_id
        self._ends = {ends} if isinstance(ends, int) else set(ends or ())
        self._most = getattr(self._model.config, "max_position_embeddings", None)

    def make(self, answer: _Answer) -> None:
        """Puts the words into the answer as they come, until it ends or is not wanted."""
        import torch
        from transformers import TextIteratorStreamer

        if answer.unwanted.is_set():
            return
        rendered = answer.rendered
        inputs = self._encoded(rendered.messages)
        answer.prompt = inputs["input_ids"].shape[1]
        if self._most is not None and answer.prompt + rendered.max_tokens > self._most:
            raise LLMUnavailable(f"the prompt and its answer are longer than the model's {self._most} tokens")
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        streamer.text_queue = answer.said

        def enough(ids: Any, scores: Any, **_: Any) -> Any:
            answer.tokens = ids.shape[1] - answer.prompt
            answer.cut = answer.tokens >= rendered.max_tokens and int(ids[0, -1]) not in self._ends
            return torch.full((ids.shape[0],), answer.unwanted.is_set(), device=ids.device)

        greedy = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        sampling: dict[str, Any] = {"do_sample": True, "temperature": rendered.temperature}
        with torch.inference_mode():
            self._model.generate(
                **inputs,
                streamer=streamer,
                stopping_criteria=[enough],
                max_new_tokens=rendered.max_tokens,
                **(sampling if rendered.temperature > 0 else greedy),
            )

    def _encoded(self, messages: Sequence[Message]) -> Any:
        if self._tokenizer.chat_template:
            encoded = self._tokenizer.apply_chat_template(
                [{"role": m.role, "content": m.content} for m in messages],
                add_generation_prompt=True,
                enable_thinking=False,
                return_dict=True,
                return_tensors="pt",
            )
        else:
            encoded = self._tokenizer(plain(messages), return_tensors="pt")
        return {name: encoded[name].to(self._model.device) for name in ("input_ids", "attention_mask")}


def plain(messages: Sequence[Message]) -> str:
    """A chat as text, for a model that was given no template of its own."""
    return "\n\n".join([*(f"{m.role.capitalize()}: {m.content}" for m in messages), "Assistant:"])


def _pieces(answer: _Answer, work: Future[None], watch: Watch) -> Iterator[Piece]:
    while True:
        watch.check()
        try:
            said = answer.said.get(timeout=watch.wake())
        except Empty:
            continue
        if said is None:
            break
        yield Piece(said, Usage(answer.prompt, 0, answer.tokens))
    if trouble := work.exception():
        raise LLMUnavailable(f"the model in this process failed: {trouble}") from trouble
    yield Piece("", Usage(answer.prompt, 0, answer.tokens), CUT if answer.cut else "stop")


def _checked(path: str) -> str:
    """The folder as transformers wants it, or the id of a model. BadSpec when it can be neither."""
    folder = Path(path).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
            raise BadSpec(f"{folder} holds no model: there must be a config.json and weights as *.safetensors")
        return str(folder)
    if path.startswith(("/", ".", "~")) or path.count("/") > 1 or folder.exists():
        raise BadSpec(f"there is no folder {folder} with a model")
    return path
