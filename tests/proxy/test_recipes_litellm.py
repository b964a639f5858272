"""The plug-in's recipe is what `make peers-gateway` starts; LiteLLM itself is not in this environment."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.proxy.recipes import blocks

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "contrib" / "litellm_guardrail.py"
COMPARISON = ROOT / "benchmarks" / "peers" / "gateway" / "gateways.py"


def settings(configuration: str) -> dict[str, str]:
    """What stands below ``litellm_params``, as it is written."""
    _, _, rest = configuration.partition("litellm_params:\n")
    return dict(re.findall(r"^ +(\w+): (.+)$", rest, re.MULTILINE))


def recipe() -> dict[str, str]:
    (block,) = blocks("LiteLLM", "yaml")
    found = settings(block)
    assert len(found) == 3
    return found


def test_the_recipe_names_what_the_plug_in_has() -> None:
    file, _, name = recipe()["guardrail"].partition(".")
    module = ast.parse(PLUGIN.read_text(encoding="utf-8"))

    assert file == PLUGIN.stem
    assert name in [node.name for node in module.body if isinstance(node, ast.ClassDef)]


def test_the_head_of_the_plug_in_says_the_same() -> None:
    head = ast.get_docstring(ast.parse(PLUGIN.read_text(encoding="utf-8"))) or ""

    assert settings(head.split("\nServed are", 1)[0]) == recipe()


def test_the_comparison_starts_it_the_same_way() -> None:
    tree = ast.parse(COMPARISON.read_text(encoding="utf-8"))
    (made,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "guardrail" and "MemveilGuardrail" in ast.unparse(node)
    ]
    (returned,) = [node.value for node in made.body if isinstance(node, ast.Return) and node.value]

    started = eval(ast.unparse(returned), {"name": PLUGIN.stem})

    assert str(started).replace("'", "").replace("True", "true") == str(recipe()).replace("'", "")
