// Validation of network specs: hand-written JSON is checked field by field, then as a whole (divisible
// maps and channels, matching shapes, unique names), and every error says what, where and what would be right.
import { suggestionText } from '../base/nearest-name';
import { formatProblem } from '../base/stored-version';
import { shapeText } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { firstIssue, parsedBy } from './strict-object';
import { childrenOf, isComposite, type LayerSpec } from './composites';
import { leafRecord } from './leaves';
import { MOST, type Form } from './leaves/fields';
import { joinPath } from './leaves/tensors';
import { parametersOf } from './parameters';
import { networkSchema, type NetworkSpec } from './spec';
import { leavesOf } from './walk';

const FORMAT = { format: 'repmlp-network', version: 1, called: 'a network description' } as const;

/** A network as a field of other files' schemas. */
export const networkField = parsedBy(parseNetworkSpec);

/** A network from parsed JSON. Throws UserError naming the field (`layers.2.groups`) or the layer that is wrong. */
export function parseNetworkSpec(json: unknown): NetworkSpec {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`network description: ${problem}`);
  const result = networkSchema.safeParse(json, { reportInput: true });
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
  leafRecord(child).check?.(child, path);
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
