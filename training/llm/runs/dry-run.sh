#!/usr/bin/env bash
# All stages of the Qwen3 recipe on a random model of Qwen3's shape: minutes on a processor, no download.
# Run from the project's root, with training/llm/requirements-llm.txt installed.
set -euo pipefail
out=${1:-runs/tiny-qwen3}
python -m training.llm.tiny_qwen3 --out "$out/base"
python -m training.llm.sft --model "$out/base" --out "$out/sft" --tokens 640 --steps 4 --batch 2 --lora 4 --validate 4 --every 2
python -m training.llm.merge --adapter "$out/sft" --out "$out/sft-merged"
python -m training.llm.grpo --model "$out/sft-merged" --out "$out/grpo" --tokens 640 --answer-tokens 160 \
  --samples 8 --steps 2 --group 2 --batch 2 --accumulate 2 --lora 4
python -m training.llm.merge --adapter "$out/grpo" --out "$out/grpo-merged"
python -m training.llm.evaluate --model "$out/grpo-merged" --name grpo --out "$out/scores" --tokens 640 --answer-tokens 24 --every 60
python -m training.llm.compare "$out/scores/grpo.csv"
python -m training.llm.ask --model "$out/grpo-merged" --text "I am Odile Tarnow, code 51-08-K."
