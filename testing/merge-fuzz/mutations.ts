// What people and tools do to checkpoints: renamings, additions, removals, folded-out parts, other types. Each
// mutation changes a described checkpoint and says what the file computes afterwards, or that nobody can say.
import type { ModuleSettings } from '@shared/checkpoint/checkpoint-file';
import { toFloatType, toFloat64 } from '@shared/tensor/convert';
import { floatTensor, sameShape, type Tensor } from '@shared/tensor/tensor';
import { add, among, changeBlock, changeBranch, shapeOf, type Mutation } from './changes';
import { renameAll, withNames, type Described, type Norm, type TrueBlock, type Weight } from './described';
import { apart } from './taken-apart';

const convBias: Mutation = (described, random) =>
  changeBranch(described, random, (branch) => {
    if (branch.conv.how !== 'plain' || branch.bias !== null) return branch;
    const [weight] = branch.conv.names;
    const bias = weight.replace(/weight$/, 'bias');
    add(described, random, bias, [shapeOf(described, weight)[0]]);
    return { ...branch, bias };
  });

const fc3Bias: Mutation = (described, random) =>
  changeBlock(described, random, (block) => {
    if (block.fc3.how !== 'plain' || block.fc3Bias !== null) return block;
    const bias = block.fc3.names[0].replace(/weight$/, 'bias');
    add(described, random, bias, [shapeOf(described, block.fc3.names[0])[0]]);
    return { ...block, fc3Bias: bias };
  });

const branchApart: Mutation = (described, random) =>
  changeBranch(described, random, (branch) => ({ ...branch, conv: apart(described, random, branch.conv) }));

const fc3Apart: Mutation = (described, random) =>
  changeBlock(described, random, (block) => ({ ...block, fc3: apart(described, random, block.fc3) }));

function withoutAffine(described: Described, norm: Norm): Norm {
  for (const part of ['weight', 'bias']) described.tensors.delete(`${norm.module}.${part}`);
  return { ...norm, affine: false };
}

const noAffine: Mutation = (described, random) => {
  if (random.uniform() < 0.5) changeBlock(described, random, (block) => ({ ...block, fc3Norm: withoutAffine(described, block.fc3Norm) }));
  else changeBranch(described, random, (branch) => ({ ...branch, norm: withoutAffine(described, branch.norm) }));
};

const noCounters: Mutation = (described) => {
  for (const name of [...described.tensors.keys()]) if (name.endsWith('num_batches_tracked')) described.tensors.delete(name);
};

const toolCounters: Mutation = (described, random) => {
  const places = [
    '',
    'encoder.',
    ...described.blocks.map(({ prefix }) => prefix),
    ...described.blocks.map(({ prefix }) => `${prefix}fc3.`),
  ];
  const name = among(random, places) + among(random, ['total_ops', 'total_params', 'n_averaged']);
  described.tensors.set(name, { shape: random.uniform() < 0.5 ? [] : [1], dtype: 'float64', data: new Float64Array(1) });
};

/** Other names of a branch's two modules. Numbers that are not 0 and then 1 leave room for a module without tensors, or turn the order round. */
const branchNames: Mutation = (described, random) =>
  changeBranch(described, random, (branch, block) => {
    if (branch.conv.how !== 'plain' || !branch.conv.names[0].endsWith('.conv.weight')) return branch;
    const [conv, norm] = among(random, [
      ['conv2d', 'norm'],
      ['0', '1'],
      ['c', 'b'],
      ['conv1', 'bn1'],
      ['0', '2'],
      ['1', '0'],
      ['1', '2'],
    ]); // prettier-ignore
    if (/^\d$/.test(conv) && !(conv === '0' && norm === '1')) described.unknown = true;
    const from = branch.conv.names[0].slice(0, -'.weight'.length);
    const [toConv, toNorm] = [conv, norm].map((name) => `${block.prefix}repconv${branch.K}.${name}`);
    const moved = (name: string): string =>
      name.startsWith(`${from}.`)
        ? toConv + name.slice(from.length)
        : name.startsWith(`${branch.norm.module}.`)
          ? toNorm + name.slice(branch.norm.module.length)
          : name;
    renameAll(described, moved);
    for (const module of [from, branch.norm.module]) {
      const said = described.settings.get(module);
      if (said) described.settings.set(moved(`${module}.x`).slice(0, -2), said);
    }
    const weight: Weight = { how: 'plain', names: [moved(branch.conv.names[0])] };
    return { ...branch, conv: weight, bias: branch.bias === null ? null : moved(branch.bias), norm: { ...branch.norm, module: toNorm } };
  });

const noBranch: Mutation = (described, random) =>
  changeBlock(described, random, (block) => {
    const [gone, ...kept] = block.branches;
    if (gone === undefined || described.unknown) return block;
    for (const name of [...described.tensors.keys()])
      if (name.startsWith(`${block.prefix}repconv${gone.K}.`)) described.tensors.delete(name);
    return { ...block, branches: kept };
  });

