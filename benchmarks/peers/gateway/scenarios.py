"""What users of privacy gateways have reported, as scenarios that bytes decide.

Each row is a group of threads of other projects' users (stable identity, round trip, streaming, tools, failing
open). A scenario passes when what it expects is so, *and* no private value has reached the provider. Values are
such that both detectors find them (row 0 shows it), so no row measures detection.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import anthropic
import openai
from clients import APIS, Client
from gateways import Gateway
from upstream import Heard, Provider, Say

ALICE, BOB = "alice.johnson@example.com", "bob.miller@example.org"
PERSON, CARD = "Alice Johnson", "4111 1111 1111 1111"
PRIVATE = (ALICE, BOB, PERSON, "Alice", CARD, "Mike Wheeler", "mike.wheeler@example.com")


class Failed(Exception):
    """What a scenario expects is not so."""


def expect(condition: object, otherwise: str) -> None:
    if not condition:
        raise Failed(otherwise)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a scenario works with."""

    gateway: Gateway
    provider: Provider

    def client(self) -> Client:
        return Client(self.gateway.url)

    def nothing_private_left(self, *values: str) -> None:
        seen = self.provider.everything()
        found = [value for value in values or PRIVATE if value.encode() in seen]
        expect(not found, "a private value reached the provider")


def token(heard: Heard, *, at: int = 0) -> str:
    """What stands for the value in ``Write to ... please``."""
    return heard.between("Write to ", " please", at=at)


# -- row 0 ------------------------------------------------------------------------


def values_are_found(bench: Bench) -> None:
    for value in (ALICE, BOB, "mike.wheeler@example.com", CARD):
        bench.client().ask("chat", f"Write to {value} please.")
    bench.client().ask("chat", f"My name is {PERSON}.")
    bench.client().ask("chat", "My name is Mike Wheeler.")


# -- rows 1 to 4: stable identity --------------------------------------------------


