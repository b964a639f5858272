"""memveil as it ships: rules, then the bundled model."""

from __future__ import annotations

from worker import Detector, Found, serve


def load() -> Detector:
    from memveil.detect import Context, detect
    from memveil.recognizers.defaults import default_recognizers
    from memveil.resolve import resolve

    cascade = default_recognizers()

    def detect_one(text: str, user_name: str) -> Found:
        spans = resolve(detect(text, cascade, Context(user_name=user_name or None)))
        return ((span.start, span.end, span.privacy_type) for span in spans)

    return detect_one


if __name__ == "__main__":
    serve(load)