/** One more branch, of a size the official code has no limit for; an even one has no centre. */
const oneMoreBranch: Mutation = (described, random) =>
  changeBlock(described, random, (block) => {
    const K = among(random, [7, 4]);
    if (block.branches.some((branch) => branch.K === K)) return block;
    const { sizes } = block;
    const [O, channels] = sizes.kind === 'repmlp' ? [sizes.O, sizes.C / sizes.groups] : [sizes.shareSets, 1];
    // Without a branch nothing tells C apart from O of a v1 block.
    if (K % 2 === 0) described.unknown = true;
    const at = `${block.prefix}repconv${K}`;
    add(described, random, `${at}.conv.weight`, [O, channels, K, K]);
    for (const part of ['weight', 'bias', 'running_mean']) add(described, random, `${at}.bn.${part}`, [O]);
    described.tensors.set(`${at}.bn.running_var`, floatTensor([O], new Float32Array(O).fill(0.7)));
    const norm = { module: `${at}.bn`, affine: true, eps: 1e-5 };
    const conv: Weight = { how: 'plain', names: [`${at}.conv.weight`] };
    return { ...block, branches: [...block.branches, { K, conv, bias: null, norm }] };
  });

/** Whose a tensor is: null outside the blocks. */
function ownerOf(described: Described, name: string): TrueBlock | null {
  return described.blocks.find(({ prefix }) => name.startsWith(prefix)) ?? null;
}

const isCounterName = (name: string): boolean => /(^|\.)(num_batches_tracked|total_ops|total_params|n_averaged)$/.test(name);

const remove: Mutation = (described, random) => {
  const name = among(random, [...described.tensors.keys()]);
  described.tensors.delete(name);
  if (described.done.includes(`${name} added`) || described.done.some((text) => text.endsWith(` renamed to ${name}`)))
    described.undecided = true;
  described.done.push(`${name} removed`);
  lost(described, name);
};

/** What it means that a tensor is no longer below its block's prefix. */
function lost(described: Described, name: string): void {
  const owner = ownerOf(described, name);
  if (owner === null || isCounterName(name)) return;
  const norms = [owner.fc3Norm, ...owner.branches.map(({ norm }) => norm)];
  const halves = norms.flatMap(({ module }) => [
    [`${module}.weight`, `${module}.bias`],
    [`${module}.bias`, `${module}.weight`],
  ]); // prettier-ignore
  const other = halves.find(([half]) => half === name)?.[1];
  const biases = [owner.fc3Bias, ...owner.branches.map(({ bias }) => bias)];
  if (biases.includes(name) || (other !== undefined && !described.tensors.has(other))) described.undecided = true;
  else described.unknown = true;
}

const rename: Mutation = (described, random) => {
  const name = among(random, [...described.tensors.keys()]);
  const to = among(random, [`${name}_x`, name.replace(/(^|\.)(\w)/, '$1_$2'), name.replace(/\.?(\w+)$/, '.x.$1'), `outside.${name}`]);
  if (described.tensors.has(to)) return;
  const owner = ownerOf(described, name);
  if (described.done.some((text) => text.startsWith(`${name} `) || text.endsWith(` ${name}`))) described.undecided = true;
  described.done.push(`${name} renamed to ${to}`);
  renameAll(described, (own) => (own === name ? to : own));
  // A counter is told by the end of its name, wherever it stands.
  if (isCounterName(name) && isCounterName(to)) return;
  if (owner !== null && isConvolution(owner, name, to))
    described.blocks = described.blocks.map((block) => (block === owner ? withNames(block, (own) => (own === name ? to : own)) : block));
  else if (owner !== null && to.startsWith(owner.prefix)) described.unknown = true;
  else lost(described, name);
};

/** A branch's convolution may go by any name: the one weight of four axes in it. */
function isConvolution({ prefix, branches }: TrueBlock, name: string, to: string): boolean {
  return branches.some(({ K, conv }) => conv.names[0] === name && to.startsWith(`${prefix}repconv${K}.`) && to.endsWith('.weight'));
}

const stranger: Mutation = (described, random) => {
  const block = among(random, described.blocks);
  const within = random.uniform() < 0.7 || block.prefix === '';
  const name = `${within ? block.prefix : 'beside.'}${among(random, ['gamma', 'fc3.scale', 'layer_scale', 'repconv3.scale', 'extra.weight', 'conv.weight', 'alpha'])}`;
  if (described.tensors.has(name)) return;
  described.done.push(`${name} added`);
  add(described, random, name, among(random, [[1], [4], [2, 2]]));
  if (within) described.unknown = true;
};

const anotherPrefix: Mutation = (described, random) => {
  if (described.kind !== 'inside') return;
  const index = random.integer(described.blocks.length);
  const { prefix } = described.blocks[index];
  const moved = (name: string): string => (name.startsWith(prefix) ? `elsewhere.${index}.${name}` : name);
  renameAll(described, moved);
  described.settings = new Map([...described.settings].map(([module, said]) => [moved(module), said]));
  described.blocks[index] = withNames(described.blocks[index], moved);
};

/** A branch that stands beside its block. */
const astray: Mutation = (described, random) => {
  const block = among(random, described.blocks);
  const [branch] = block.branches;
  if (branch === undefined) return;
  const at = `${block.prefix}repconv${branch.K}.`;
  renameAll(described, (name) => (name.startsWith(at) ? `astray.${name.slice(block.prefix.length)}` : name));
  described.unknown = true;
};

