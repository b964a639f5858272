"""From results to ``docs/evaluation.md`` and ``docs/evaluation.html``."""
