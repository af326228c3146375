// What is known of a kind of leaf: all that a description says and all that follows from it without computing. How it is
// computed is in model/forward/leaf.ts, what it costs in cost/primitives.ts.
import type { z } from 'zod';
import type { FeatureShape } from './shapes';
import type { Parameter } from './tensors';

/** Of one kind; `path` is the leaf's own. */
export interface LeafRecord<Leaf> {
  /** Its tensors in the state_dict's order; names start with `path`. */
  parameters(leaf: Leaf, path: string): Parameter[];
  /** Output shape for an input's. Throws UserError, naming `path`, where they do not fit. */
  outputShape(leaf: Leaf, input: FeatureShape, path: string): FeatureShape;
  /** In a few words, as the diagram has it. */
  text(leaf: Leaf): string;
  /** What the schema cannot say. Throws UserError naming `path`. */
  check?(leaf: Leaf, path: string): void;
  /** Names, below `path`, of the tensors that start as orthogonal matrices. */
  orthogonal?(leaf: Leaf): readonly string[];
  /** Its output has a size of its own, whatever the input's. */
  readonly isSized?: true;
}

/** A record with the schema of the description's JSON. */
export interface LeafKind<Schema extends z.ZodType> extends LeafRecord<Readonly<z.infer<Schema>>> {
  readonly schema: Schema;
}
