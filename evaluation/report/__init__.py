"""From results to ``docs/evaluation.md`` and ``docs/privacy-utility.html``."""
