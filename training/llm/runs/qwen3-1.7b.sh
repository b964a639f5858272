#!/usr/bin/env bash
# Qwen3-1.7B, all weights, one GPU of 48 GB or more. Both languages. Run from the project's root.
# Memory and time: python -m training.llm.estimate
set -euo pipefail
out=${1:-runs/qwen3-1.7b}
common=(--languages en zh --prompt full --tokens 3072)
python -m training.llm.sft --model Qwen/Qwen3-1.7B --out "$out-sft" "${common[@]}" \
  --epochs 3 --batch 4 --accumulate 8 --rate 1e-5 --checkpointing --every 200
python -m training.llm.grpo --model "$out-sft" --out "$out-grpo" "${common[@]}" \
  --answer-tokens 768 --group 8 --batch 8 --accumulate 8 --rate 1e-6 --checkpointing --vllm
for stage in sft grpo; do
  python -m training.llm.evaluate --model "$out-$stage" --name "$stage" --out "$out-scores" "${common[@]}" --answer-tokens 768
done
python -m training.llm.evaluate --model Qwen/Qwen3-1.7B --name base --out "$out-scores" "${common[@]}" --answer-tokens 768
python -m training.llm.compare "$out-scores"/{base,sft,grpo}.csv
