"""`aisle llm serve | check`: a vLLM server that runs while the command does, and what an endpoint can do.

Knows the command line, its progress and its words; the process is llm/serving.py, the measuring llm/checking.py.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options
from aisle.settings import Settings
from errors import AisleError, LLMError

if TYPE_CHECKING:
    from llm.serving import Installed, ModelServer, Serving

PORT = 8001
CONTEXT = {True: 4_096, False: 8_192}  # tokens, on a CPU and on a GPU: a turn's longest prompt and answer fit in both
SHOWN = 15  # lines of a log
TOLD_EVERY = 15.0  # seconds between two lines of progress where there is no terminal
VENV = Path(".venv-vllm/bin/python")


@click.group()
def llm() -> None:
    """Serve a model with vLLM on this machine, or see what a served one can do."""


@llm.command(context_settings={"ignore_unknown_options": False})
@click.argument("model")
@click.argument("more", nargs=-1, metavar="[-- VLLM OPTIONS]")
@click.option("--cpu", is_flag=True, help="Serve from the CPU; needs vLLM's CPU build.")
@click.option("--port", type=click.IntRange(1, 65_535), default=PORT, show_default=True, help="Where to listen.")
@click.option("--name", help="What requests call the model.  [default: the last part of MODEL]")
@click.option(
    "--max-model-len",
    type=click.IntRange(512),
    metavar="TOKENS",
    help="The longest prompt and answer together.  [default: 8192, on a CPU 4096]",
)
@click.option("--max-num-seqs", type=click.IntRange(1), metavar="N", help="The most answers in the making at once.")
@click.option(
    "--timeout", type=click.FloatRange(1), default=1_800.0, show_default=True, help="Seconds until it must answer."
)
@click.option("--print", "only_print", is_flag=True, help="Print the command that would be run, and run nothing.")
def serve(
    model: str,
    more: tuple[str, ...],
    cpu: bool,
    port: int,
    name: str | None,
    max_model_len: int | None,
    max_num_seqs: int | None,
    timeout: float,
    only_print: bool,
) -> None:
    """Serve MODEL, a folder or a name on the Hugging Face Hub, with vLLM, for this machine only.

    Waits until the model has answered a question, prints what --llm takes, and serves until Ctrl-C. `make vllm` sets
    up an environment with vLLM; AISLE_VLLM_PYTHON names the Python of another. Exit code 3 when the server does not
    come up or ends by itself.

    \b
        aisle llm serve Qwen/Qwen3-4B-Instruct-2507
        aisle llm serve ./models/qwen3-0.6b --cpu
        aisle llm serve Qwen/Qwen3-8B -- --quantization fp8
    """
    from aisle.cli.address import check_address
    from llm import serving as vllm

    _check_model(model)
    given = Settings.read()
    found = _vllm(given.vllm_python, cpu)
    serving = vllm.Serving(
        model=model,
        name=name or vllm.short_name(model),
        port=port,
        context=max_model_len or CONTEXT[found.cpu],
        running=max_num_seqs or given.llm_running,
        cpu=found.cpu,
        more=more,
    )
    command = vllm.command(found.python, serving)
    variables = vllm.environment(serving, given.llm_key, os.environ)
    if only_print:
        click.echo(_printed(command, variables))
        return
    check_address(vllm.HOST, port)
    log = _log(given.cache, f"{serving.name}-{port}")
    click.echo(f"vLLM {found.version} on the {'CPU' if found.cpu else 'GPU'} loads {model}; its log is {log}", err=True)
    _serve(serving, command, variables, log, given.llm_key, timeout)


def _serve(
    serving: Serving, command: list[str], variables: dict[str, str], log: Path, key: str, timeout: float
) -> None:
    """Serve until somebody says stop. LLMUnavailable when the server does not come up or ends by itself."""
    from aisle.cli.watching import until_stopped
    from llm.serving import ModelServer

    with until_stopped(), ModelServer(command, {**os.environ, **variables}, log) as server:
        started = time.monotonic()
        try:
            _show_progress(server, server.wait_for_answer(serving, key, timeout))
            took = time.monotonic() - started
            click.echo(f"{serving.name} answers after {took:.0f} s. In another terminal:", err=True)
            click.echo(f"  aisle demo --llm {serving.spec}\nStop with Ctrl-C.", err=True)
            click.echo(serving.spec)
            server.wait()
        except LLMError:
            _show_log(server)
            raise
        _show_log(server)
        raise LLMError(server.why_it_ended())


def _show_progress(server: ModelServer, lines: Iterator[str]) -> None:
    """One line that changes, on a terminal; elsewhere a line now and then."""
    started = told = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            for line in lines:
                status.update(f"{time.monotonic() - started:.0f} s  [dim]{_escaped(line)}")
        return
    for line in lines:
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            click.echo(f"  {told - started:.0f} s: {line[:100] or 'starting'}", err=True)


def _escaped(line: str) -> str:
    from rich.markup import escape

    return escape(line[:100])


def _show_log(server: ModelServer) -> None:
    for line in server.last_lines(SHOWN):
        click.echo(f"  | {line}", err=True)


def _check_model(model: str) -> None:
    """UsageError where MODEL can be neither a folder nor a name on the hub: said at once, not by a log of pages."""
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        if not Path(model).exists():
            raise click.UsageError(f"there is no {model}; name a folder, or a model as OWNER/NAME")
    elif not Path(model).exists() and model.count("/") != 1:
        raise click.UsageError(f"{model!r} is no folder, and no name of a model like Qwen/Qwen3-4B-Instruct-2507")


def _vllm(python: Path | None, cpu: bool) -> Installed:
    """The vLLM to use. LLMError says what to do where there is none, or the wrong one."""
    from llm.serving import find_vllm

    root = Path(__file__).resolve().parents[2]
    found = find_vllm([python] if python else [VENV.absolute(), root / VENV, Path(sys.executable)])
    if found is None and python:
        raise LLMError(f"AISLE_VLLM_PYTHON is {python}, which is no Python with vLLM")
    if found is None:
        raise LLMError(
            "vLLM is not here: `make vllm` sets it up in .venv-vllm, or name its Python by AISLE_VLLM_PYTHON"
        )
    if cpu and not found.cpu:
        raise LLMError(f"{found.python} has vLLM's GPU build: `make vllm VLLM=cpu` sets up the CPU build")
    return found


def _log(cache: Path, name: str) -> Path:
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AisleError(
            f"The log cannot be kept in {cache} ({error.strerror}): set AISLE_CACHE to a folder."
        ) from error
    return cache / f"vllm-{name}.log"


def _printed(command: list[str], variables: dict[str, str]) -> str:
    """As it would be typed; a key is named, not shown."""
    shown = [f"{name}={'$AISLE_LLM_KEY' if name == 'VLLM_API_KEY' else value}" for name, value in variables.items()]
    return " ".join([*shown, shlex.join(command)])


@llm.command()
@click.argument("spec")
@options.json_
def check(spec: str, as_json: bool) -> None:
    """Ask the model at SPEC three small questions and tell how fast it is and what it can do.

    Exit code 3 when it does not answer.

    \b
        aisle llm check vllm:http://127.0.0.1:8001/v1#qwen3-4b-instruct-2507
    """
    from llm.checking import checked
    from llm.spec import open_llm
    from llm.watch import Deadlines

    given = Settings.read()
    model = open_llm(spec, given.llm_key, Deadlines(given.llm_connect, 60.0, 60.0, 120.0))
    if model is None:
        raise click.UsageError("there is nothing to check about none; give vllm:http://host:port/v1#model")
    found = checked(model)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    for sentence in found.sentences(given.llm_first):
        click.echo(sentence)
