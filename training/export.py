"""Stage 4: from torch to one int8 ONNX file, with a parity check.

    python training/export.py --model runs/edge/model.pt --base runs/base --out src/memveil/model

Writes ``edge.onnx`` (weights int8, per channel), ``tokenizer.json`` and
``manifest.json``; compares float torch, float ONNX and int8 ONNX on the
validation part of the corpus.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from data import TYPES, Encoder, load
from evaluate import recognizer_detector, score_dialogues, torch_scorer
from memveil.recognizers.onnx import OnnxRecognizer, OperatingPoint
from memveil.spans import PrivacyLevel
from model import Tagger

WINDOW, OVERLAP = 320, 80


class Graph(nn.Module):
    """The tagger with its three kinds of votes side by side in one output."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        tags, inside, first, before = self.tagger(ids, mask)
        return tags, torch.cat([inside, first, before], dim=-1)


def export_float(model: Tagger, path: Path) -> None:
    example = torch.randint(4, 1000, (2, 16))
    torch.onnx.export(
        Graph(model).eval(),
        (example, torch.ones_like(example)),
        str(path),
        input_names=["ids", "mask"],
        output_names=["tags", "votes"],
        dynamic_axes={name: {0: "batch", 1: "pieces"} for name in ("ids", "mask", "tags", "votes")},
        opset_version=17,
        dynamo=False,
    )


def parity(model: Tagger, path: Path, encoder: Encoder, texts: list[str]) -> float:
    """Largest difference between torch and ONNX scores."""
    session = onnxruntime.InferenceSession(str(path))
    worst = 0.0
    for text in texts:
        ids, _ = encoder.pieces(text)
        row = np.array([[0, *ids[:WINDOW], 2]], np.int64)
        with torch.no_grad():
            expected = Graph(model)(torch.from_numpy(row), torch.ones(row.shape, dtype=torch.long))
        actual = session.run(None, {"ids": row, "mask": np.ones_like(row)})
        worst = max(worst, *(float(np.abs(e.numpy() - a).max()) for e, a in zip(expected, actual, strict=True)))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--base", type=Path, default=Path("runs/base"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--out", type=Path, default=Path("src/memveil/model"))
    parser.add_argument("--bias", type=float, default=0.0, help="outside bias of the shipped operating point")
    parser.add_argument("--context", type=int, default=0, help="pieces of the previous turn that the runtime shows")
    parser.add_argument(
        "--thresholds", type=float, nargs=3, default=(-20.0, -20.0, -20.0), help="log-odds for PL2, PL3, PL4"
    )
    parser.add_argument("--score", action="store_true", help="also score float and int8 on the validation part")
    args = parser.parse_args()

    model = Tagger.from_base(args.base)
    model.load_state_dict(torch.load(args.model))
    model.eval()
    model.encoder.set_attn_implementation("eager")
    args.out.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(args.base / "tokenizer.json")
    _, validation = load(args.corpus)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "float.onnx"
        export_float(model, exact)
        texts = [message.text for dialogue in validation[:5] for message in dialogue.messages[:4]]
        difference = parity(model, exact, encoder, texts)
        print(f"largest difference torch / float ONNX: {difference:.2e}")
        assert difference < 1e-2, "the exported graph is not the model"
        # Seven bits: processors without VNNI add int8 products in 16 bits, and eight would overflow there.
        quantize_dynamic(
            exact, args.out / "edge.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    shutil.copy(args.base / "tokenizer.json", args.out / "tokenizer.json")
    manifest = {
        "types": TYPES,
        "window": WINDOW,
        "overlap": OVERLAP,
        "context": args.context,
        "outside_bias": args.bias,
        "thresholds": dict(zip(("PL2", "PL3", "PL4"), args.thresholds, strict=True)),
        "sha256": {
            name: hashlib.sha256((args.out / name).read_bytes()).hexdigest() for name in ("edge.onnx", "tokenizer.json")
        },
    }
    (args.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    size = (args.out / "edge.onnx").stat().st_size / 1e6
    print(f"edge.onnx {size:.1f} MB")
    assert size <= 45, "the model file is too large to ship"
    if args.score:
        torch_model = torch_scorer(model, encoder, context=bool(args.context))
        print("float", json.dumps(score_dialogues(validation, torch_model)))
        everything = OperatingPoint(0.0, dict.fromkeys(PrivacyLevel, -20.0))
        quantized = recognizer_detector(OnnxRecognizer(args.out, point=everything))
        print("int8 ", json.dumps(score_dialogues(validation, quantized)))


if __name__ == "__main__":
    main()
