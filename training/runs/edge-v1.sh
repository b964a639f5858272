#!/usr/bin/env bash
# Makes the tagger that ships. On two CPU cores: about an hour. Run from the project's root.
set -euo pipefail
export OMP_NUM_THREADS=2 OMP_PROC_BIND=close OMP_PLACES=cores
python training/base_model.py --out runs/base
python training/train.py --base runs/base --out runs/edge --epochs 4
python training/export.py --model runs/edge/model.pt --base runs/base --out src/memveil/model --bias 1.0 --score
