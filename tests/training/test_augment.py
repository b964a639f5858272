"""Augmentation: values change, what is said about them does not."""

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

_TRAINING = Path(__file__).parents[2] / "training"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"memveil_training_{name}", _TRAINING / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


augment, corpus = _load("augment"), _load("corpus")


def _examples() -> list:
    found = []
    for number, dialogue in enumerate(corpus.read_all(_TRAINING.parent / "corpus" / "dialogues")[::41]):
        found += [augment.Example(m.text, m.spans, "", number, m.role) for m in dialogue.messages]
    return found


EXAMPLES = _examples()
POOL = augment.pool_of(EXAMPLES)


def _around(example: object) -> list[str]:
    """The text between the values."""
    edges = [0, *(edge for start, end, _ in example.spans for edge in (start, end)), len(example.text)]
    return [example.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _disjoint(example: object) -> bool:
    edges = [edge for start, end, _ in example.spans for edge in (start, end)]
    return edges == sorted(edges) and all(end > start for start, end, _ in example.spans)


@pytest.mark.parametrize("seed", range(3))
def test_fresh_values_leave_the_text_around_them_and_the_types(seed: int) -> None:
    changed = 0
    for example in EXAMPLES:
        fresh = augment.with_fresh_values(example, POOL, seed)
        assert _around(fresh) == _around(example)
        assert [kind for _, _, kind in fresh.spans] == [kind for _, _, kind in example.spans]
        assert _disjoint(fresh)
        changed += fresh.text != example.text
    assert changed > len(EXAMPLES) / 10


def test_a_value_is_replaced_by_the_same_value_throughout_a_dialogue() -> None:
    replacements: dict[tuple[int, str, str], str] = {}
    for example in EXAMPLES:
        fresh = augment.with_fresh_values(example, POOL, 1)
        for (start, end, kind), (first, last, _) in zip(example.spans, fresh.spans, strict=True):
            new = fresh.text[first:last]
            assert replacements.setdefault((example.dialogue, kind, example.text[start:end]), new) == new


def test_exchanged_values_are_built_alike() -> None:
    for (_, form), values in POOL.items():
        assert {augment.shape(value) for value in values} == {form}


@pytest.mark.parametrize("seed", range(3))
def test_noise_moves_no_value_and_no_type(seed: int) -> None:
    rng = random.Random(seed)
    changed = 0
    for example in EXAMPLES:
        noisy = augment.with_noise(example, rng)
        assert _disjoint(noisy)
        before = [example.text[s:e].casefold().translate(augment._FULL_WIDTH) for s, e, _ in example.spans]
        after = [noisy.text[s:e].casefold().translate(augment._FULL_WIDTH) for s, e, _ in noisy.spans]
        assert after == before
        assert [kind for _, _, kind in noisy.spans] == [kind for _, _, kind in example.spans]
        changed += noisy.text != example.text
    assert changed > len(EXAMPLES) / 4
