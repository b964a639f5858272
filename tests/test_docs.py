"""The docs say what the program does."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import memveil
from memveil import errors

ROOT = Path(__file__).parents[1]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_fresh() -> None:
    """`python docs/tables.py` rewrites them."""
    tables = load(ROOT / "docs" / "tables.py")

    for name, page in tables.PAGES.items():
        assert (tables.FOLDER / name).read_text(encoding="utf-8") == page(), name


def test_every_package_we_depend_on_has_its_reason() -> None:
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'^  "([a-z0-9-]+)>=', project, re.MULTILINE)

    assert len(wanted) > 5
    assert [name for name in wanted if f"| {name} |" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "docs/guides/python.md"])
def test_python_blocks_run(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with a comment that is a literal are checked against it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {"answer": ["I wrote to <Em", "ail_1>."], "print": lambda *_a, **_k: None}

    for block in blocks:
        exec(block, names)
        for line in block.splitlines():
            expression, _, comment = line.partition("  # ")
            if re.match(r"['\"(]", comment.strip()):
                assert eval(expression, names) == eval(comment), line
    assert blocks


def test_the_root_exports_what_it_lists_sorted() -> None:
    assert memveil.__all__ == sorted(memveil.__all__, key=lambda name: (not name.isupper(), name.startswith("_"), name))
    assert all(hasattr(memveil, name) for name in memveil.__all__)


def test_every_error_is_exported() -> None:
    assert set(errors.__all__) <= set(memveil.__all__)


def test_files_stay_small() -> None:
    long = [
        str(path) for path in (ROOT / "src").rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]

    assert long == []


def test_every_source_file_has_its_test_file() -> None:
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    sources = [
        path for path in (ROOT / "src" / "memveil").rglob("*.py") if path.name not in {"__init__.py", "__main__.py"}
    ]
    # Data rows are run by one test; the public face, constants and protocols have nothing to run.
    exempt = {"version.py", "base.py"}
    missing = [
        str(path.relative_to(ROOT))
        for path in sources
        if f"test_{path.name}" not in tests and path.name not in exempt and "rules" not in path.parts
    ]

    assert missing == []


def test_importing_anything_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is written, no socket opened, no environment changed by an import."""
    import socket
    import subprocess

    assert socket
    script = (
        "import builtins, os, socket, pkgutil, importlib, memveil\n"
        "real = builtins.open\n"
        "def refuse(file, mode='r', *a, **k):\n"
        "    assert not set('wax+') & set(mode), 'an import writes a file'\n"
        "    return real(file, mode, *a, **k)\n"
        "builtins.open = refuse\n"
        "socket.socket.connect = lambda *a: (_ for _ in ()).throw(AssertionError('an import connects'))\n"
        "before = dict(os.environ)\n"
        "for module in pkgutil.walk_packages(memveil.__path__, 'memveil.'):\n"
        "    if not module.name.endswith('__main__'):\n"
        "        importlib.import_module(module.name)\n"
        "assert dict(os.environ) == before\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
