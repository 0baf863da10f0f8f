"""A model in this process: a tiny one with random weights and a tokenizer made on the spot, as it would lie in a folder."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from errors import LLMUnavailable
from llm import Call, Usage, complete
from llm.answer import NO_TEXT
from llm.guarded import Guarded
from llm.local import Local, plain
from llm.watch import Deadlines
from prompts import Message, Rendered

MESSAGES = (Message("system", "Be brief."), Message("user", "a warm jacket"))
PATIENT = Deadlines(first=60, gap=10, total=90, wake=0.02)  # the first call loads
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% if not enable_thinking %}:{% endif %}{% endif %}"
)


def asked(max_tokens: int = 12, temperature: float = 0.0) -> Rendered:
    return Rendered("rank@1", MESSAGES, max_tokens, temperature, {"type": "object"})


def make(folder: Path, template: str | None) -> Path:
    """A model of a few thousand weights, as `save_pretrained` leaves it."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(5)
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    lines = ["a warm jacket for a walk in the rain", "the second one is cheaper", "user system assistant: be brief"]
    words.train_from_iterator(
        lines, trainers.BpeTrainer(vocab_size=320, special_tokens=["<end>"], initial_alphabet=alphabet)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>", pad_token="<end>")
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4_000,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny"), TEMPLATE)


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[Local]:
    model = Local(str(folder), PATIENT)
    complete(model, asked(1))  # loads
    yield model
    model.close()


def expected(folder: Path, prompt: str, max_tokens: int) -> tuple[int, str]:
    """The prompt's tokens, and what transformers makes of it without a stream."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    made: Any = AutoModelForCausalLM.from_pretrained(folder).generate(ids, max_new_tokens=max_tokens, do_sample=False)
    return ids.shape[1], NO_TEXT.sub("", tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True))


def test_the_answer_streams_and_is_counted(model: Local, folder: Path) -> None:
    call = Call()
    tokens, text = expected(folder, "<system>Be brief.\n<user>a warm jacket\n<assistant>:", 40)
    pieces = list(model.stream(asked(40), call))
    assert "".join(pieces) == text
    assert len(pieces) > 1
    assert (call.usage, call.cut) == (Usage(tokens, 0, 40), True)


def test_a_model_without_a_template_is_given_plain_text(tmp_path: Path) -> None:
    assert plain(MESSAGES) == "System: Be brief.\n\nUser: a warm jacket\n\nAssistant:"
    folder = make(tmp_path, None)
    bare, call = Local(str(folder), PATIENT), Call()
    tokens, text = expected(folder, plain(MESSAGES), 12)
    assert complete(bare, asked(), call) == text
    assert call.usage == Usage(tokens, 0, 12)
    bare.close()


def test_an_answer_that_ends_by_itself_is_not_cut(model: Local, folder: Path) -> None:
    first = expected(folder, "<system>Be brief.\n<user>a warm jacket\n<assistant>:", 1)
    loaded, call = model._loaded, Call()
    ends, loaded._ends = loaded._ends, set(range(400))  # whatever it says ends it
    assert complete(model, asked(1), call) == first[1]
    loaded._ends = ends
    assert not call.cut


def test_chance_where_it_is_asked_for(model: Local) -> None:
    assert len({complete(model, asked(20, 1.5)) for _ in range(3)}) == 3
    assert len({complete(model, asked(20)) for _ in range(2)}) == 1


@pytest.mark.parametrize("leave", ["close", "cancel"])
def test_leaving_stops_the_model(model: Local, leave: str) -> None:
    call = Call()
    stream = model.stream(asked(3_000), call)
    next(stream)
    if leave == "close":
        stream.close()
    else:
        call.cancel.set()
        assert len(list(stream)) < 100
    started = time.monotonic()
    complete(model, asked(1))  # waits for the one before to stop
    assert time.monotonic() - started < 0.5
    assert 0 < call.usage.completion < 1_000


def test_a_deadline_stops_the_model(model: Local) -> None:
    call = Call(deadline=time.monotonic() + 0.2)
    with pytest.raises(LLMUnavailable, match="longer than the turn had left"):
        complete(model, asked(3_000), call)
    started = time.monotonic()
    complete(model, asked(1))
    assert time.monotonic() - started < 0.5


def test_one_answer_at_a_time(model: Local) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(complete(model, asked(30)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [complete(model, asked(30))] * 6
    assert sum(thread.name.startswith("llm-local") for thread in threading.enumerate()) == 1


def test_who_waits_behind_a_long_answer_leaves_in_time(model: Local) -> None:
    long = model.stream(asked(3_500), Call())
    next(long)
    with pytest.raises(LLMUnavailable, match="longer than the turn had left"):
        complete(model, asked(1), Call(deadline=time.monotonic() + 0.1))
    long.close()


def test_a_prompt_that_is_too_long(model: Local) -> None:
    with pytest.raises(LLMUnavailable, match="longer than the model's 4000 tokens"):
        complete(model, asked(4_000))
    assert complete(model, asked(3))


def test_a_model_that_is_not_on_this_machine_is_not_fetched() -> None:
    guard = Guarded(Local("nobody/no-such-model", PATIENT))
    with pytest.raises(LLMUnavailable, match="failed: nobody/no-such-model is no model on this machine"):
        complete(guard, asked())
    guard.close()


def test_a_models_own_code_is_never_run(tmp_path: Path) -> None:
    code = "from pathlib import Path\nPath(__file__).with_suffix('.ran').touch()\n"
    (tmp_path / "own.py").write_text(code, encoding="utf-8")
    mapped = {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model", "AutoTokenizer": ["own.Words", None]}
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "own", "auto_map": mapped}), encoding="utf-8")
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(LLMUnavailable, match="no model on this machine that transformers can load"):
        complete(Local(str(tmp_path), PATIENT), asked())
    assert not list(tmp_path.rglob("*.ran"))
