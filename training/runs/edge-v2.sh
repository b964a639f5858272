#!/usr/bin/env bash
# Makes the tagger that ships. On two idle CPU cores: about three hours. Run from the project's root.
# The released file had less: its stages were stopped by the clock, see training/LOG.md.
set -euo pipefail
export OMP_NUM_THREADS=2 OMP_PROC_BIND=close OMP_PLACES=cores
python training/base_model.py --out runs/base
python training/train.py --base runs/base --out runs/edge --epochs 6 --context 0.4
python training/rl.py --base runs/base --start runs/edge/model.pt --out runs/edge-rl --minutes 15 --context 0.4 --score-before
python training/export.py --model runs/edge-rl/model.pt --base runs/base --out src/memveil/model --bias 0.5 --score
