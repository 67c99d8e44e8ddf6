"""Runs the blocks of docs/tutorial.md; as a script, rewrites the outputs it shows.

python -m tests.refresh_tutorial
"""

import contextlib
import io
import re
import shutil
import tempfile
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"
FILES = ROOT / "docs" / "tutorial"
# A python block, and the text block right after it: what the python block printed.
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<text>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


def run_blocks(text: str, folder: Path) -> list[str]:
    """What each python block prints, in order, in one namespace, run in this folder."""
    shutil.copytree(
        FILES, folder / "docs" / "tutorial", ignore=shutil.ignore_patterns("*.py", "*.svg")
    )
    namespace: dict[str, object] = {"__name__": "tutorial"}
    printed = []
    # The tutorial sets how polars prints; leaving the block puts that back.
    with contextlib.chdir(folder), pl.Config():
        for block in BLOCK.finditer(text):
            line = text[: block.start()].count("\n") + 1
            # Empty lines first, so that an error names the line of the tutorial.
            code = compile("\n" * line + block["code"], str(TUTORIAL), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(code, namespace)
            printed.append(output.getvalue())
    return printed


def show_outputs(text: str, printed: list[str]) -> str:
    """The tutorial with these outputs in place of those it shows."""
    outputs = iter(printed)

    def show(block: re.Match[str]) -> str:
        output = next(outputs)
        return f"```python\n{block['code']}```\n" + (f"\n```text\n{output}```\n" if output else "")

    return BLOCK.sub(show, text)


def count_core_lines(text: str) -> int:
    """Lines of code before the heading that ends the core, without empty ones and comments."""
    core = text.split("\n## Beyond the core\n")[0]
    lines = [line for block in BLOCK.finditer(core) for line in block["code"].splitlines()]
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines)


def refresh() -> None:
    """Run the tutorial, write down what it printed and keep the chart that it made."""
    text = TUTORIAL.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        printed = run_blocks(text, Path(folder))
        shutil.copy(Path(folder) / "index.svg", FILES / "index.svg")
    text = re.sub(r"\b\w+(?=\s+lines of Python)", str(count_core_lines(text)), text, count=1)
    TUTORIAL.write_text(show_outputs(text, printed), encoding="utf-8")


if __name__ == "__main__":
    refresh()
