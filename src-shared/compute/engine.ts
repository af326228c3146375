// The compute engine's interface: model, training and verification on a tfjs backend. The same
// implementation runs in a window's worker and in a Node worker; service and command line see only this.
import type { DatasetReference } from '../dataset/dataset';
import type { VerifyReport } from '../merge/report';
import type { NetworkSpec } from '../model/spec';
import type { Watch } from '../tensor/parts';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import type { MeasuredTimes } from '../cost/timing';
import type { SceneView } from '../training/evaluation/answers';
import type { EvaluationEvent } from '../training/evaluation/evaluated';
import type { EngineTrainingEvent, ResumePoint } from '../training/loop/events';
import type { BackendChoice, BackendName, TrainingConfig, TrainingControl } from '../training/recipe/recipe';

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

export interface TrainRequest {
  readonly run: string;
  readonly config: TrainingConfig;
  readonly resume: ResumePoint | null;
  /** Commands that hold from the first step on. */
  readonly first?: readonly TrainingControl[];
}

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

/** Measured times of a network's leaves on a backend. */
export interface MeasureReport extends MeasuredTimes {
  readonly backend: BackendName;
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
