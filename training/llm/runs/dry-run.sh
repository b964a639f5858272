#!/usr/bin/env bash
# The recipe of runs/qwen3-4b.sh, stage for stage, on a random model of Qwen3's shape: minutes on a processor, no
# download. It learns nothing; any stage that fails ends it. `make train-llm-dry-run` sets up what it needs.
set -euo pipefail
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2} HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error
export HF_DATASETS_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1 PYTHONWARNINGS=ignore
out=${1:-runs/tiny-qwen3}
stage=(accelerate launch --cpu --num_processes 1 --num_machines 1 --mixed_precision bf16 --dynamo_backend no -m)

say() { printf '%4d s  %s\n' "$SECONDS" "$1"; }

# A few dialogues of each language, with personas of the validation part among them.
mkdir -p "$out/corpus"
cp corpus/dialogues/{en,zh}_persona_*.txt "$out/corpus"
common=(--corpus "$out/corpus" --languages en zh --prompt full --tokens 3072)
say "a random model"
python -m training.llm.tiny_qwen3 --out "$out/base"
say "fine-tuning, adapters"
"${stage[@]}" training.llm.sft --model "$out/base" --out "$out/sft" "${common[@]}" --weights bfloat16 --lora 4 \
  --steps 2 --batch 2 --accumulate 2 --rate 2e-4 --checkpointing --validate 2 --every 1
say "merging"
python -m training.llm.merge --adapter "$out/sft" --out "$out/sft-merged"
say "GRPO, adapters"
"${stage[@]}" training.llm.grpo --model "$out/sft-merged" --out "$out/grpo" "${common[@]}" --weights bfloat16 --lora 4 \
  --samples 4 --steps 2 --answer-tokens 96 --group 2 --batch 2 --accumulate 2 --rate 1e-5 --checkpointing
say "merging"
python -m training.llm.merge --adapter "$out/grpo" --out "$out/grpo-merged"
say "scores"
python -m training.llm.evaluate --model "$out/grpo-merged" --name grpo --out "$out/scores" "${common[@]}" \
  --answer-tokens 24 --batch 4 --every 10
python -m training.llm.compare "$out/scores/grpo.csv"
say "the recognizer, with the merged model"
python -m training.llm.ask --model "$out/grpo-merged" --prompt full --answer-tokens 24 --user "Odile Tarnow" \
  --text "I am Odile Tarnow, code 51-08-K."
say "all stages passed"
