from __future__ import annotations

import re

from memveil.proxy.metrics import Metrics


def test_counts_are_shown_in_the_format_of_prometheus() -> None:
    metrics = Metrics()
    metrics.add("requests", api="chat", outcome="ok")
    metrics.add("requests", 2, api="chat", outcome="ok")
    metrics.add("restored", 0)
    metrics.add_all("spans", "level", {"PL2": 3, "PL4": 1})
    metrics.took(0.25)
    metrics.began()
    metrics.began()
    metrics.ended()

    text = metrics.render()

    assert 'memveil_requests_total{api="chat",outcome="ok"} 3\n' in text
    assert 'memveil_spans_total{level="PL4"} 1\n' in text
    assert "memveil_protect_seconds_total 0.250000\n" in text
    assert text.endswith("memveil_active 1\n")
    assert "\nmemveil_restored_total" not in text
    for line in text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) memveil_\w+ .+|memveil_\w+(\{[^}]+\})? [0-9.]+", line), line
