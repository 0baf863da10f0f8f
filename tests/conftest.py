"""What every test shares: repeatable property tests, and one thread for the encoder on a shared machine."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from aisle.settings import PREFIX, Settings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell's background job begins with Ctrl-C ignored, and the commands that tests start and end would inherit that
    signal.signal(signal.SIGINT, signal.default_int_handler)

for name in [name for name in os.environ if name.startswith(PREFIX)]:
    # where things lie may differ; how commands behave may not
    if name not in ("AISLE_SHARED", "AISLE_CACHE", "AISLE_VLLM_PYTHON"):
        del os.environ[name]

settings.register_profile(
    "aisle",
    derandomize=True,  # the same examples on every machine: a red test is a change of ours
    deadline=None,  # two busy cores make a time limit a coin toss
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("aisle"), derandomize=False, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "aisle"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data (AISLE_SHARED); tests that ask for it are skipped where it is missing."""
    folder = Settings.read().shared
    if not folder.is_dir():
        pytest.skip(f"no measuring data at {folder} (set AISLE_SHARED)")
    return folder
