#!/bin/bash
# `sbatch slurm.sh FOLDER OUT`, in this folder: trains on one node with eight GPUs. Two minutes
# before its time is over Slurm asks the training to stop; it writes a checkpoint, and the job
# is queued again to go on from there. A job that got nowhere is not.
#SBATCH --job-name={{name}}
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=64
#SBATCH --time=24:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

data=${1:?say which folder of pictures to train on}
out=${2:?say where to write}
gpus=${SLURM_GPUS_ON_NODE:-8}

begun=$(mktemp)
srun torchrun --standalone --nproc_per_node="$gpus" --max_restarts=3 \
  train.py --data "$data" --output "$out" --workers 8 || echo "torchrun ended with code $?"

if [ ! -e "$out/finished" ] && [ "$out/last.pth.tar" -nt "$begun" ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
rm -f "$begun"
[ -e "$out/finished" ]
