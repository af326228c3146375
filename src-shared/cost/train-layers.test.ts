import { expect, test } from 'vitest';
import { familyCase, namedRecipes, trainWeights } from '../../testing/families/cases';
import { findGroups } from '../merge/recipes/find-groups';
import { tensorInfos, type TensorInfo } from '../tensor/tensor';
import { PAPER_CONVENTION } from './convention';
import { familyLedgers } from './family-ledgers';
import { kernelLedger } from './kernel-ledger';
import { trainLayersOf } from './train-layers';

const [H, W] = [8, 6];

/** The layers of a case's groups; null for those whose recipe does not tell. */
function layersOf(id: string) {
  const one = familyCase(id);
  const infos = tensorInfos(trainWeights(one));
  const shapes = new Map(infos.map((info) => [info.name, info]));
  const { groups } = findGroups(infos, { named: namedRecipes(one) });
  return { infos, layers: groups.map((group) => trainLayersOf(group, shapes)) };
}

/** Counted by hand from the names: every weight of 4 axes is a convolution on the map, every other number learned is a bias, gamma or beta. */
function byHand(infos: readonly TensorInfo[]): { params: number; macs: number } {
  const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  const learned = infos.filter(({ name }) => !/running_|num_batches/.test(name));
  const kernels = learned.filter(({ shape }) => shape.length === 4);
  return {
    params: learned.reduce((sum, { shape }) => sum + size(shape), 0),
    macs: kernels.reduce((sum, { shape }) => sum + size(shape) * H * W, 0),
  };
}

test.each([
  'repvgg_identity',
  'timm_repvgg_group_size4_stress',
  'mobileone_dw_4branches',
  'acnet_k5_groups2_stride2',
  'acnet_no_affine',
  'replknet_13_5',
  'unirep_k13',
  'dbb_groups2',
  'yolov9_repconvn',
])('the branches of %s are counted each on the map, with what they learn', (id) => {
  const { infos, layers } = layersOf(id);
  expect(layers).not.toContain(null);
  const { params, macs } = kernelLedger({ name: id, form: 'train', layers: layers.flatMap((some) => some ?? []) }, [H, W]);
  // DBB's identity convolution is stored as its difference from the identity: as many weights, as much work.
  expect({ params, macs }).toEqual(byHand(infos));
});

test.each(['orepa_3x3', 'refconv_dense', 'orepa_repvgg_identity'])('%s builds its kernel at every step: no count is told', (id) => {
  expect(layersOf(id).layers).toEqual([null]);
});

test('linear layers and their norms stand at one position', () => {
  const { infos, layers } = layersOf('repvit_bn_linear');
  const [weight] = infos.filter(({ shape }) => shape.length === 2);
  const ledger = kernelLedger({ name: 'head', form: 'train', layers: layers[0] ?? [] }, [H, W]);
  expect(ledger.macs).toBe(weight.shape[0] * weight.shape[1]);
  expect(ledger.layers.map(({ outputShape }) => outputShape.length)).toEqual([2, 2]);
});

test('a file whose recipes do not tell has a ledger of its merged layers alone, and the reason', () => {
  const kernels = [{ path: 'a', shape: [4, 2, 3, 3], hasBias: true }];
  const { train, merged, reason } = familyLedgers(
    { fileName: 'x.pth', kernels, train: { layers: null, reason: 'of no branch' } },
    [H, W],
    PAPER_CONVENTION,
  );
  expect([train, merged.params, merged.macs, reason]).toEqual([null, 4 * 2 * 9 + 4, 4 * 2 * 9 * H * W, 'of no branch']);
});
