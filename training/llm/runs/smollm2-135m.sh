#!/usr/bin/env bash
# SmolLM2-135M on two processor cores: fine-tuning and GRPO by the clock, then scores and curves.
# Run from the project's root. SFT_MINUTES and GRPO_MINUTES set the lengths.
set -euo pipefail
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
# Big tensors stay with the process instead of being asked from the system anew each time: a fifth faster.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000
export TRANSFORMERS_VERBOSITY=error HF_DATASETS_DISABLE_PROGRESS_BARS=1
out=${1:-runs}
records=training/llm/runs/smollm2-135m
mkdir -p "$records"
score() { python -m training.llm.evaluate --model "$1" --name "$2" --out "$out/scores" --answer-tokens 192 --every "${EVERY:-1}"; }

[ -d "$out/smollm2" ] || python -m training.llm.smollm2 --out "$out/smollm2"

# Users' messages only, and short ones: what a processor learns most from in a minute.
python -m training.llm.sft --model "$out/smollm2" --out "$out/smollm2-sft" --minutes "${SFT_MINUTES:-45}" --epochs 20 \
  --roles user --tokens 256 --batch 4 --rate 3e-4 --weights bfloat16 --validate 32 --every 40
cp "$out/smollm2-sft/sft.csv" "$out/smollm2-sft/sft.json" "$records"
score "$out/smollm2-sft" sft

# One step: 4 answers to each of 4 questions. The published rate of 1e-6 moves nothing in so few steps.
python -m training.llm.grpo --model "$out/smollm2-sft" --out "$out/smollm2-grpo" --minutes "${GRPO_MINUTES:-30}" --epochs 20 \
  --tokens 224 --answer-tokens 112 --group 4 --batch 16 --accumulate 1 --rate 1e-5 --weights bfloat16
cp "$out/smollm2-grpo/grpo.csv" "$out/smollm2-grpo/grpo.json" "$records"
score "$out/smollm2-grpo" grpo

score "$out/smollm2" base
python -m training.llm.compare "$out"/scores/{base,sft,grpo}.csv | tee "$records/scores.md"
mkdir -p "$records/scores"
cp "$out"/scores/{base,sft,grpo}.{csv,json} "$records/scores"
python -m training.llm.plots "$records/sft.csv" --columns loss validation_loss --out "$records/sft-loss.png"
python -m training.llm.plots "$records/grpo.csv" --columns reward metric --smooth 8 --out "$records/grpo-reward.png"
python -m training.llm.plots "$records/grpo.csv" --columns invalid cut_off --smooth 8 --out "$records/grpo-invalid.png"
python -m training.llm.plots "$records/grpo.csv" --columns answer_tokens --smooth 8 --out "$records/grpo-length.png"
