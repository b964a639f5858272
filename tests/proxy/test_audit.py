from __future__ import annotations

import io
import json
from collections import Counter
from datetime import datetime

from memveil.proxy.audit import AuditLog, Record, scope_hash


def test_a_record_is_one_line_of_counts() -> None:
    stream = io.StringIO()
    AuditLog(stream).write(Record(api="chat", scope=scope_hash("alice"), types=Counter({"Email": 2}), status=200))

    line = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert (line["api"], line["types"], line["status"], line["outcome"]) == ("chat", {"Email": 2}, 200, "ok")
    assert "alice" not in stream.getvalue()


def test_scopes_are_told_apart_by_their_hash() -> None:
    assert scope_hash("alice") == scope_hash("alice") != scope_hash("bob")
