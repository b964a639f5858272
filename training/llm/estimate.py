"""What a stage needs on a GPU: memory and time, computed from the model's shape. Estimates, not measurements.

    python -m training.llm.estimate --samples 22500 --question 1600 --answer 100

Memory: bytes a weight for the weights, gradients and two moments of Adam; with checkpointing one hidden state a layer
and token, and the inner activations of one layer. Time: 2 operations a weight and token forwards, 4 backwards, 2 more
for checkpointing; adapters save the 2 for gradients of frozen weights. 40 % of the peak is what such runs reach.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """A Qwen3 model (arXiv 2505.09388, table 1); embeddings are tied, heads are 128 wide."""

    layers: int
    hidden: int
    heads: int
    key_value_heads: int
    inner: int
    vocabulary: int = 151_936

    @property
    def linear(self) -> list[tuple[int, int]]:
        """Inputs and outputs of the linear maps of one layer."""
        query, key = 128 * self.heads, 128 * self.key_value_heads
        return [(self.hidden, query), (self.hidden, key), (self.hidden, key), (query, self.hidden),
                (self.hidden, self.inner), (self.hidden, self.inner), (self.inner, self.hidden)]  # fmt: skip

    @property
    def body(self) -> int:
        """Weights outside the embeddings."""
        return self.layers * sum(a * b for a, b in self.linear)

    @property
    def weights(self) -> int:
        return self.body + self.vocabulary * self.hidden

    def adapters(self, rank: int) -> int:
        return self.layers * sum(rank * (a + b) for a, b in self.linear)


SHAPES = {
    "Qwen3-0.6B": Shape(28, 1024, 16, 8, 3072),
    "Qwen3-1.7B": Shape(28, 2048, 16, 8, 6144),
    "Qwen3-4B": Shape(36, 2560, 32, 8, 9728),
}


def memory(shape: Shape, *, tokens: int, rank: int) -> float:
    """Gigabytes on one device at ``tokens`` a backward pass; rank 0: all weights are learned, in float32."""
    # Weights, gradient, two moments in float32; bfloat16 copies that autocast makes.
    learned, held = (shape.adapters(rank), 2 * shape.weights) if rank else (shape.weights, 2 * shape.weights)
    states = 16 * learned + held
    kept = 2 * shape.hidden * shape.layers * tokens
    one_layer = (34 * shape.hidden + 10 * shape.inner) * tokens
    return (states + kept + one_layer) / 1e9


def hours(shape: Shape, *, tokens: float, rank: int, peak: float, share: float) -> float:
    """Hours of one device for ``tokens`` learned, with checkpointing."""
    return (6 if rank else 8) * shape.body * tokens / (peak * 1e12 * share) / 3600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=22_500, help="of an epoch")
    parser.add_argument("--question", type=int, default=1600, help="tokens")
    parser.add_argument("--answer", type=int, default=100, help="tokens")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--questions", type=int, default=1000, help="of GRPO, two epochs")
    parser.add_argument("--group", type=int, default=8)
    parser.add_argument("--batch", type=int, default=4, help="samples a backward pass")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--peak", type=float, default=989, help="bfloat16 TFLOP/s of the device; 989: H100, 312: A100")
    parser.add_argument("--share", type=float, default=0.4)
    parser.add_argument("--drawn", type=float, default=4000, help="tokens a second that vLLM draws for the 4B model")
    args = parser.parse_args()
    each = args.question + args.answer
    print("| model | weights | SFT, all weights | SFT, adapters | GRPO, adapters |\n|---|---|---|---|---|")
    for name, shape in SHAPES.items():
        cells = []
        for rank in (0, args.rank):
            gigabytes = memory(shape, tokens=args.batch * each, rank=rank)
            time = hours(shape, tokens=args.epochs * args.samples * each, rank=rank, peak=args.peak, share=args.share)
            cells.append(f"{gigabytes:.0f} GB, {time:.1f} h")
        answers = 2 * args.questions * args.group
        # Each answer is read once more to get the probabilities it was drawn with: a third of a learning pass.
        learned = hours(shape, tokens=answers * each, rank=args.rank, peak=args.peak, share=args.share) * 4 / 3
        drawn = answers * args.answer / (args.drawn * SHAPES["Qwen3-4B"].weights / shape.weights) / 3600
        gigabytes = memory(shape, tokens=args.batch * each, rank=args.rank) + 2 * shape.weights / 1e9
        cells.append(f"{gigabytes:.0f} GB and vLLM's cache, {learned + drawn:.1f} h")
        print(f"| {name} | {shape.weights / 1e9:.2f} B | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