const otherType: Mutation = (described, random) => {
  const name = among(random, [...described.tensors.keys()]);
  const tensor = described.tensors.get(name) as Tensor;
  if (tensor.dtype === 'int64') return;
  if (random.uniform() < 0.15 && !isCounterName(name)) {
    described.tensors.set(name, {
      ...tensor,
      dtype: 'int64',
      data: BigInt64Array.from(toFloat64(tensor), (value) => BigInt(Math.trunc(value))),
    });
    // A mask of zeros and ones is the same in whole numbers.
    if (ownerOf(described, name) && !toFloat64(tensor).every(Number.isInteger)) described.unknown = true;
  } else described.tensors.set(name, toFloatType(tensor, among(random, ['float16', 'bfloat16', 'float64'] as const)));
};

/** Values in another order, or the first two axes exchanged. */
const transpose: Mutation = (described, random) => {
  const block = among(random, described.blocks);
  if (block.fc3.how !== 'plain') return;
  const [name] = block.fc3.names;
  const tensor = described.tensors.get(name);
  if (tensor === undefined || tensor.dtype !== 'float32') return;
  const [rows, columns, ...rest] = tensor.shape;
  const data = Float32Array.from({ length: rows * columns }, (_, i) => Number(tensor.data[(i % rows) * columns + Math.floor(i / rows)]));
  described.tensors.set(name, floatTensor([columns, rows, ...rest], data));
  if (rows !== columns && described.done.includes('transposed')) described.undecided = true;
  described.done.push('transposed');
  if (rows !== columns) described.unknown = true;
};

const exchange: Mutation = (described, random) => {
  const names = [...described.tensors].filter(([, { dtype }]) => dtype === 'float32').map(([name]) => name);
  const [a, b] = [among(random, names), among(random, names)];
  const [first, second] = [a, b].map((name) => described.tensors.get(name) as Tensor);
  if (!sameShape(first.shape, second.shape) || /running_var$/.test(a) || /running_var$/.test(b)) return;
  described.tensors.set(a, second).set(b, first);
};

const NORM = 'torch.nn.modules.batchnorm.BatchNorm2d';

const otherEps: Mutation = (described, random) => {
  const eps = among(random, [1e-3, 1e-6, 0.1]);
  const said = (norm: Norm): Norm => {
    described.settings.set(norm.module, { className: NORM, values: { eps, momentum: 0.1 } });
    return { ...norm, eps };
  };
  if (random.uniform() < 0.5) changeBranch(described, random, (branch) => ({ ...branch, norm: said(branch.norm) }));
  else changeBlock(described, random, (block) => ({ ...block, fc3Norm: said(block.fc3Norm) }));
};

const otherModule: Mutation = (described, random) =>
  changeBranch(described, random, (branch) => {
    const module = branch.conv.names[0].replace(/\.(parametrizations\.)?weight[^.]*(\.original0?)?$/, '');
    const conv = 'torch.nn.modules.conv.Conv2d';
    const wrong: ModuleSettings[] = [
      { className: conv, values: { stride: [2, 2] } },
      { className: conv, values: { dilation: [2, 2] } },
      { className: conv, values: { padding: [9, 9] } },
      { className: 'mine.WSConv2d', values: {} },
    ];
    described.settings.set(module, among(random, wrong));
    described.unknown = true;
    return branch;
  });

/** A module without tensors among those of a branch. */
const insideBranch: Mutation = (described, random) =>
  changeBranch(described, random, (branch) => {
    const conv = branch.conv.names[0].replace(/\.(parametrizations\.)?weight[^.]*(\.original0?)?$/, '');
    const at = conv.slice(0, conv.lastIndexOf('.'));
    if (!branch.norm.module.startsWith(`${at}.`)) return branch;
    const [className, isInert] = among(random, [
      ['torch.nn.modules.activation.ReLU', false],
      ['mine.Noise', false],
      ['torch.nn.modules.dropout.Dropout', true],
    ] as const);
    described.settings.set(`${at}.act`, { className, values: {} });
    described.unknown ||= !isInert;
    return branch;
  });

const notANumber: Mutation = (described, random) => {
  const block = among(random, described.blocks);
  if (block.fc3.how !== 'plain') return;
  const tensor = described.tensors.get(block.fc3.names[0]);
  if (tensor === undefined || tensor.dtype !== 'float32') return;
  const data = Float32Array.from(tensor.data as Float32Array);
  data[random.integer(data.length)] = among(random, [NaN, Infinity]);
  described.tensors.set(block.fc3.names[0], { ...tensor, data });
  described.unknown = true;
};

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  convBias,
  fc3Bias,
  branchApart,
  fc3Apart,
  noAffine,
  noCounters,
  toolCounters,
  branchNames,
  noBranch,
  oneMoreBranch,
  remove,
  rename,
  stranger,
  anotherPrefix,
  astray,
  otherType,
  transpose,
  exchange,
  otherEps,
  otherModule,
  insideBranch,
  notANumber,
};
