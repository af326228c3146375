// What a merge on the command line starts from and ends with, whoever merges: the network's own merge or recipes.
import type { FloatType } from '@shared/checkpoint/entries';
import type { GroupSummary, LeftSummary } from '@shared/merge/recipes/summaries';
import type { MergeProgress } from '@shared/merge/report';
import { elementCount, type NamedTensors, type TensorInfo } from '@shared/tensor/tensor';
import type { Read } from '../../app/checkpoint/kept-settings';
import { FLOAT_DTYPES } from '../convert/convert';
import type { StatusLine } from '../progress';
import type { NetworkOptions, RecipeOptions } from '../verb';

export interface MergeVerbOptions extends NetworkOptions, RecipeOptions {
  readonly fuseAll?: boolean;
  readonly dtype?: FloatType | 'same';
  readonly force?: boolean;
  readonly json?: boolean;
}

export interface MergedFile {
  readonly model: string | null;
  readonly form: 'merged';
  readonly mergedLayers: readonly string[];
  readonly milliseconds: number;
  /** How the file was read, as far as that is not plain. */
  readonly said: readonly string[];
  readonly weights: NamedTensors;
  /** Floating type of most of the input's values. */
  readonly storedType: FloatType;
  readonly metadata: Readonly<Record<string, string>>;
  /** The set of weights that was merged, of a file that holds several; else null. */
  readonly set: string | null;
  /** How the merged file is to be read: what of it a file of tensors does not hold is said. */
  readonly kept: Read;
  /** Groups merged by recipes, and what was left and why; absent where none were looked for. */
  readonly groups?: readonly GroupSummary[];
  readonly left?: readonly LeftSummary[];
}

/** The layers merged so far, and what tells the terminal of each. */
export function watchMerge(status: StatusLine): [layers: readonly string[], onProgress: (progress: MergeProgress) => void] {
  const layers: string[] = [];
  const onProgress = ({ done, total, layer }: MergeProgress): void => {
    layers.push(layer);
    status.showPart('merging', done, total, `${done}/${total} ${layer}`);
  };
  return [layers, onProgress];
}

/** The floating type that holds most values; float32 where there are none. */
export function commonFloatType(tensors: readonly TensorInfo[]): FloatType {
  const values = (dtype: FloatType): number =>
    tensors.filter((tensor) => tensor.dtype === dtype).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return FLOAT_DTYPES.reduce((most, dtype) => (values(dtype) > values(most) ? dtype : most), 'float32');
}
