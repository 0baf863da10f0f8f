"""What --llm takes, and what is said of anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import BadSpec
from llm.guarded import Guarded, Health
from llm.limits import Limits
from llm.local import Local
from llm.spec import open_llm
from llm.vllm import VLLM


def test_no_model() -> None:
    assert open_llm("none") is None
    assert open_llm(" none ") is None


@pytest.mark.parametrize(
    ("spec", "model"),
    [
        ("vllm:http://127.0.0.1:8001/v1#Qwen/Qwen3-4B", "Qwen/Qwen3-4B"),
        ("vllm:https://models.example/openai/v1/#a#b", "a#b"),
        ("vllm:http://[::1]:8001/v1", ""),
        ("vllm:http://127.0.0.1:8001/v1#", ""),
    ],
)
def test_a_model_behind_an_endpoint_is_guarded(spec: str, model: str) -> None:
    opened = open_llm(spec, "secret", limits=Limits(running=2))
    assert isinstance(opened, Guarded)
    assert isinstance(opened.llm, VLLM)
    assert opened.llm.model == model
    assert opened.health == Health("closed", 0, 0, 0, "")


def test_a_model_in_this_process_is_guarded(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "model.safetensors").touch()
    for path in (str(tmp_path), "Qwen/Qwen3-0.6B"):
        opened = open_llm(f"local:{path}")
        assert isinstance(opened, Guarded)
        assert isinstance(opened.llm, Local)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", "no such model: ''"),
        ("gpt", "no such model: 'gpt' \\(write none, vllm:http://HOST:PORT/v1#MODEL or local:PATH\\)"),
        ("none:x", "no such model"),
        ("http://h/v1#m", "no such model"),
        ("local:", "no such model"),
        ("vllm:", "neither http:// nor https://"),
        ("vllm:h:80/v1#m", "neither http:// nor https://"),
        ("vllm:file:///etc#m", "neither http:// nor https://"),
        ("vllm:http://#m", "names no host"),
        ("vllm:http://h:0/v1#m", "names no host"),
        ("vllm:http://h:99999/v1#m", "out of range"),
        ("vllm:http://h:port/v1#m", "port"),
        ("vllm:http://[::1/v1#m", "Invalid IPv6"),
        ("vllm:http://h/v 1#m", "holds blanks"),
        ("vllm:http://h/v1?key=1#m", "has a query"),
        ("vllm:http://böse.example/v1#m", "begins with xn--"),
        ("vllm:http://h/模型/v1#m", "letters that no address is written in"),
        ("vllm:http://h:8001#m", "most servers want http://h:8001/v1"),
        ("vllm:http://h:8001/#m", "most servers want http://h:8001/v1"),
        ("vllm:http://me:secret@h/v1#m", "'http://h/v1#m' is no endpoint: a key belongs into AISLE_LLM_KEY"),
        ("local:/no/such/folder", "no folder /no/such/folder"),
        ("local:./none", "no folder none"),
        ("local:a/b/c", "no folder a/b/c"),
    ],
)
def test_what_names_no_model_is_told_why(spec: str, says: str) -> None:
    with pytest.raises(BadSpec, match=says) as trouble:
        open_llm(spec)
    assert "secret" not in str(trouble.value)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(BadSpec, match=r"holds no model: there must be a config.json and weights as \*.safetensors"):
        open_llm(f"local:{tmp_path}")