def same_token_in_the_next_request(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please.")
    bench.client().ask("chat", f"Write to {BOB} please. Write to {ALICE} please.")
    first, second = bench.provider.heard
    expect(token(first) == token(second, at=1), "the value got another placeholder")


def saved_text_is_restored_later(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please.")
    saved = token(bench.provider.heard[0])
    bench.provider.model = lambda _heard: Say(text=f"My note says {saved}.")
    answer = bench.client().ask("chat", "What is in your notes?")
    expect(answer.text == f"My note says {ALICE}.", "the placeholder in the saved text stayed")


def same_token_in_all_messages(bench: Bench) -> None:
    said = [
        {"role": "user", "content": f"Write to {BOB} please. Write to {ALICE} please."},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": f"Write to {ALICE} please. Write to {ALICE} please."},
    ]
    bench.client().ask("chat", said)
    names = {token(bench.provider.heard[0], at=at) for at in (1, 2, 3)}
    expect(len(names) == 1, "one value has several placeholders")


def model_drops_the_brackets(bench: Bench) -> None:
    bench.provider.model = lambda heard: Say(text=f"I wrote to {token(heard).strip('<>[]{}')}.")
    answer = bench.client().ask("chat", f"Write to {ALICE} please.")
    expect(answer.text == f"I wrote to {ALICE}.", "the placeholder without brackets stayed")


def model_drops_the_number(bench: Bench) -> None:
    bench.provider.model = lambda heard: Say(text=f"I wrote to {token(heard).rstrip('>0123456789').rstrip('_')}>.")
    answer = bench.client().ask("chat", f"Write to {ALICE} please.")
    expect(answer.text == f"I wrote to {ALICE}.", "the placeholder without number stayed")


def two_people_stay_two(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please. Write to {BOB} please.")
    bench.client().ask("chat", f"Write to {BOB} please. Write to {ALICE} please.")
    first, second = bench.provider.heard
    expect(token(first) != token(first, at=1), "two values share a placeholder")
    expect((token(first), token(first, at=1)) == (token(second, at=1), token(second)), "they changed places")


def one_name_for_all_aliases(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please. Write to {ALICE.upper()} please.")
    heard = bench.provider.heard[0]
    expect(token(heard) == token(heard, at=1), "an alias has a placeholder of its own")


def mapping_is_secret(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please.")
    bench.client().ask("chat", f"Write to {BOB} please.", stream=True)
    files = bench.gateway.files()
    expect(not [value for value in PRIVATE if value.encode() in files], "a file of the gateway holds a value")


# -- rows 5 to 8: round trip ------------------------------------------------------


def text_comes_back(bench: Bench) -> None:
    text = f"Hi 👋🏽, I am at {ALICE}, 邮箱 {BOB} ，and again {ALICE}; card {CARD}.\n\tThanks — «A & B» <b>x</b>"
    expect(bench.client().ask("chat", text).text == text, "the text came back changed")


def own_placeholders_come_back(bench: Bench) -> None:
    bench.client().ask("chat", f"Write to {ALICE} please.")
    text = f"The log shows {token(bench.provider.heard[0])}, and my address is {BOB}."
    expect(bench.client().ask("chat", text).text == text, "a placeholder that the user typed became a value")


def plain_answer_is_restored(bench: Bench, api: str) -> None:
    bench.provider.model = lambda heard: Say(text=f"I wrote to {token(heard)}.")
    answer = bench.client().ask(api, f"Write to {ALICE} please.")
    expect(answer.text == f"I wrote to {ALICE}.", "the placeholder stayed")


def lengths_are_not_mixed_up(bench: Bench) -> None:
    text = "👋🏽 My name is Mike Wheeler. Write to mike.wheeler@example.com please, or call card 4111 1111 1111 1111."
    bench.provider.model = lambda heard: Say(text=" | ".join(reversed(heard.texts()[-1].split())))
    answer = bench.client().ask("chat", text)
    wanted = " ".join(reversed(answer.text.split(" | ")))
    expect(wanted == text, "a value came home as another piece of the text")


def requests_do_not_mix(bench: Bench) -> None:
    both = threading.Barrier(2, timeout=20)
    answers: dict[str, str] = {}

    def wait_for_the_other(heard: Heard) -> Say:
        both.wait()
        return Say(text=f"I wrote to {token(heard)}.")

    def ask(value: str) -> None:
        # A client that gets no answer has none of the other's either.
        try:
            answers[value] = bench.client().ask("chat", f"Write to {value} please.").text
        except openai.APIError as error:
            answers[value] = type(error).__name__

    bench.provider.model = wait_for_the_other
    threads = [threading.Thread(target=ask, args=(value,)) for value in (ALICE, BOB)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(answers == {value: f"I wrote to {value}." for value in (ALICE, BOB)}, "a client read another's value")


# -- rows 9 to 11: streams --------------------------------------------------------


def stream_is_restored(bench: Bench, api: str) -> None:
    bench.provider.model = lambda heard: Say(text=f"I wrote to {token(heard)}. Is that all?")
    answer = bench.client().ask(api, f"Write to {ALICE} please.", stream=True)
    expect(answer.text == f"I wrote to {ALICE}. Is that all?", "a placeholder stayed in the stream")


def stream_is_not_held_back(bench: Bench, api: str) -> None:
    bench.provider.model = lambda heard: Say(text=f"Dear customer, I wrote to {token(heard)}.", pause_after=15)
    client = bench.client()
    client.on_text = bench.provider.client_has_read.set
    answer = client.ask(api, f"Write to {ALICE} please.", stream=True)
    expect(answer.text, "nothing came")
    expect(not bench.provider.paused_in_vain, "the client read nothing until the provider was done")


def streaming_is_no_way_around(bench: Bench, api: str) -> None:
    bench.client().ask(api, f"Write to {ALICE} please.", stream=True)
    expect(bench.provider.heard, "nothing arrived")


# -- rows 12 to 14: tools ---------------------------------------------------------


def call(heard: Heard) -> Say:
    return Say(arguments={"to": token(heard), "body": 'say "hi"\n'})


def arguments_are_restored(bench: Bench, api: str, *, stream: bool) -> None:
    bench.provider.model = call
    answer = bench.client().ask(api, f"Write to {ALICE} please.", stream=stream, tools=True)
    expect(json.loads(answer.arguments) == {"to": ALICE, "body": 'say "hi"\n'}, "the tool got a placeholder")


def _history(api: str, *, arguments: object, result: str) -> list[dict[str, object]]:
    """A question, a call of the tool, its result."""
    asked: dict[str, object] = {"role": "user", "content": "Please send it."}
    text = json.dumps(arguments)
    match api:
        case "chat":
            made = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": text}}
            return [
                asked,
                {"role": "assistant", "content": None, "tool_calls": [made]},
                {"role": "tool", "tool_call_id": "call_1", "content": result},
            ]
        case "responses":
            return [
                asked,
                {"type": "function_call", "call_id": "call_1", "name": "send", "arguments": text},
                {"type": "function_call_output", "call_id": "call_1", "output": result},
            ]
        case _:
            made = {"type": "tool_use", "id": "toolu_1", "name": "send", "input": arguments}
            done = {"type": "tool_result", "tool_use_id": "toolu_1", "content": result}
            return [asked, {"role": "assistant", "content": [made]}, {"role": "user", "content": [done]}]


def results_are_hidden(bench: Bench, api: str) -> None:
    bench.provider.model = lambda _heard: Say(text="Done.")
    bench.client().ask(api, _history(api, arguments={"to": "them"}, result=f"Sent to {ALICE}."), tools=True)


def agent_loop_ends(bench: Bench) -> None:
    """The tool checks its argument; the agent tries three times."""

    def model(heard: Heard) -> Say:
        result = heard.texts()[-1]
        return Say(text="Done.") if result.startswith("sent") else call(heard)

    bench.provider.model = model
    said: list[dict[str, object]] = [{"role": "user", "content": f"Write to {ALICE} please."}]
    for _ in range(3):
        answer = bench.client().ask("chat", said, tools=True)
        if answer.text == "Done.":
            return
        given = json.loads(answer.arguments or "{}").get("to", "")
        made = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": answer.arguments}}
        said.append({"role": "assistant", "content": None, "tool_calls": [made]})
        result = "sent" if given == ALICE else "no such address"
        said.append({"role": "tool", "tool_call_id": "call_1", "content": result})
    raise Failed("the tool never got its argument, and the agent went in circles")


def arguments_in_history_are_hidden(bench: Bench, api: str) -> None:
    bench.provider.model = lambda _heard: Say(text="Done.")
    bench.client().ask(api, _history(api, arguments={"to": ALICE}, result="Sent."), tools=True)


# -- rows 15 and 16 ---------------------------------------------------------------


def two_passes_are_undone(bench: Bench) -> None:
    client = Client(bench.gateway.twice, bench.gateway.twice_model)
    text = f"Write to {ALICE} please."
    expect(client.ask("chat", text).text == text, "the value did not come back through two gateways")


def detector_down(bench: Bench, api: str) -> None:
    # A refusal is what is wanted.
    try:
        Client(bench.gateway.down).ask(api, f"Write to {ALICE} please.")
    except (openai.APIError, anthropic.APIError):
        return


def responses_input_is_hidden(bench: Bench, *, as_items: bool) -> None:
    text = f"Write to {ALICE} please."
    given = [{"role": "user", "content": [{"type": "input_text", "text": text}]}] if as_items else text
    bench.client().ask("responses", given)


def instructions_are_hidden(bench: Bench) -> None:
    bench.client().ask("responses", "Hello.", instructions=f"The user is at {ALICE}.")


Run = Callable[[Bench], None]


def each(row: int, what: str, run: Callable[..., None], **given: object) -> list[tuple[int, str, Run]]:
    """A scenario for each of the APIs."""
    return [(row, f"{what}: {api}", partial(run, api=api, **given)) for api in APIS]


SCENARIOS: tuple[tuple[int, str, Run], ...] = (
    (0, "every value of the scenarios is found and hidden", values_are_found),
    (1, "a value keeps its placeholder in the next request", same_token_in_the_next_request),
    (1, "text that was saved with a placeholder is restored in a later request", saved_text_is_restored_later),
    (2, "one value has one placeholder within and across messages", same_token_in_all_messages),
    (2, "the model drops the brackets: restored all the same", model_drops_the_brackets),
    (2, "the model drops the number: restored all the same", model_drops_the_number),
    (3, "two people keep two placeholders, the same ones in the next turn", two_people_stay_two),
    (4, "another spelling of a value has the same placeholder", one_name_for_all_aliases),
    (4, "no file and no log of the gateway holds a value", mapping_is_secret),
    (5, "a text with several values, emoji and Chinese comes back as it was", text_comes_back),
    (5, "a placeholder that the user typed comes back as typed", own_placeholders_come_back),
    *each(6, "a plain answer is restored", plain_answer_is_restored),
    (7, "values of many lengths come home in another order, each as it was", lengths_are_not_mixed_up),
    (8, "two requests at the same time: each client reads its own value", requests_do_not_mix),
    *each(9, "a stream of single characters is restored", stream_is_restored),
    *each(10, "the first text comes before the last is said", stream_is_not_held_back),
    *each(11, "a streamed request is protected", streaming_is_no_way_around),
    *each(12, "arguments of a tool are restored", arguments_are_restored, stream=False),
    *each(12, "the same in a stream", arguments_are_restored, stream=True),
    *each(12, "the result of a tool leaves protected", results_are_hidden),
    (13, "an agent's tool gets its argument, and the loop ends", agent_loop_ends),
    *each(14, "arguments in the history leave protected", arguments_in_history_are_hidden),
    (15, "two gateways in a row: the value comes back through both", two_passes_are_undone),
    *each(16, "the detector is down: nothing leaves in clear", detector_down),
    (16, "`/v1/responses`: input as a text is protected", partial(responses_input_is_hidden, as_items=False)),
    (16, "`/v1/responses`: input as items is protected", partial(responses_input_is_hidden, as_items=True)),
    (16, "`/v1/responses`: instructions are protected", instructions_are_hidden),
)
