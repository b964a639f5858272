"""Whole answers as the streams that providers make of them, and the texts of streams put together again.

Written after what the providers document, and without memveil's own code, so
that the two can be compared.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Cut = Callable[[str], list[str]]
Json = dict[str, Any]


def every_character(text: str) -> list[str]:
    return list(text)


def at(place: int) -> Cut:
    """Every text in two pieces."""
    return lambda text: [text[:place], text[place:]]


# --- OpenAI, chat ------------------------------------------------------------------

_CHAT_TEXTS = ("reasoning_content", "reasoning", "content", "refusal")


def chat_events(answer: Json, cut: Cut) -> list[Any]:
    frame = {key: value for key, value in answer.items() if key not in {"choices", "usage"}}

    def chunk(choices: list[Json], **more: Any) -> Json:
        return {**frame, "object": "chat.completion.chunk", "choices": choices, **more}

    def delta(index: int, delta: Json, finish: str | None = None, **more: Any) -> Json:
        return chunk([{"index": index, "delta": delta, "finish_reason": finish, **more}])

    spoken = [list(_chat_deltas(choice["message"], cut)) for choice in answer["choices"]]
    events: list[Any] = []
    # The choices take turns, as they do where n > 1.
    for turn in range(max(map(len, spoken))):
        events += [
            delta(choice["index"], deltas[turn])
            for choice, deltas in zip(answer["choices"], spoken, strict=True)
            if turn < len(deltas)
        ]
    events += [delta(choice["index"], {}, choice["finish_reason"]) for choice in answer["choices"]]
    return [*events, chunk([], usage=answer["usage"]), "[DONE]"]


def _chat_deltas(message: Json, cut: Cut) -> Iterator[Json]:
    yield {"role": "assistant", "content": "" if message.get("content") is not None else None}
    for field in _CHAT_TEXTS:
        if message.get(field) is not None:
            yield from ({field: piece} for piece in cut(message[field]))
    for number, call in enumerate(message.get("tool_calls") or []):
        kind, slot = ("custom", "input") if call["type"] == "custom" else ("function", "arguments")
        called = {**call[kind], slot: ""}
        yield {"tool_calls": [{**call, "index": number, kind: called}]}
        yield from ({"tool_calls": [{"index": number, kind: {slot: piece}}]} for piece in cut(call[kind][slot]))
    if message.get("function_call"):
        called = message["function_call"]
        yield {"function_call": {"name": called["name"], "arguments": ""}}
        yield from ({"function_call": {"arguments": piece}} for piece in cut(called["arguments"]))


def chat_texts(answer: Json) -> dict[str, str]:
    texts: dict[str, str] = {}
    for choice in answer["choices"]:
        message, name = choice["message"], choice["index"]
        texts |= {f"{name} {field}": message[field] for field in _CHAT_TEXTS if message.get(field)}
        for number, call in enumerate(message.get("tool_calls") or []):
            kind, slot = ("custom", "input") if call["type"] == "custom" else ("function", "arguments")
            texts[f"{name} call {number}"] = call[kind][slot]
        if message.get("function_call"):
            texts[f"{name} function"] = message["function_call"]["arguments"]
    return {key: text for key, text in texts.items() if text}


def chat_joined(events: Iterable[Any]) -> dict[str, str]:
    texts: defaultdict[str, str] = defaultdict(str)
    ended: set[int] = set()
    for event in events:
        for choice in [] if event == "[DONE]" else event["choices"]:
            name, delta = choice["index"], choice["delta"]
            assert name not in ended or not delta, "text after the end"
            for field in _CHAT_TEXTS:
                texts[f"{name} {field}"] += delta.get(field) or ""
            for call in delta.get("tool_calls") or []:
                called = call.get("function") or call.get("custom") or {}
                texts[f"{name} call {call['index']}"] += called.get("arguments") or called.get("input") or ""
            texts[f"{name} function"] += (delta.get("function_call") or {}).get("arguments") or ""
            if choice["finish_reason"]:
                ended.add(name)
    return {key: text for key, text in texts.items() if text}


# --- OpenAI, responses ----------------------------------------------------------------

# The slot of an item that is streamed, and the events that stream it.
_ITEM_SLOTS = {
    "function_call": ("arguments", "response.function_call_arguments"),
    "custom_tool_call": ("input", "response.custom_tool_call_input"),
    "code_interpreter_call": ("code", "response.code_interpreter_call_code"),
}
_PART_SLOTS = {
    "output_text": ("text", "response.output_text"),
    "refusal": ("refusal", "response.refusal"),
    "reasoning_text": ("text", "response.reasoning_text"),
    "summary_text": ("text", "response.reasoning_summary_text"),
}


def responses_events(answer: Json, cut: Cut) -> list[Any]:
    begun = {**answer, "status": "in_progress", "output": []}
    events: list[Json] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(answer["output"]):
        place = {"output_index": index, "item_id": item["id"]}
        slot, _ = _ITEM_SLOTS.get(item["type"], ("", ""))
        empty = {key: [] if key in {"content", "summary"} else "" if key == slot else v for key, v in item.items()}
        events.append({"type": "response.output_item.added", "output_index": index, "item": empty})
        for list_, key in (("summary", "summary_index"), ("content", "content_index")):
            for number, part in enumerate(item.get(list_) or []):
                events += _part_events(part, {**place, key: number}, cut, is_summary=list_ == "summary")
        if slot:
            events += _slot_events(*_ITEM_SLOTS[item["type"]], item[slot], place, cut, {})
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    end = "response.completed" if answer["status"] == "completed" else "response.incomplete"
    events.append({"type": end, "response": answer})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _part_events(part: Json, place: Json, cut: Cut, *, is_summary: bool) -> Iterator[Json]:
    slot, name = _PART_SLOTS[part["type"]]
    more = {"logprobs": []} if part["type"] == "output_text" else {}
    around = "response.reasoning_summary_part" if is_summary else "response.content_part"
    empty = {**part, slot: ""} | ({"annotations": []} if "annotations" in part else {})
    yield {"type": f"{around}.added", "part": empty, **place}
    yield from _slot_events(slot, name, part[slot], place, cut, more)
    for number, annotation in enumerate(part.get("annotations") or []):
        added = {"annotation_index": number, "annotation": annotation}
        yield {"type": "response.output_text.annotation.added", **added, **place}
    yield {"type": f"{around}.done", "part": part, **place}


def _slot_events(slot: str, name: str, text: str, place: Json, cut: Cut, more: Json) -> Iterator[Json]:
    yield from ({"type": f"{name}.delta", "delta": piece, **more, **place} for piece in cut(text))
    yield {"type": f"{name}.done", slot: text, **more, **place}


def responses_texts(answer: Json) -> dict[str, str]:
    texts: dict[str, str] = {}
    for index, item in enumerate(answer["output"]):
        for list_ in ("summary", "content"):
            for number, part in enumerate(item.get(list_) or []):
                slot, name = _PART_SLOTS[part["type"]]
                texts[f"{index} {name} {number}"] = part[slot]
        if item["type"] in _ITEM_SLOTS:
            slot, name = _ITEM_SLOTS[item["type"]]
            texts[f"{index} {name} None"] = item[slot]
    return {key: text for key, text in texts.items() if text}


def responses_joined(events: Iterable[Any]) -> dict[str, str]:
    """The deltas, which must say the same as the event that ends them."""
    texts: defaultdict[str, str] = defaultdict(str)
    slots = {name: slot for slot, name in [*_ITEM_SLOTS.values(), *_PART_SLOTS.values()]}
    numbers: list[int] = []
    for event in events:
        numbers.append(event["sequence_number"])
        kind, _, what = event["type"].rpartition(".")
        if kind in slots:
            key = f"{event['output_index']} {kind} {event.get('content_index', event.get('summary_index'))}"
            if what == "delta":
                texts[key] += event["delta"]
            else:
                assert texts[key] == event[slots[kind]], "the whole differs from its pieces"
    assert numbers == list(range(len(numbers)))
    return {key: text for key, text in texts.items() if text}


# --- Anthropic ------------------------------------------------------------------------


def messages_events(answer: Json, cut: Cut) -> list[Any]:
    events: list[Json] = [
        {"type": "message_start", "message": {**answer, "content": [], "stop_reason": None, "stop_sequence": None}},
        {"type": "ping"},
    ]
    for index, block in enumerate(answer["content"]):
        start, deltas = _block(block, cut)
        events.append({"type": "content_block_start", "index": index, "content_block": start})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    stopped = {"stop_reason": answer["stop_reason"], "stop_sequence": answer["stop_sequence"]}
    return [*events, {"type": "message_delta", "delta": stopped, "usage": answer["usage"]}, {"type": "message_stop"}]


def _block(block: Json, cut: Cut) -> tuple[Json, list[Json]]:
    match block["type"]:
        case "text":
            deltas: list[Json] = [{"type": "text_delta", "text": piece} for piece in cut(block["text"])]
            deltas += [{"type": "citations_delta", "citation": citation} for citation in block.get("citations") or []]
            return {"type": "text", "text": ""}, deltas
        case "tool_use" | "server_tool_use":
            pieces = cut(json.dumps(block["input"], ensure_ascii=False))
            return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
        case "thinking":
            said: list[Json] = [{"type": "thinking_delta", "thinking": piece} for piece in cut(block["thinking"])]
            signed = {"type": "signature_delta", "signature": block["signature"]}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*said, signed]
        case _:
            return block, []


def messages_texts(answer: Json) -> dict[str, str]:
    texts: dict[str, str] = {}
    for index, block in enumerate(answer["content"]):
        match block["type"]:
            case "text" | "thinking":
                texts[f"{index}"] = block[block["type"]]
            case "tool_use" | "server_tool_use":
                texts[f"{index}"] = json.dumps(block["input"], ensure_ascii=False)
            case _:
                pass
    return {key: text for key, text in texts.items() if text}


def messages_joined(events: Iterable[Any]) -> dict[str, str]:
    texts: defaultdict[str, str] = defaultdict(str)
    open_: set[int] = set()
    for event in events:
        match event["type"]:
            case "content_block_start":
                open_.add(event["index"])
            case "content_block_stop":
                open_.remove(event["index"])
            case "content_block_delta":
                assert event["index"] in open_, "text outside its block"
                delta = event["delta"]
                texts[str(event["index"])] += (
                    delta.get("text") or delta.get("partial_json") or delta.get("thinking") or ""
                )
            case _:
                pass
    assert not open_
    return {key: text for key, text in texts.items() if text}


STREAMS: dict[str, tuple[Callable[[Json, Cut], list[Any]], Callable[[Json], dict[str, str]], Any]] = {
    "chat": (chat_events, chat_texts, chat_joined),
    "responses": (responses_events, responses_texts, responses_joined),
    "messages": (messages_events, messages_texts, messages_joined),
}
"""For each format: the stream of an answer, the texts of an answer, the texts of a stream."""
