// The kinds of layers that contain others, each a record: the only list of them; and, with the leaves, the schema of any
// layer. The types stand beside the schemas because they contain one another, which no inference follows; `layerSchema` is
// declared to give them, so that one cannot change without the other.
import { z } from 'zod';
import { leafRecord, LEAVES, type LeafSpec } from './leaves';
import { name } from './leaves/fields';
import { expectShape, type FeatureShape } from './leaves/shapes';
import { strictObject } from './strict-object';

/** Layers applied one after the other. `order` is the registration order of child names where it differs (state-dict order only). */
export interface Sequential {
  readonly kind: 'sequential';
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly order?: readonly string[];
}

/** y = activation(body(x) + shortcut(x)); an empty shortcut is the identity. */
export interface Residual {
  readonly kind: 'residual';
  readonly name: string;
  readonly body: readonly LayerSpec[];
  readonly shortcut: readonly LayerSpec[];
  readonly activation: 'none' | 'relu';
  readonly order?: readonly string[];
}

/** y = the branches' outputs concatenated along the channels (pyramid pooling); a branch without layers is the identity. */
export interface Concat {
  readonly kind: 'concat';
  readonly name: string;
  readonly branches: readonly (readonly LayerSpec[])[];
}

/** A side head: passes its input through unchanged; in training its own output feeds an auxiliary loss. */
export interface SideHead {
  readonly kind: 'sideHead';
  readonly name: string;
  readonly layers: readonly LayerSpec[];
}

export type CompositeSpec = Sequential | Residual | Concat | SideHead;
export type LayerSpec = CompositeSpec | LeafSpec;

/** Layers inside a composite that are applied one after the other; `label`: what the diagram calls them, or nothing. */
export interface Part {
  readonly label: string;
  readonly layers: readonly LayerSpec[];
}

/** Runs layers on the shape `input`; `isSide`: they run in training only. Returns their output's. */
export type Walk = (layers: readonly LayerSpec[], isSide?: boolean) => FeatureShape;

/** What is known of a kind of composite; how it is computed is in model/forward/forward.ts. */
interface CompositeRecord<Composite> {
  /** In execution order. */
  parts(composite: Composite): readonly Part[];
  /** The same with other layers in its parts, in the order of `parts`. */
  withLayers(composite: Composite, layers: readonly (readonly LayerSpec[])[]): Composite;
  /** Output shape for an input's. Throws UserError, naming `path`, where those of the parts do not go together. */
  outputShape(composite: Composite, input: FeatureShape, path: string, walk: Walk): FeatureShape;
  /** In a few words, as the diagram has it. */
  text(composite: Composite): string;
  /** Its output has the shape of its first part's. */
  readonly isShapedByFirst?: true;
}

interface CompositeKind<Composite> extends CompositeRecord<Composite> {
  readonly schema: z.ZodType<Composite, Composite>;
}

const layers: z.ZodType<readonly LayerSpec[], readonly LayerSpec[]> = z.lazy(() => z.array(layerSchema));
const order = z.array(z.string()).optional();

const sequential = {
  schema: strictObject({ kind: z.literal('sequential'), name, layers, order }),
  parts: (composite) => [{ label: '', layers: composite.layers }],
  withLayers: (composite, [inside]) => ({ ...composite, layers: inside }),
  outputShape: (composite, _input, _path, walk) => walk(composite.layers),
  text: (composite) => `${composite.layers.length} layers`,
  isShapedByFirst: true,
} satisfies CompositeKind<Sequential>;

const residual = {
  schema: strictObject({ kind: z.literal('residual'), name, body: layers, shortcut: layers, activation: z.enum(['none', 'relu']), order }),
  parts: ({ body, shortcut }) => [
    { label: 'body', layers: body },
    { label: shortcut.length === 0 ? 'shortcut: identity' : 'shortcut', layers: shortcut },
  ],
  withLayers: (composite, [body, shortcut]) => ({ ...composite, body, shortcut }),
  outputShape(composite, _input, path, walk) {
    const [body, shortcut] = [walk(composite.body), walk(composite.shortcut)];
    expectShape(path, 'the shortcut', shortcut, body);
    return body;
  },
  text: () => 'residual',
  isShapedByFirst: true,
} satisfies CompositeKind<Residual>;

const concat = {
  schema: strictObject({ kind: z.literal('concat'), name, branches: z.array(layers).min(1) }),
  parts: ({ branches }) =>
    branches.map((branch, i) => ({ label: branch.length === 0 ? `branch ${i + 1}: identity` : `branch ${i + 1}`, layers: branch })),
  withLayers: (composite, branches) => ({ ...composite, branches }),
  outputShape({ branches }, _input, path, walk) {
    const shapes = branches.map((branch) => walk(branch));
    shapes.forEach((shape) => expectShape(path, 'every branch', shape.slice(1), shapes[0].slice(1)));
    return [shapes.reduce((channels, shape) => channels + shape[0], 0), ...shapes[0].slice(1)];
  },
  text: () => 'concatenate',
} satisfies CompositeKind<Concat>;

const sideHead = {
  schema: strictObject({ kind: z.literal('sideHead'), name, layers }),
  parts: (composite) => [{ label: '', layers: composite.layers }],
  withLayers: (composite, [inside]) => ({ ...composite, layers: inside }),
  outputShape(composite, input, _path, walk) {
    walk(composite.layers, true);
    return input;
  },
  text: () => 'side head, training only',
} satisfies CompositeKind<SideHead>;

/** By `kind`. */
export const COMPOSITES = { sequential, residual, concat, sideHead } as const;

/** The description of any layer. */
export const layerSchema: z.ZodType<LayerSpec, LayerSpec> = z.lazy(() => {
  const [first, ...others] = [...Object.values(COMPOSITES), ...Object.values(LEAVES)].map(({ schema }) => schema);
  return z.discriminatedUnion('kind', [first, ...others]);
});

/** Whether a layer contains others. */
export function isComposite(layer: LayerSpec): layer is CompositeSpec {
  return layer.kind in COMPOSITES;
}

/** What is known of a composite's kind. */
export function compositeRecord(composite: CompositeSpec): CompositeRecord<CompositeSpec> {
  return COMPOSITES[composite.kind];
}

/** The layers directly inside a composite, in execution order (body before shortcut). */
export function childrenOf(composite: CompositeSpec): readonly LayerSpec[] {
  return compositeRecord(composite)
    .parts(composite)
    .flatMap((part) => part.layers);
}

/** What a layer is, in a few words. */
export function layerText(layer: LayerSpec): string {
  return isComposite(layer) ? compositeRecord(layer).text(layer) : leafRecord(layer).text(layer);
}
