// The compute engine's interface: model, training and verification on a tfjs backend. The same
// implementation runs in a window's worker and in a Node worker; service and command line see only this.
import type { DatasetReference } from '../dataset/dataset';
import type { VerifyReport } from '../merge/report';
import type { NetworkSpec } from '../model/spec';
import type { Watch } from '../tensor/parts';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import type { Agreement } from '../training/evaluation/agreement';
import type { SceneView } from '../training/evaluation/answers';
import type { FaceReport } from '../training/evaluation/evaluate-faces';
import type { BackendChoice, BackendName, TrainingConfig, TrainingControl, TrainingEvent } from '../training/recipe/recipe';

/** One backend as found on this machine. */
export interface BackendReport {
  readonly name: BackendName;
  readonly available: boolean;
  /** GPU or CPU as the backend names it. */
  readonly device: string;
  readonly gflops: number | null;
  /** Why it is or is not preferred, for the user. */
  readonly note: string;
}

export interface ForwardRequest {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors;
  /** NCHW. */
  readonly input: FloatTensor;
  readonly backend: BackendChoice;
  /** Also return every leaf's output. */
  readonly layers: boolean;
}

export interface ForwardResult {
  readonly output: FloatTensor;
  /** Leaf path -> output (NCHW or (N, features)); empty unless asked for. */
  readonly layers: ReadonlyMap<string, FloatTensor>;
  readonly backend: BackendName;
}

export interface VerifyRequest {
  readonly train: { readonly spec: NetworkSpec; readonly weights: NamedTensors };
  readonly merged: { readonly spec: NetworkSpec; readonly weights: NamedTensors };
  readonly input: FloatTensor;
  readonly inputSource: string;
  readonly inputSeed: number | null;
  readonly backend: BackendChoice;
}

/** Where a run goes on: what the last checkpoint stored. */
export interface ResumePoint {
  readonly epoch: number;
  readonly weights: NamedTensors;
  /** Optimizer moments, step counter and random states, by name. */
  readonly state: NamedTensors;
}

export interface TrainRequest {
  readonly run: string;
  readonly config: TrainingConfig;
  readonly resume: ResumePoint | null;
  /** Commands that hold from the first step on. */
  readonly first?: readonly TrainingControl[];
}

/**
 * A training event, or weights to be persisted by whoever owns the run folder: after `epoch` completed epochs
 * and `step` steps of the next one (0 at an epoch's end; above 0 where a run was stopped within an epoch, or where an
 * epoch is so long that weights are handed out amid it: these, `interim`, are of no use once there are later ones).
 */
export type EngineTrainingEvent =
  | TrainingEvent
  | {
      readonly type: 'weights';
      readonly epoch: number;
      readonly step: number;
      readonly best: boolean;
      readonly interim?: boolean;
      readonly point: ResumePoint;
    };

export interface EvaluateRequest {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors;
  readonly dataset: DatasetReference;
  readonly backend: BackendChoice;
  /** Merge the weights (train form) and evaluate both forms on the same samples. */
  readonly both?: boolean;
  /** How scenes are given to the network; whole if not said. */
  readonly view?: SceneView;
}

/** What `EvaluationReport.metric` is. */
export type MetricName = 'accuracy' | 'mIoU' | 'verification accuracy' | 'rank-1 identification';

export interface EvaluationReport {
  readonly samples: number;
  readonly loss: number;
  readonly metric: number;
  readonly metricName: MetricName;
  readonly classes: readonly string[];
  /** confusion[actual][predicted]. */
  readonly confusion: readonly (readonly number[])[];
  readonly predictions: Int32Array;
  /** Verification and identification, where a face data set brings them. */
  readonly faces?: FaceReport;
}

/** An evaluation of one form, or of both on the same samples. */
export interface Evaluated {
  readonly backend: BackendName;
  /** How pictures were given to the network, in words. */
  readonly seen: string;
  /** Of the weights as they were given. */
  readonly report: EvaluationReport;
  /** Of their merged form, where both were asked for, and whether it says the same. */
  readonly both: { readonly merged: EvaluationReport; readonly agreement: Agreement } | null;
}

/** `done` of `total` pictures have gone through the network, or through both forms of it; or the end. */
export type EvaluationEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly evaluated: Evaluated };

/** Measured time of one leaf on the backend in use. */
export interface LayerTiming {
  readonly path: string;
  readonly medianMs: number;
  readonly spreadMs: number;
}

/** Measured times of a network's leaves, and what they were measured on. */
export interface MeasureReport {
  readonly backend: BackendName;
  /** GPU or CPU as the backend names it. */
  readonly device: string;
  /** The "GPU" is drawn by the CPU: its times say nothing about a GPU. */
  readonly software: boolean;
  /** Smallest step of the clock the times were read from, in milliseconds. */
  readonly clockMs: number;
  readonly layers: readonly LayerTiming[];
}

export interface MeasureRequest {
  readonly spec: NetworkSpec;
  /** Null: noise of the spec's shapes, made where it is measured. */
  readonly weights: NamedTensors | null;
  readonly batch: number;
  readonly repetitions: number;
  readonly backend: BackendChoice;
}

export interface Engine {
  backends(): Promise<readonly BackendReport[]>;
  /** Runs as many samples at once as fit in memory; so does `verify`. Both reject with the signal's reason when aborted. */
  forward(request: ForwardRequest, watch?: Watch): Promise<ForwardResult>;
  verify(request: VerifyRequest, watch?: Watch): Promise<VerifyReport>;
  train(request: TrainRequest): AsyncIterable<EngineTrainingEvent>;
  control(run: string, control: TrainingControl): Promise<void>;
  /** Ends with a `done` event; leaving the loop before ends the evaluation. */
  evaluate(request: EvaluateRequest): AsyncIterable<EvaluationEvent>;
  /** Aborting ends it between two runs of a layer; it rejects with the signal's reason. */
  measure(request: MeasureRequest, signal?: AbortSignal): Promise<MeasureReport>;
  dispose(): Promise<void>;
}
