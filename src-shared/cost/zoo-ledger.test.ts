// The ledger of every network of the papers, in both forms, against the counts of the official code and
// the published figures (tests/reference/flops.json).
import { describe, expect, it, test } from 'vitest';
import { referenceCosts } from '../../tests/reference';
import { mergedSpec } from '../model/merged-spec';
import { buildModel, type SettingTexts } from '../model/zoo';
import { ledger, type Ledger } from './ledger';

type Model = readonly [name: string, settings?: SettingTexts];

/** Zoo names of the models whose layers are listed one by one. */
const perLayer: Readonly<Record<string, Model>> = {
  'RepMLPNet-T224': ['repmlpnet-t224'],
  'RepMLPNet-T256': ['repmlpnet-t256'],
  'RepMLPNet-B224': ['repmlpnet-b224'],
  'RepMLPNet-B256': ['repmlpnet-b256'],
  'RepMLPNet-D256': ['repmlpnet-d256'],
  'RepMLPNet-L256': ['repmlpnet-l256'],
  'RepMLP-Res50-base-224': ['resnet50'],
  'RepMLP-Res50-light-224': ['repmlp-res50-light-224'],
  'RepMLP-Res50-bottleneck-224': ['repmlp-res50-bottleneck-224'],
  'CIFAR-10 pure MLP': ['pure-mlp-cifar'],
  'CIFAR-10 Wide ConvNet': ['wide-convnet-cifar'],
};

/** Zoo names of the models of which only totals are listed; the families of tables 2 and 3 follow from their titles. */
const totalsOnly: Readonly<Record<string, Model>> = {
  'ResNet-50 @224': ['resnet50'],
  'ResNet-101 @224': ['resnet101'],
  'ResNet-50 @320': ['resnet50', { size: '320' }],
  'ResNet-101 @320': ['resnet101', { size: '320' }],
  'light g=8 @224': ['repmlp-res50-light-224', { g: '8' }],
  'light g=4 @224': ['repmlp-res50-light-224'],
  'RepMLP-Res50-g8/16 @320': ['repmlp-res50-bottleneck-320', { g: '8,16' }],
  'RepMLP-Res50-g8/8 @320': ['repmlp-res50-bottleneck-320'],
  'RepMLP-Res50-g4/8 @320': ['repmlp-res50-bottleneck-320', { g: '4,8' }],
  'CIFAR-10 pure MLP, K=1,3,5': ['pure-mlp-cifar', { kernels: '1,3,5' }],
  'CIFAR-10 w/o Local': ['pure-mlp-cifar-no-local'],
  'CIFAR-10 w/o Global': ['pure-mlp-cifar-no-global'],
  'CIFAR-10 RepMLP as conv9 (g=1)': ['pure-mlp-cifar-conv9', { g: '1' }],
  'CIFAR-10 RepMLP as conv9 (g=2)': ['pure-mlp-cifar-conv9'],
};
/** Ablation D: the official count has no pool BN in the Global Perceptrons; compared apart. */
const ablationD: Readonly<Record<string, Model>> = {
  'CIFAR-10 FC3 as conv9 (g=2)': ['pure-mlp-cifar-conv9-for-fc3'],
  'CIFAR-10 FC3 as conv9 (g=1)': ['pure-mlp-cifar-conv9-for-fc3', { g: '1' }],
};

const R_OF_STAGE: Readonly<Record<string, string>> = { c2: '2', c3: '2', c4: '4', c5: '4' };

/** `c4 only r=2 g=8 @224` (table 2) and `c3+c4 g=8 r=2,2,4,4 @224` (table 3) as settings of the bottleneck network. */
function modelOf(title: string): Model {
  const known = perLayer[title] ?? totalsOnly[title];
  if (known) return known;
  const only = /^c4 only r=(\d+) g=(\d+) @224$/.exec(title);
  if (only) return ['repmlp-res50-bottleneck-224', { stages: 'c4', r: only[1], g: only[2] }];
  const stages = /^([c2-5+]+) g=8 r=2,2,4,4 @224$/.exec(title)?.[1].split('+');
  if (!stages) throw new Error(`no zoo model for ${title}`);
  return ['repmlp-res50-bottleneck-224', { stages: stages.join(','), r: stages.map((stage) => R_OF_STAGE[stage]).join(',') }];
}

function bothForms([name, settings]: Model): { train: Ledger; merged: Ledger } {
  const spec = buildModel(name, settings);
  return { train: ledger(spec), merged: ledger(mergedSpec(spec)) };
}

/** CIFAR networks have no official module names: there only kind, counts and shapes are compared. */
function comparable(rows: readonly (readonly unknown[])[], withNames: boolean): unknown[] {
  return rows.map((row) => (withNames ? row : row.slice(1)));
}

describe('every layer, both forms', () => {
  test.each(Object.keys(perLayer))('%s', (title) => {
    const { train, merged } = bothForms(perLayer[title]);
    const withNames = !title.startsWith('CIFAR');
    for (const [form, own] of [
      ['train', train],
      ['deploy', merged],
    ] as const) {
      const rows = own.layers.map((row) => [row.name, row.kind, row.params, row.macs, row.outputShape]);
      expect(comparable(rows, withNames)).toEqual(comparable(referenceCosts.per_layer[`${title}/${form}`].layers, withNames));
    }
  });
});

describe('parameters, MACs, input and batch-norm elements, both forms', () => {
  const { summary, derived_v1_variants: variants, derived_cifar: cifar } = referenceCosts;
  const all = [...summary, ...variants, ...cifar];
  const models = all.filter(({ model }) => !(model in ablationD));
  test.each(models.map((entry) => [entry.model, entry] as const))('%s', (title, reference) => {
    const { train, merged } = bothForms(modelOf(title));
    for (const [own, official] of [
      [train, reference.train],
      [merged, reference.deploy],
    ] as const) {
      expect({ params: own.params, macs: own.macs, bn_elements: own.batchNormElements, input: own.input }).toEqual({
        params: official.params,
        macs: official.macs,
        bn_elements: official.bn_elements,
        input: official.input,
      });
    }
  });

  test.each(Object.keys(ablationD))('%s, but for the pool BN that the merge folds away', (title) => {
    const { train, merged } = bothForms(ablationD[title]);
    const reference = cifar.find((entry) => entry.model === title);
    expect([merged.params, merged.macs, train.macs]).toEqual([reference?.deploy.params, reference?.deploy.macs, reference?.train.macs]);
  });
});

describe('yardsticks', () => {
  it('has a ledger for networks of which no official count is at hand', () => {
    for (const name of ['facenet', 'repmlp-facenet', 'mobilefacenet', 'pspnet50', 'repmlp-pspnet50']) {
      const { train, merged } = bothForms([name]);
      expect(merged.macs).toBeGreaterThan(0);
      expect(merged.macs).toBeLessThanOrEqual(train.macs);
    }
  });
});
