"""The tagger: a small BERT with a span head and, apart from it, a type head.

Joint tags (begin/inside for each of 58 types) measured 2.5 to 3 points worse:
borders would have to be learned again for each type. The type head is linear in
the pieces, so a span's type is a sum of votes of its pieces, its first piece
and the pieces before it; the runtime adds them up with numpy.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from data import TYPES


class Tagger(nn.Module):
    """Scores ``tags (b, n, 3)``, ``inside``, ``first``, ``before`` (b, n, types)."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        hidden = config.hidden_size
        self.tag_layer = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Dropout(0.1))
        self.tag_head = nn.Linear(hidden, 3)
        self.type_layer = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Dropout(0.1))
        self.type_head = nn.Linear(hidden, 3 * len(TYPES))

    @classmethod
    def from_base(cls, folder: Path) -> Tagger:
        settings = json.loads((folder / "config.json").read_text())
        model = cls(BertConfig(**settings, attn_implementation="sdpa"))
        missing, unexpected = model.encoder.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
        assert not unexpected and not [name for name in missing if "position_ids" not in name], (missing, unexpected)
        return model

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        inside, first, before = self.type_head(self.type_layer(hidden)).chunk(3, dim=-1)
        return self.tag_head(self.tag_layer(hidden)), inside, first, before


def type_votes(inside: Tensor, first: Tensor, before: Tensor, spans: list[tuple[int, int, int]], left: int) -> Tensor:
    """Scores ``(spans, types)`` for one window; the torch twin of ``tagging.type_scores``."""
    rows = []
    for start, end, _ in spans:
        row = inside[start:end].mean(dim=0) + first[start]
        if start > 0:
            row = row + before[max(0, start - left) : start].sum(dim=0) / left
        rows.append(row)
    return torch.stack(rows)
