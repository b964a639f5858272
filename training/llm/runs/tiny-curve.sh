#!/usr/bin/env bash
# Does GRPO raise what it is paid for? The random model of Qwen3's shape, taught the form of answers by example, then
# paid. It is far too small to find much; its reward must rise all the same. A quarter of an hour on one core.
set -euo pipefail
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} TRANSFORMERS_VERBOSITY=error HF_DATASETS_DISABLE_PROGRESS_BARS=1
out=${1:-runs/tiny-curve}
records=training/llm/runs/tiny-curve
mkdir -p "$records"
python -m training.llm.tiny_qwen3 --out "$out/base"
python -m training.llm.sft --model "$out/base" --out "$out/sft" --roles user --tokens 448 --minutes "${SFT_MINUTES:-5}" --epochs 50 \
  --batch 8 --rate 3e-3 --validate 32 --every 100
python -m training.llm.grpo --model "$out/sft" --out "$out/grpo" --tokens 448 --answer-tokens 128 --minutes "${GRPO_MINUTES:-10}" \
  --epochs 50 --group 8 --batch 32 --accumulate 1 --rate 3e-4
for stage in base sft grpo; do
  python -m training.llm.evaluate --model "$out/$stage" --name "$stage" --out "$out/scores" --tokens 448 --answer-tokens 128
done
cp "$out/sft/sft.csv" "$out/grpo/grpo.csv" "$records"
python -m training.llm.compare "$out"/scores/{base,sft,grpo}.csv | tee "$records/scores.md"
python -m training.llm.plots "$records/grpo.csv" --columns reward metric format --smooth 8 --out "$records/grpo-reward.png"
python -m training.llm.plots "$records/grpo.csv" --columns invalid cut_off --smooth 8 --out "$records/grpo-invalid.png"
