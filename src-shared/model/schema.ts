// Validation of network specs: hand-written JSON is checked field by field, then as a whole (divisible
// maps and channels, matching shapes, unique names), and every error says what, where and what would be right.
import { z } from 'zod';
import { suggestionText } from '../base/nearest-name';
import { formatProblem } from '../base/stored-version';
import { shapeText } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { firstIssue, strictObject } from './strict-object';
import { isComposite, joinPath, type Form, type LayerSpec, type NetworkSpec, type RepMlp, type RepMlpNetBlock } from './spec';
import { childrenOf, parametersOf } from './parameters';
import { leavesOf } from './walk';

/** Far beyond any network there is: what is larger is a slip, and would fill the memory before anything else says so. */
const MOST = { size: 2 ** 26, side: 2 ** 16, kernel: 255, elements: 2 ** 32 };

const size = z.number().int().positive().max(MOST.size);
const side = z.number().int().positive().max(MOST.side);
const pair = z.tuple([side, side]);
const inset = z.number().int().nonnegative().max(MOST.side);
const padding = z.tuple([inset, inset]);
const name = z.string().regex(/^[\w.-]*$/, 'names use letters, digits, _, - and dots');
const form = z.enum(['train', 'merged']);
const activation = z.enum(['none', 'relu', 'gelu', 'sigmoid', 'prelu']);
const kernels = z.array(side.max(MOST.kernel).refine((K) => K % 2 === 1, 'kernel sizes are odd'));
const geometry = { in: size, out: size, kernel: pair, stride: pair, padding, dilation: pair, groups: size };
/** eps of a layer's batch norms. */
const eps = z.number().nonnegative().optional();
const order = z.array(z.string()).optional();

const layer: z.ZodType<LayerSpec> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    strictObject({ kind: z.literal('sequential'), name, layers: z.array(layer), order }),
    strictObject({
      kind: z.literal('residual'),
      name,
      body: z.array(layer),
      shortcut: z.array(layer),
      activation: z.enum(['none', 'relu']),
      order,
    }),
    strictObject({ kind: z.literal('concat'), name, branches: z.array(z.array(layer)).min(1) }),
    strictObject({ kind: z.literal('sideHead'), name, layers: z.array(layer) }),
    strictObject({ kind: z.literal('conv2d'), name, ...geometry, bias: z.boolean() }),
    strictObject({ kind: z.literal('convBn'), name, ...geometry, activation, fusedByMerge: z.boolean(), form, eps }),
    strictObject({ kind: z.literal('batchNorm'), name, channels: size, eps }),
    strictObject({ kind: z.literal('linear'), name, in: size, out: size, bias: z.boolean() }),
    strictObject({ kind: z.literal('cosineLinear'), name, in: size, out: size }),
    strictObject({
      kind: z.literal('repmlp'),
      name,
      C: size,
      O: size,
      H: size,
      W: size,
      h: size,
      w: size,
      kernels,
      reduction: size,
      groups: size,
      withoutGlobal: z.boolean().optional(),
      form,
      eps,
    }),
    strictObject({ kind: z.literal('globalPerceptron'), name, C: size, H: size, W: size, h: size, w: size, reduction: size, form, eps }),
    strictObject({
      kind: z.literal('repmlpNetBlock'),
      name,
      C: size,
      h: size,
      w: size,
      kernels,
      reduction: size,
      shareSets: size,
      form,
      eps,
      fc3Bias: z.boolean().optional(),
    }),
    strictObject({ kind: z.literal('activation'), name, function: activation, channels: z.number().int().nonnegative().max(MOST.size) }),
    strictObject({ kind: z.literal('pool'), name, function: z.enum(['max', 'average']), kernel: pair, stride: pair, padding }),
    strictObject({ kind: z.literal('adaptiveAveragePool'), name, bins: pair }),
    strictObject({ kind: z.literal('flatten'), name }),
    strictObject({ kind: z.literal('resize'), name, size: pair }),
    strictObject({ kind: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  ]),
);

const network = strictObject({
  format: z.literal('repmlp-network'),
  version: z.literal(1),
  name: z.string().min(1),
  task: z.enum(['classification', 'face', 'segmentation']),
  form,
  input: strictObject({ channels: size, height: size, width: size }),
  layers: z.array(layer).min(1),
  order,
});

const FORMAT = { format: 'repmlp-network', version: 1, called: 'a network description' } as const;

