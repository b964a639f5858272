#!/usr/bin/env bash
# Qwen3-4B with adapters: one GPU of 24 GB for fine-tuning, of 48 GB or more for GRPO with vLLM beside it.
# Both languages. Several GPUs: GPUS=4 bash training/llm/runs/qwen3-4b.sh (each holds the model, the batch is shared).
# Run from the project's root. Memory and time: python -m training.llm.estimate
set -euo pipefail
out=${1:-runs/qwen3-4b}
gpus=${GPUS:-1}
common=(--languages en zh --prompt full --tokens 3072)
stage=(accelerate launch --num_processes "$gpus" --mixed_precision bf16 -m)
[ "$gpus" -gt 1 ] && stage=(accelerate launch --multi_gpu --num_processes "$gpus" --mixed_precision bf16 -m)
"${stage[@]}" training.llm.sft --model Qwen/Qwen3-4B --out "$out-sft" "${common[@]}" --weights bfloat16 --lora 32 \
  --epochs 3 --batch 4 --accumulate $((8 / gpus > 0 ? 8 / gpus : 1)) --rate 2e-4 --checkpointing --every 200
python -m training.llm.merge --adapter "$out-sft" --out "$out-sft-merged"
"${stage[@]}" training.llm.grpo --model "$out-sft-merged" --out "$out-grpo" "${common[@]}" --weights bfloat16 --lora 32 \
  --answer-tokens 768 --group 8 --batch 8 --accumulate $((8 / gpus > 0 ? 8 / gpus : 1)) --rate 1e-5 --checkpointing --vllm
python -m training.llm.merge --adapter "$out-grpo" --out "$out-grpo-merged"
for name in sft grpo; do
  python -m training.llm.evaluate --model "$out-$name-merged" --name "$name" --out "$out-scores" "${common[@]}" --answer-tokens 768
done
python -m training.llm.evaluate --model Qwen/Qwen3-4B --name base --out "$out-scores" "${common[@]}" --answer-tokens 768
python -m training.llm.compare "$out-scores"/{base,sft,grpo}.csv
