"""AdamW for a model held in bfloat16, with float32 master weights (Micikevicius et al. 2018, arXiv 1710.03740).

A bfloat16 number has eight bits: a step of 1e-4 on a weight of 0.05 rounds to nothing. So the sums are kept in float32
and the model sees them rounded. Autocast does the same with the two changed about; on processors, where its casts of
every layer cost a third of the time, this is faster. For one device: sharded training wants float32 weights.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


class MasterAdamW(torch.optim.AdamW):
    """Steps the masters, then writes them into ``model``."""

    def __init__(self, model: nn.Module, *, rate: float, betas: tuple[float, float], weight_decay: float) -> None:
        self.held = [weight for weight in model.parameters() if weight.requires_grad]
        self.masters = [weight.detach().float().clone().requires_grad_() for weight in self.held]
        # Gains of norms are no directions to be kept small.
        groups = [
            {"params": [m for m in self.masters if m.dim() > 1], "weight_decay": weight_decay},
            {"params": [m for m in self.masters if m.dim() < 2], "weight_decay": 0.0},
        ]
        super().__init__(groups, lr=rate, betas=betas)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        for held, master in zip(self.held, self.masters, strict=True):
            # Somebody else wrote weights: a checkpoint was loaded.
            if not torch.equal(held, master.to(held.dtype)):
                master.copy_(held)
            master.grad = None if held.grad is None else held.grad.float()
        result = super().step(closure)
        for held, master in zip(self.held, self.masters, strict=True):
            held.copy_(master)
            master.grad = None
        return result

    def zero_grad(self, set_to_none: bool = True) -> None:
        for held in self.held:
            held.grad = None
        super().zero_grad(set_to_none)