/** A network as a field of other files' schemas. */
export const networkField = z.unknown().transform((json, context): NetworkSpec => {
  try {
    return parseNetworkSpec(json);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

/** A network from parsed JSON. Throws UserError naming the field (`layers.2.groups`) or the layer that is wrong. */
export function parseNetworkSpec(json: unknown): NetworkSpec {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`network description: ${problem}`);
  const result = network.safeParse(json, { reportInput: true });
  if (!result.success) {
    throw new UserError(`network description: ${firstIssue(result.error, 'the file')}`);
  }
  return checkedSpec(result.data);
}

/** The same spec, after checking everything the types cannot say. Throws UserError naming the layer. */
export function checkedSpec(spec: NetworkSpec): NetworkSpec {
  checkOrder(spec.layers, spec.order, '');
  spec.layers.forEach((child) => checkLayer(child, '', spec.form));
  for (const { path, input, output } of leavesOf(spec)) for (const shape of [input, output]) checkElements(path, 'a map', shape);
  const seen = new Set<string>();
  let total = 0;
  for (const parameter of parametersOf(spec)) {
    if (seen.has(parameter.name))
      throw new UserError(`two layers own a parameter called ${parameter.name}: give sibling layers different names`);
    seen.add(parameter.name);
    if (!parameter.shape.every((length) => Number.isSafeInteger(length) && length > 0))
      throw new UserError(`${parameter.name} would have shape ${shapeText(parameter.shape)}: its numbers do not divide without remainder`);
    total += checkElements(parameter.name, 'a parameter', parameter.shape);
  }
  checkElements(spec.name, 'parameters', [total]);
  return spec;
}

/** How many numbers a shape holds. Throws UserError where they are more than any memory holds. */
function checkElements(where: string, what: string, shape: readonly number[]): number {
  const elements = shape.reduce((product, length) => product * length, 1);
  if (elements > MOST.elements)
    throw new UserError(
      `${where || '(root)'}: has ${what} of ${shapeText(shape)} numbers, more than the ${MOST.elements} that are taken here`,
    );
  return elements;
}

function checkLayer(child: LayerSpec, parent: string, networkForm: Form): void {
  const path = joinPath(parent, child.name);
  if (isComposite(child)) {
    if ('order' in child) checkOrder(childrenOf(child), child.order, path);
    childrenOf(child).forEach((inner) => checkLayer(inner, path, networkForm));
    return;
  }
  if (networkForm === 'train' && 'form' in child && child.form === 'merged')
    throw new UserError(`layer ${path || '(root)'}: is in merged form inside a network in train form`);
  if (child.kind === 'repmlp') checkRepMlp(child, path);
  if (child.kind === 'globalPerceptron') checkPartitions(child, path);
  if (child.kind === 'repmlpNetBlock') checkNetBlock(child, path);
  if (child.kind === 'conv2d' || child.kind === 'convBn') {
    expectDivides(path, 'groups', child.groups, 'in', child.in);
    expectDivides(path, 'groups', child.groups, 'out', child.out);
  }
}

/** Every name of an `order` is a layer's, or the part before a dot of one (`stages` of `stages.0.1`). */
function checkOrder(layers: readonly LayerSpec[], listed: readonly string[] | undefined, parent: string): void {
  if (listed === undefined) return;
  const names = layers.flatMap(namesOf);
  const known = [...new Set(names.flatMap((full) => full.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.'))))];
  const stranger = listed.find((entry) => !known.includes(entry));
  if (stranger !== undefined)
    throw new UserError(
      `${parent === '' ? '' : `layer ${parent}: `}order: there is no layer called "${stranger}" here; ${suggestionText(stranger, known)}`,
    );
}

/** A layer's name; those of its children where it adds no segment to their paths. */
function namesOf(child: LayerSpec): string[] {
  if (child.name !== '') return [child.name];
  return isComposite(child) ? childrenOf(child).flatMap(namesOf) : [];
}

function checkRepMlp(block: RepMlp, path: string): void {
  checkPartitions(block, path);
  expectDivides(path, 'groups', block.groups, 'C', block.C);
  expectDivides(path, 'groups', block.groups, 'O', block.O);
  expectOddKernels(path, block.kernels);
}

function checkPartitions(block: { h: number; H: number; w: number; W: number }, path: string): void {
  expectDivides(path, 'h', block.h, 'H', block.H);
  expectDivides(path, 'w', block.w, 'W', block.W);
}

function checkNetBlock(block: RepMlpNetBlock, path: string): void {
  expectDivides(path, 'shareSets', block.shareSets, 'C', block.C);
  expectOddKernels(path, block.kernels);
}

function expectOddKernels(path: string, list: readonly number[]): void {
  const even = list.find((K) => K % 2 === 0);
  if (even !== undefined) throw new UserError(`layer ${path || '(root)'}: kernel sizes must be odd, got ${even}`);
  if (new Set(list).size !== list.length)
    throw new UserError(`layer ${path || '(root)'}: kernel sizes must differ, got ${list.join(', ')}`);
}

function expectDivides(path: string, divisor: string, d: number, dividend: string, n: number): void {
  if (n % d !== 0) throw new UserError(`layer ${path || '(root)'}: ${divisor} = ${d} must divide ${dividend} = ${n}`);
}
