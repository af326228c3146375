// The published cost figures of both papers, to be put beside the computed ones. Paper facts with their
// sources; nothing here is computed by this program.
import type { SettingTexts } from '../../model/zoo';

/** Where a published figure stands. */
export type PublishedSource =
  | 'arXiv 2105.01883, section 4.1 and table 1'
  | 'arXiv 2105.01883, appendix A'
  | 'official README of RepMLPNet'
  | 'Papers with Code, entry RepMLP-Res50'
  | 'PaddleViT README (weights ported from the official release)';

/** A figure as printed: the digits decide how far a computed number may be from it. */
export interface PublishedNumber {
  /** As printed, e.g. `52.8`. */
  readonly text: string;
  /** Factor of the unit it is printed in: 1e6 for M, 1e9 for G or B. */
  readonly unit: number;
  /** The form it was counted on. */
  readonly form: 'train' | 'merged';
}

/** One row of a published table. */
export interface PublishedRow {
  /** The name printed there. */
  readonly title: string;
  readonly model: string;
  readonly settings: SettingTexts;
  readonly params: PublishedNumber | null;
  /** Printed as FLOPs; multiply-accumulates. */
  readonly macs: PublishedNumber | null;
  /** Top-1 accuracy in percent. */
  readonly top1: number | null;
  readonly source: PublishedSource;
}

const million = (text: string, form: PublishedNumber['form']): PublishedNumber => ({ text, unit: 1e6, form });
const billion = (text: string, form: PublishedNumber['form']): PublishedNumber => ({ text, unit: 1e9, form });

const TABLE_1 = 'arXiv 2105.01883, section 4.1 and table 1';
const README = 'official README of RepMLPNet';

function cifar(title: string, model: string, macs: string, params: string | null, top1: number): PublishedRow {
  return {
    title,
    model,
    settings: {},
    params: params === null ? null : million(params, 'merged'),
    macs: million(macs, 'merged'),
    top1,
    source: TABLE_1,
  };
}

/** README rows of RepMLPNet are counted on the train form. */
function repMlpNet(title: string, model: string, params: string, macs: string, top1: number): PublishedRow {
  return { title, model, settings: {}, params: million(params, 'train'), macs: billion(macs, 'train'), top1, source: README };
}

/** Every published cost figure that could be found, by table. */
export const publishedRows: readonly PublishedRow[] = [
  cifar('pure MLP, converted', 'pure-mlp-cifar', '52.8', null, 91.11),
  cifar('Wide ConvNet', 'wide-convnet-cifar', '65.1', '0.50', 91.99),
  {
    title: 'RepMLP-Res50, c4 only, r = 2, g = 8',
    model: 'repmlp-res50-bottleneck-224',
    settings: { stages: 'c4', r: '2' },
    params: million('52.77', 'merged'),
    macs: null,
    top1: 78.6,
    source: 'Papers with Code, entry RepMLP-Res50',
  },
  {
    title: 'RepMLP-Res50, c3 + c4, r = 2, 4, g = 8',
    model: 'repmlp-res50-bottleneck-224',
    settings: {},
    params: null,
    macs: null,
    top1: 78.55,
    source: 'arXiv 2105.01883, appendix A',
  },
  {
    title: 'RepMLP-Res50 light, g = 4 (released weights)',
    model: 'repmlp-res50-light-224',
    settings: {},
    params: million('87.1', 'train'),
    macs: billion('3.3', 'train'),
    top1: 77.01,
    source: 'PaddleViT README (weights ported from the official release)',
  },
  repMlpNet('RepMLPNet-T224', 'repmlpnet-t224', '38.3', '2.8', 76.62),
  repMlpNet('RepMLPNet-T256', 'repmlpnet-t256', '58.7', '4.2', 77.44),
  repMlpNet('RepMLPNet-B224', 'repmlpnet-b224', '68.2', '6.7', 80.32),
  repMlpNet('RepMLPNet-B256', 'repmlpnet-b256', '96.5', '9.6', 81.03),
  repMlpNet('RepMLPNet-D256', 'repmlpnet-d256', '86.9', '8.6', 80.83),
  repMlpNet('RepMLPNet-L256', 'repmlpnet-l256', '117.7', '11.5', 81.68),
];
