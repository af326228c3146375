// What the calls of the contract answer, and what a host tells without being asked. Bulk arrays stand here as URLs.
import type { WeightSet } from '../checkpoint/checkpoint-file';
import type { ShownPicture } from '../dataset/shown-picture';
import type { EvaluationReport } from '../training/evaluation/evaluated';
import type { MeasureReport } from '../compute/engine';
import type { CountedFile, MergedLayer } from '../cost/family-ledgers';
import type { MatrixGeometry } from '../matrix/geometry';
import type { Recipe } from '../merge/recipes/schema';
import type { GivenSettings } from '../merge/recipes/settings';
import type { LeftSummary } from '../merge/recipes/summaries';
import type { VerifyReport } from '../merge/report';
import type { PartitionQuestion } from '../model/recognise/partition-readings';
import type { Choices } from '../model/recognise/partition-readings';
import type { Form, NetworkSpec, Pair, RepBlock } from '../model/spec';
import type { Partitions } from '../pattern/overlay';
import type { RunRecord } from '../run/run';
import type { ValueStatistics } from '../tensor/statistics';
import type { TensorInfo } from '../tensor/tensor';
import type { Agreement } from '../training/evaluation/agreement';

/** An opened checkpoint: its directory, and what network it holds. */
export interface OpenedCheckpoint {
  readonly id: string;
  /** Where a later session finds it again: a path of the service's machine, or `bundled:NAME`. */
  readonly path: string;
  /** What the user said of it: partitions and eps that its shapes leave open. */
  readonly choices: Choices;
  readonly fileName: string;
  readonly format: 'pth' | 'safetensors' | 'npz';
  readonly bytes: number;
  /** Every set of weights in the file: `tensors` and everything else are about the chosen one. */
  readonly weightSets: readonly WeightSet[];
  /** What lies beside the weights and is not read, a phrase each. */
  readonly setAside: readonly string[];
  readonly tensors: readonly TensorInfo[];
  readonly recognised: {
    readonly model: string;
    readonly form: Form;
    readonly spec: NetworkSpec;
    readonly inputSize: InputSizeOrigin;
  } | null;
  /** Paths of the train-form blocks inside a network that is not recognised: they can be merged where they stand. */
  readonly inside: readonly string[];
  /** Groups of re-parameterized families in a network that is not recognised. */
  readonly families: FamiliesInFile;
  /** The adapter whose tensors are among `tensors`. */
  readonly adapter?: JoinedAdapter;
  /** Nearest model and what differs, or other remarks for the user. */
  readonly notes: readonly string[];
  /**
   * Blocks whose partition the shapes leave open. `assumed` is what is computed with until another is said (`checkpoint.settle`);
   * where it is null nothing is computed with the file before.
   */
  readonly questions: readonly (PartitionQuestion & { readonly assumed: Pair | null })[];
  /** eps of the batch norms, each once; none where there are none. */
  readonly eps: readonly number[];
}

/** What merge recipes find in a file. */
export interface FamiliesInFile {
  readonly groups: readonly FamilyGroup[];
  readonly left: readonly FamilyLeft[];
  /** Numbers that the merge needs and no weights hold. */
  readonly settings: readonly FamilySetting[];
  /** What the user said: names of recipes, and numbers as `key=value`. */
  readonly said: FamilyChoice;
}

/** A group that a recipe reads; at '' where it is the whole file. */
export interface FamilyGroup {
  readonly at: string;
  readonly recipe: string;
  readonly family: string;
  readonly title: string;
  readonly form: 'train' | 'merged' | 'both';
  /** Names of the weights that the group's merged form has. */
  readonly weights: readonly string[];
}

/** What is left, why, and which recipes may be named to merge it after all. */
export interface FamilyLeft extends LeftSummary {
  readonly family: string | null;
  readonly named: readonly string[];
}

/** A number that recipes ask for. */
export interface FamilySetting {
  readonly name: string;
  readonly about: string;
  /** Taken unless another is given; null where it has to be given. */
  readonly usual: number | null;
  readonly given: number | null;
}

/** What a user says of the groups in a file. */
export interface FamilyChoice {
  readonly recipe: readonly string[];
  readonly setting: readonly string[];
  /** Recipes of the user's own. */
  readonly own?: readonly NamedText[];
}

/** The text of a file that a window read itself. */
export interface NamedText {
  readonly fileName: string;
  readonly text: string;
}

/** A low-rank adapter that is read beside a file's own tensors. */
export interface JoinedAdapter {
  /** As it was given. */
  readonly path: string;
  /** The configuration that its numbers are from; null where there is none. */
  readonly config: string | null;
}

/** The tensors of one group, and what its steps need besides. */
export interface GroupTensors {
  readonly at: string;
  readonly recipe: Recipe;
  readonly settings: GivenSettings;
  readonly tensors: readonly TensorUrl[];
}

/** A layer that a group of a family is once it is merged. */
export interface ListedKernel extends MergedLayer {
  /** The name of its weight. */
  readonly name: string;
  readonly recipe: string;
  /** Whether the file holds it as it is; else it is there once its group is merged. */
  readonly stands: boolean;
}

/** The merged layers of a file of an unknown network, what they were before, and what was left. */
export interface KernelsInFile extends CountedFile {
  readonly kernels: readonly ListedKernel[];
  readonly left: readonly LeftSummary[];
}

/** Where the size of a network's inputs is from: its layers, the file's own description, a default, or the user. */
export type InputSizeOrigin = 'fixed' | 'stated' | 'assumed' | 'chosen';

