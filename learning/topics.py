"""Makes retrieval/topics.safetensors: the packaged encoder's vectors of the ways to ask a shop about its service.

    python -m learning.topics

Run it again when retrieval/topics.toml has changed: else the English wordings are encoded when a shop's answers are first
asked, which takes seconds. Nothing is trained; the texts are our own.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from safetensors.numpy import save_file

from retrieval.embedder import PackagedEncoder
from retrieval.topics import FILE, wordings


def main() -> None:
    encoder, texts = PackagedEncoder(), wordings("en")
    vectors = encoder.encode(texts, "passage").astype(np.float16)
    save_file({"vectors": vectors}, FILE, {"encoder": encoder.id, "texts": json.dumps(texts)})
    sys.stdout.write(f"{FILE}: {len(texts)} texts, {FILE.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
