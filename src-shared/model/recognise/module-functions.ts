// What pickled modules compute that no tensor shows: an activation inside a conv branch, a batch norm before its
// convolution, another activation than the network's. A network whose tensors fit and whose modules compute something
// else is not described here, and is refused by the module's name.
import type { ModuleSettings, SettingsOfModules } from '../../checkpoint/checkpoint-file';
import type { ActivationFunction, LeafSpec } from '../spec';

/** Modules that pass their input on in eval mode. */
const INERT = /^(Identity|Dropout\w*|AlphaDropout|FeatureAlphaDropout|DropPath|StochasticDepth)$/;
/** A list of modules that does nothing of its own, and one that applies them in their order. */
const SEQUENTIAL = 'Sequential';
/** Activations by their class, and those that are known by their name to be another function. */
const FUNCTIONS: Readonly<Record<string, ActivationFunction>> = { ReLU: 'relu', GELU: 'gelu', Sigmoid: 'sigmoid', PReLU: 'prelu' };
const ACTIVATION = /(relu\d?|elu|silu|swish|sigmoid|mish|tanh|softplus|softmax|softsign|glu|softmin|shrink)$/i;

/** `BatchNorm2d` of `torch.nn.modules.batchnorm.BatchNorm2d`. */
export function classOf({ className }: ModuleSettings): string {
  return className.slice(className.lastIndexOf('.') + 1);
}

/** A module inside a conv branch that is neither its convolution nor its batch norm and does something, in words; null where there is none. Module paths are the file's. */
export function branchProblem(conv: string, norm: string, settings: SettingsOfModules): string | null {
  const branch = parentOf(conv);
  if (branch === '' || parentOf(norm) !== branch) return null;
  const own = (path: string): boolean => [conv, norm].some((module) => path === module || path.startsWith(`${module}.`));
  for (const [path, module] of settings) {
    if (!path.startsWith(`${branch}.`) || own(path) || INERT.test(classOf(module))) continue;
    return `${path} is a ${module.className} inside a conv branch, which is a convolution and a batch norm`;
  }
  return null;
}

/** A batch norm that is applied before its convolution, in words; null where it is not. Settings list modules in the order they were registered in. */
export function orderProblem(conv: string, norm: string, settings: SettingsOfModules): string | null {
  const holder = settings.get(parentOf(conv));
  if (parentOf(norm) !== parentOf(conv) || holder === undefined || classOf(holder) !== SEQUENTIAL || !settings.has(norm)) return null;
  const order = [...settings.keys()];
  if (order.indexOf(norm) > order.indexOf(conv)) return null;
  return `${parentOf(conv)} applies its batch norm before its convolution, expected after it`;
}

/** The first activation among a network's modules that the network does not have where it stands, in words; null where all are its own. */
export function activationProblem(leaves: readonly { layer: LeafSpec; path: string }[], settings: SettingsOfModules): string | null {
  for (const [path, module] of settings) {
    const name = classOf(module);
    if (!ACTIVATION.test(name)) continue;
    const known = functionsBelow(leaves, parentOf(path));
    const own = FUNCTIONS[name] as ActivationFunction | undefined;
    const isExact = module.values.approximate === undefined || module.values.approximate === 'none';
    if (own !== undefined && known.has(own) && isExact) continue;
    const tanh = isExact ? '' : ` (approximated by ${String(module.values.approximate)})`;
    return `${path} is a ${module.className}${tanh}, expected ${[...known].join(' or ') || 'no activation'}: what the network computes is not known here`;
  }
  return null;
}

/** The activations of the layers below a module, of all layers where none there has one. */
function functionsBelow(leaves: readonly { layer: LeafSpec; path: string }[], module: string): ReadonlySet<ActivationFunction> {
  const below = leaves.filter(({ path }) => module === '' || path === module || path.startsWith(`${module}.`));
  const found = new Set(below.flatMap(({ layer }) => functionsOf(layer)));
  return found.size > 0 ? found : new Set(leaves.flatMap(({ layer }) => functionsOf(layer)));
}

function functionsOf(layer: LeafSpec): ActivationFunction[] {
  switch (layer.kind) {
    case 'activation':
      return layer.function === 'none' ? [] : [layer.function];
    case 'convBn':
      return layer.activation === 'none' ? [] : [layer.activation];
    case 'repmlp':
    case 'globalPerceptron':
      return ['relu'];
    case 'repmlpNetBlock':
      return ['relu', 'sigmoid'];
    default:
      return [];
  }
}

function parentOf(module: string): string {
  return module.slice(0, Math.max(0, module.lastIndexOf('.')));
}
