// A run is a folder of plain files: run.json (this), metrics.csv, checkpoints/*.safetensors, figures/.
import type { TrainingConfig, BackendName, TrainingState, ValidationResult } from '../training/recipe';

/** Contents of run.json. */
export interface RunRecord {
  readonly format: 'repmlp-run';
  readonly version: 1;
  readonly name: string;
  readonly createdAt: string;
  readonly state: TrainingState;
  readonly config: TrainingConfig;
  readonly backend: BackendName;
  /** GPU or CPU description as the backend reports it. */
  readonly device: string;
  readonly studioVersion: string;
  readonly tfjsVersion: string;
  /** SHA-256 of the data set's description (embedded) or file list with sizes (folders). */
  readonly dataHash: string;
  readonly checkpoints: readonly CheckpointRecord[];
  /** Where it went on on another backend than before; left out where it never did. */
  readonly backendChanges?: readonly BackendChange[];
}

/** From which checkpoint on a run was computed on another backend: its weights may differ in the last bits from an uninterrupted run's. */
export interface BackendChange {
  readonly epoch: number;
  readonly step: number;
  readonly from: BackendName;
  readonly to: BackendName;
}

/** A checkpoint of a run; weights in `file`, optimizer and random states in `stateFile`. */
export interface CheckpointRecord {
  /** Epochs completed, and steps into the next one (0 at an epoch's end). */
  readonly epoch: number;
  readonly step: number;
  readonly file: string;
  readonly stateFile: string | null;
  readonly form: 'train' | 'merged';
  readonly validation: ValidationResult | null;
  readonly best: boolean;
  /** Made amid a long epoch in case the run is killed; replaced by the next checkpoint. */
  readonly interim?: boolean;
}
