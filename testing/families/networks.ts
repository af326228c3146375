// Whole tiny networks and blocks of several layers of the reference cases, in merged form and double precision.
import { toFloat64 } from '@shared/tensor/convert';
import type { NamedTensors } from '@shared/tensor/tensor';
import type { FamilyCase } from './cases';
import { directConv, gelu, linear, squeezeExcite, type Map64 } from './direct';

type Run = (x: Map64, weights: NamedTensors) => Map64;

/** How a case's network runs on its merged weights; null where it is not written here. */
export function networkOutput({ family }: FamilyCase): Run | null {
  switch (family) {
    case 'repvgg_model':
      return (x, w) => linearHead(chain(x, w, /^(stage\d(\.\d+)?)\.rbr_reparam\.weight$/, 'rbr_reparam'), w, 'linear');
    case 'timm_repvgg_model':
      return (x, w) => linearHead(chain(x, w, /^(stem|stages\.\d+\.\d+)\.reparam_conv\.weight$/, 'reparam_conv'), w, 'head.fc');
    case 'mobileone_model':
      return (x, w) => linearHead(chain(x, w, /^(stage\d(\.\d+)?)\.reparam_conv\.weight$/, 'reparam_conv'), w, 'linear');
    case 'repvit_stray_bn':
      return (x, w) => conv(conv(x, w, 'unit'), w, 'conv');
    case 'unireplknet_block':
      return unirepBlock;
    case 'repvit_model':
      return repvit;
    default:
      return null;
  }
}

function array(weights: NamedTensors, name: string): Map64 {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  return { shape: tensor.shape, data: toFloat64(tensor) };
}

/** A convolution padded by half its kernel; groups from the channels that arrive. */
function conv(x: Map64, weights: NamedTensors, name: string, stride = 1): Map64 {
  const kernel = array(weights, `${name}.weight`);
  const window = { stride, padding: (kernel.shape[2] - 1) / 2, dilation: 1, groups: x.shape[1] / kernel.shape[1] };
  return directConv(x, kernel, weights.has(`${name}.bias`) ? array(weights, `${name}.bias`) : null, window);
}

function mapped({ shape, data }: Map64, f: (value: number) => number): Map64 {
  return { shape, data: data.map(f) };
}

function sum(a: Map64, b: Map64): Map64 {
  return { shape: a.shape, data: a.data.map((value, i) => value + b.data[i]) };
}

function attended(x: Map64, weights: NamedTensors, name: string, [down, up]: readonly [string, string]): Map64 {
  if (!weights.has(`${name}.${down}.weight`)) return x;
  const at = (part: 'down' | 'up', kind: string): Map64 => array(weights, `${name}.${part === 'down' ? down : up}.${kind}`);
  return squeezeExcite(
    x,
    (part) => at(part, 'weight'),
    (part) => at(part, 'bias'),
  );
}

/** Blocks in a row, the first of each stage with stride 2: convolution, attention where there is one, ReLU. */
function chain(x: Map64, weights: NamedTensors, pattern: RegExp, module: string): Map64 {
  const blocks = [...weights.keys()]
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .sort((a, b) => a.replace('stem', '').localeCompare(b.replace('stem', ''), 'en', { numeric: true }));
  return blocks.reduce((y, block) => {
    const first = !/\.\d+$/.test(block) || block.endsWith('.0');
    return mapped(attended(conv(y, weights, `${block}.${module}`, first ? 2 : 1), weights, `${block}.se`, ['down', 'up']), (v) =>
      Math.max(0, v),
    );
  }, x);
}

function meanOverMap(x: Map64): Map64 {
  const [N, C, H, W] = x.shape;
  const area = H * W;
  return {
    shape: [N, C],
    data: Float64Array.from({ length: N * C }, (_, i) => x.data.subarray(i * area, (i + 1) * area).reduce((a, b) => a + b, 0) / area),
  };
}

function linearHead(x: Map64, weights: NamedTensors, name: string): Map64 {
  return linear(meanOverMap(x), array(weights, `${name}.weight`), array(weights, `${name}.bias`));
}

/** x + pwconv2(grn(gelu(pwconv1(se(dwconv(x)))))), the pointwise layers channels last. */
function unirepBlock(x: Map64, weights: NamedTensors): Map64 {
  const mixed = conv(x, weights, weights.has('dwconv.lk_origin.weight') ? 'dwconv.lk_origin' : 'dwconv');
  const attendedMap = attended(mixed, weights, 'se', ['down', 'up']);
  const hidden = mapped(linear(channelsLast(attendedMap), array(weights, 'pwconv1.1.weight'), array(weights, 'pwconv1.1.bias')), gelu);
  const out = linear(
    responseNormalised(hidden, array(weights, 'act.1.gamma').data),
    array(weights, 'pwconv2.0.weight'),
    array(weights, 'pwconv2.0.bias'),
  );
  return sum(x, channelsFirst(out));
}

/** gamma x Gx / (mean of Gx + 1e-6) + x, Gx the norm of a channel over the map. */
function responseNormalised({ shape, data }: Map64, gamma: Float64Array): Map64 {
  const [N, H, W, C] = shape;
  const norms = new Float64Array(N * C);
  data.forEach((value, i) => (norms[Math.floor(i / (H * W * C)) * C + (i % C)] += value * value));
  const roots = norms.map(Math.sqrt);
  const means = Float64Array.from({ length: N }, (_, n) => roots.subarray(n * C, (n + 1) * C).reduce((a, b) => a + b, 0) / C);
  return {
    shape,
    data: data.map((value, i) => {
      const n = Math.floor(i / (H * W * C));
      return value * ((gamma[i % C] * roots[n * C + (i % C)]) / (means[n] + 1e-6) + 1);
    }),
  };
}

function channelsLast({ shape: [N, C, H, W], data }: Map64): Map64 {
  const turned = new Float64Array(data.length);
  data.forEach((value, i) => {
    const [place, c, n] = [i % (H * W), Math.floor(i / (H * W)) % C, Math.floor(i / (H * W * C))];
    turned[(n * H * W + place) * C + c] = value;
  });
  return { shape: [N, H, W, C], data: turned };
}

function channelsFirst({ shape: [N, H, W, C], data }: Map64): Map64 {
  const turned = new Float64Array(data.length);
  data.forEach((value, i) => {
    const [c, place, n] = [i % C, Math.floor(i / C) % (H * W), Math.floor(i / (C * H * W))];
    turned[(n * C + c) * H * W + place] = value;
  });
  return { shape: [N, C, H, W], data: turned };
}

/** Stem of two strided convolutions, blocks of token and channel mixer, the mean and the head. */
function repvit(x: Map64, weights: NamedTensors): Map64 {
  let y = conv(mapped(conv(x, weights, 'features.0.0', 2), gelu), weights, 'features.0.2', 2);
  for (let i = 1; weights.has(`features.${i}.token_mixer.0.weight`); i++) {
    const at = `features.${i}`;
    const strided = weights.has(`${at}.token_mixer.2.weight`);
    y = attended(conv(y, weights, `${at}.token_mixer.0`, strided ? 2 : 1), weights, `${at}.token_mixer.1`, ['fc1', 'fc2']);
    if (strided) y = conv(y, weights, `${at}.token_mixer.2`);
    const wide = mapped(conv(y, weights, `${at}.channel_mixer.m.0`), gelu);
    y = sum(y, conv(wide, weights, `${at}.channel_mixer.m.2`));
  }
  return linearHead(y, weights, 'classifier');
}
