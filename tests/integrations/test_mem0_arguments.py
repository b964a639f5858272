"""Arguments leave as the tables say."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from memveil import Guard
from memveil.errors import UnsupportedFormat
from memveil.integrations.leaves import Leaves
from memveil.integrations.mem0_arguments import METHODS, Arguments
from memveil.testing import CANARIES, assert_no_canary

MAIL = CANARIES["Email"]


@pytest.fixture
def arguments(guard: Guard) -> Arguments:
    return Arguments(Leaves(guard))


def test_every_argument_of_a_method_leaves_without_canaries(arguments: Arguments, guard: Guard) -> None:
    given: dict[str, Any] = {
        "user_id": MAIL,
        "metadata": {"note": MAIL, "agent_id": MAIL, MAIL: 1},
        "prompt": f"ask {MAIL}",
        "infer": False,
        "expiration_date": dt.date(2030, 1, 1),
        "run_id": None,
    }
    message = {"role": "user", "name": MAIL, "content": MAIL}
    sent = arguments.of("add", (message,), given)

    assert_no_canary(json.dumps(sent, default=str))
    assert sent["user_id"] == sent["metadata"]["agent_id"] == sent["messages"][0]["name"] == guard.protect_label(MAIL)
    assert (sent["infer"], sent["expiration_date"], sent["run_id"]) == (False, dt.date(2030, 1, 1), None)


def test_filters_keep_their_shape(arguments: Arguments, guard: Guard) -> None:
    token, mail = guard.protect_label("lena"), guard.protect(MAIL).text
    filters = {
        "AND": [{"user_id": "lena"}, {"OR": [{"contact": MAIL}, {"NOT": [{"contact": {"ne": MAIL}}]}]}],
        "agent_id": {"in": ["lena"]},
        "n": {"gte": 1, "lt": 5},
        "any": "*",
    }

    assert arguments.of("get_all", (), {"filters": filters})["filters"] == {
        "AND": [{"user_id": token}, {"OR": [{"contact": mail}, {"NOT": [{"contact": {"ne": mail}}]}]}],
        "agent_id": {"in": [token]},
        "n": {"gte": 1, "lt": 5},
        "any": "*",
    }


@pytest.mark.parametrize("method", sorted(METHODS))
def test_an_argument_too_many_or_twice_is_refused(arguments: Arguments, method: str) -> None:
    places = METHODS[method]

    with pytest.raises(UnsupportedFormat):
        arguments.of(method, ("x",) * (len(places) + 1), {})
    for place in places[:1]:
        with pytest.raises(UnsupportedFormat):
            arguments.of(method, ("x",), {place: "x"})


@pytest.mark.parametrize("value", ["two words", "http://x/y?z", object(), {"a": 1}, [b"x"]])
def test_a_setting_is_a_number_a_date_or_a_word(arguments: Arguments, value: object) -> None:
    with pytest.raises(UnsupportedFormat):
        arguments.of("search", ("x",), {"fields": value})