/** A checkpoint opened before. */
export interface RecentFile {
  readonly path: string;
  readonly name: string;
  /** Size; null where the file is gone. */
  readonly bytes: number | null;
  /** The service's own copy of a file handed over by a window: it goes when the file is forgotten. */
  readonly uploaded: boolean;
}

/** One weight as a matrix, fetched from `url` as float32 (rows x columns, row-major). */
export interface TensorMatrix extends TensorInfo {
  readonly rows: number;
  readonly columns: number;
  /** Of a kernel seen on a map: what rows and columns are; null for a weight as it is. */
  readonly geometry: MatrixGeometry | null;
  readonly url: string;
}

/** Statistics of one tensor; NaN and infinities are counted and left out of the rest. */
export interface TensorStatistics extends ValueStatistics {
  readonly name: string;
}

/** FC3 matrices of one block, to be fetched from these URLs as float32 (rows x columns, row-major). */
export interface MatrixUrls {
  readonly path: string;
  /** The block's description: what rows and columns mean, which kernels were merged. */
  readonly layer: RepBlock;
  readonly rows: number;
  readonly columns: number;
  readonly before: string;
  readonly added: string;
  readonly after: string;
}

/** A tensor whose values are fetched from `url`: raw little-endian elements of its dtype, row-major. */
export interface TensorUrl extends TensorInfo {
  readonly url: string;
}

/** The state-dict entries of one train-form block, in order: what the walk through its merge steps needs. */
export interface BlockTensors {
  readonly path: string;
  readonly layer: RepBlock;
  /** How often the block's partition fits into the feature map it works on in its network. */
  readonly partitions: Partitions;
  /** Names are full, starting with `path`. */
  readonly tensors: readonly TensorUrl[];
}

/** An evaluation without its predictions, which stay with the service. */
export type Evaluation = Omit<EvaluationReport, 'predictions'>;

/** An evaluation under way, or its end: of the weights asked for, and of their merged form where both were asked for. */
export type EvaluationStep =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly type: 'done';
      /** Where it was computed, in words. */
      readonly place: string;
      readonly form: Form;
      readonly seen: string;
      readonly report: Evaluation;
      readonly both: { readonly merged: Evaluation; readonly agreement: Agreement } | null;
    };

/** A proof under way, `done` of `total` inputs having gone through both forms (of one block after the other in an unknown network); or its end. */
export type VerifyStep =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly report: VerifyReport /** How the files were read. */; readonly said: readonly string[] };

/** Measured times of the layers of one form. */
export interface MeasuredForm {
  readonly form: Form;
  /** Where it was computed, in words. */
  readonly place: string;
  readonly report: MeasureReport;
}

/** Pictures by URL: uint8 (count, height, width, channels), row-major. */
export interface PicturesUrl {
  readonly url: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A picture whose RGBA bytes are fetched from `url`, once; with what else there is to choose from. */
export interface PictureUrl extends Omit<ShownPicture, 'pixels'> {
  readonly url: string;
  /** Names of the split's classes, and how many samples it has. */
  readonly classes: readonly string[];
  readonly count: number;
}

/** The picture of a file, whose RGBA bytes are fetched from `url`, once. */
export interface PictureFileUrl extends Omit<ShownPicture, 'pixels'> {
  readonly url: string;
  /** The file's whole path. */
  readonly path: string;
}

/** A training batch as the network is fed: float32 (N, C, H, W) after augmentation, mixing and normalisation. */
export interface FedBatch {
  readonly url: string;
  readonly shape: readonly [number, number, number, number];
  /** What was taken off and divided by, per channel, of pixels/255. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** What each picture is to be taken for; mixed pictures have several classes with their shares. */
  readonly labels: readonly string[];
}

/** What a network says of samples of the validation split. */
export type Predictions =
  | {
      readonly kind: 'classes';
      /** How many samples there are, of which these are some. */
      readonly total: number;
      readonly pictures: PicturesUrl;
      readonly samples: readonly {
        readonly label: string;
        readonly predicted: string;
        readonly probability: number;
        readonly right: boolean;
      }[];
    }
  | {
      readonly kind: 'scenes';
      readonly total: number;
      readonly pictures: PicturesUrl;
      /** uint8 (count, height, width): the class of each pixel; 255 = ignored. */
      readonly truth: string;
      readonly predicted: string;
      readonly classes: readonly string[];
      /** Share of right pixels, scene by scene. */
      readonly right: readonly number[];
      /** How the scenes were given to the network, in words. */
      readonly seen: string;
    }
  | {
      readonly kind: 'pairs';
      readonly total: number;
      /** Two pictures per pair, one after the other. */
      readonly pictures: PicturesUrl;
      readonly pairs: readonly { readonly same: boolean; readonly similarity: number }[];
    };

/** A run with the folder it lies in. */
export interface ListedRun extends RunRecord {
  readonly folder: string;
  /** Another program that trains it now, since when and what to do, as the end of a sentence; null where there is none. */
  readonly trainedBy: string | null;
  /** What its owner says of it. */
  readonly tags: readonly string[];
  readonly note: string;
  /** Whether the others are held against it. */
  readonly baseline: boolean;
  /** Why remarks.json cannot be read; null where it can. */
  readonly remarksProblem: string | null;
}

export interface AppInfo {
  readonly version: string;
  readonly host: 'desktop' | 'browser';
  readonly platform: string;
  readonly runsFolder: string;
}

/** What the host tells a window without being asked. */
export type HostEvent = { readonly type: 'openFile'; readonly path: string } | { readonly type: 'command'; readonly id: string };
