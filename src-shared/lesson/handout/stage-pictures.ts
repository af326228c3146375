// What a prepared stage shows, on paper: each stage of the window has its picture here, figures and tables among them, so that the
// questions of a handout can be answered from it. Invariant: numbers are those of the world the handout has computed; what a lesson
// hides in the window is not on the paper either; a stage that has nothing to show is named in a sentence.
import { STAGE_TITLES } from '../../base/stage-titles';
import { bothForms } from '../../cost/both-forms';
import { costGroups, totalOf, type CostGroup } from '../../cost/cost-groups';
import { GROUP_LEVELS } from '../../cost/grouping';
import { escapeXml } from '../../figure/encode/svg';
import type { FigureRecipe } from '../../figure/registry';
import { kindOf } from '../../figure/registry';
import { element, numeric, table } from '../../figure/report/report-html';
import type { VerifyReport } from '../../merge/report';
import { parametersOf } from '../../model/parameters';
import type { NetworkSpec } from '../../model/spec';
import type { LessonStage } from '../parts';
import { figureRecipe } from '../picture';
import { formatNumber } from '../text/format-number';
import { BUNDLED_MODEL, type World } from '../world';
import { svgUrl, type HandoutLaboratory } from './laboratory';
import { scenePicture } from './scene-picture';

/** Rows of a ledger that are still read on paper; beyond, parts are added up. */
const MOST_ROWS = 64;
/** Tensors that are listed. */
const MOST_TENSORS = 200;

/**
 * The HTML of what a stage shows in a world, without the parts that are hidden; empty where there is nothing.
 * Rejects with UserError where it cannot be computed.
 */
export function stagePictures(world: World, hidden: readonly string[], laboratory: HandoutLaboratory): Promise<string> {
  return SHOWN[world.stage](world, laboratory, (part) => !hidden.includes(part));
}

/** In place of a picture: where in the program it is to be looked for. */
export function stageSentence(stage: LessonStage): string {
  return element('p', escapeXml(`In the program: the stage ${STAGE_TITLES[stage]}.`), 'do');
}

type Shown = (world: World, laboratory: HandoutLaboratory, isShown: (part: string) => boolean) => Promise<string>;

const nothing: Shown = () => Promise.resolve('');
const SOURCE = { path: `bundled:${BUNDLED_MODEL}` } as const;

/** A figure of the network that comes along; nothing where another is current, whose weights are not there. */
const ofBundled =
  (written: Readonly<Record<string, unknown>>): Shown =>
  ({ network }, laboratory) =>
    network.weights === 'bundled' ? figureOf(figureRecipe(written), laboratory) : Promise.resolve('');
const matrices = ofBundled({ kind: 'matrices', source: SOURCE, colours: 'blue-orange', transform: 'symlog' });

const SHOWN: Readonly<Record<LessonStage, Shown>> = {
  home: matrices,
  lesson: nothing,
  settings: nothing,
  convolution: ({ scene }, _, isShown) =>
    Promise.resolve(
      scene === null
        ? ''
        : element(
            'figure',
            `<div class="scene">${SCENE_VIEWS.filter(([part]) => isShown(part))
              .map(([, view, alt]) => scenePicture(scene, view, alt))
              .join('')}</div>${element('figcaption', 'Picture, matrix and output.')}`,
          ),
    ),
  dataset: async ({ setup }, laboratory, isShown) => (isShown('samples') ? samplesHtml(await laboratory.samples(setup.data)) : ''),
  model: ({ network }) => Promise.resolve(network.spec === null ? '' : tensorList(network.spec)),
  training: async ({ training }, laboratory, isShown) =>
    training === null || !isShown('curves') ? '' : imageHtml((await laboratory.curves()) ?? '', 'Training curves.'),
  merge: async (world, laboratory, isShown) =>
    world.verdict === null ? matrices(world, laboratory, isShown) : verdictHtml(world.verdict, isShown),
  matrix: matrices,
  pattern: ofBundled({ kind: 'position-maps', source: SOURCE, group: null }),
  cost: async ({ network: { spec } }, laboratory, isShown) => {
    if (spec === null) return '';
    const bars = isShown('cost-bars') ? await figureOf(figureRecipe({ kind: 'cost-bars', network: spec, metric: 'macs' }), laboratory) : '';
    return `${bars}${isShown('ledger') ? ledgerTable(spec) : ''}`;
  },
  figure: matrices,
  checkpoint: ({ network }) => Promise.resolve(network.weights === 'bundled' && network.spec !== null ? tensorList(network.spec) : ''),
};

const SCENE_VIEWS = [
  ['scene-picture', 'picture', 'The picture with the window over it.'],
  ['scene-matrix', 'matrix', 'The matrix of the convolution.'],
  ['scene-output', 'output', 'The output.'],
] as const;

async function figureOf(recipe: FigureRecipe, laboratory: HandoutLaboratory): Promise<string> {
  const { title, says } = kindOf(recipe);
  return imageHtml(await laboratory.figure(recipe), `${title}.`, `${title}: ${says}.`);
}

/** A drawing with a line under it; nothing where there is none. */
function imageHtml(svg: string, caption: string, alt = caption): string {
  if (svg === '') return '';
  return element('figure', `<img src="${svgUrl(svg)}" alt="${escapeXml(alt)}">${element('figcaption', escapeXml(caption))}`);
}

function samplesHtml({ name, samples }: Awaited<ReturnType<HandoutLaboratory['samples']>>): string {
  const items = samples.map(({ url, says }) =>
    element('li', `<img src="${url}" alt="${escapeXml(says)}">${element('span', escapeXml(says))}`),
  );
  return element('figure', `${element('ul', items.join(''), 'samples')}${element('figcaption', escapeXml(`Samples of ${name}.`))}`);
}

/** The verdict's numbers and its table of layers. Which layer is wrong is left to whoever reads the table. */
function verdictHtml({ layers, maxAbs, maxRel, tolerance, equivalent }: VerifyReport, isShown: (part: string) => boolean): string {
  const verdict = isShown('verdict')
    ? element(
        'p',
        `<strong>${equivalent ? 'Equivalent' : 'Not equivalent'}</strong>: largest difference ${formatNumber(maxAbs)}, relative ${formatNumber(maxRel)}, tolerance ${formatNumber(tolerance)}.`,
      )
    : '';
  const rows = layers.map((layer) => [
    layer.path,
    numeric(formatNumber(layer.maxAbs)),
    numeric(formatNumber(layer.maxRel)),
    layer.equivalent ? 'equal' : 'differs',
  ]);
  const head = ['layer', numeric('largest difference'), numeric('relative'), 'to within the tolerance'];
  return `${verdict}${isShown('layers') ? table('Train and merged form, layer by layer', head, rows) : ''}`;
}

/** The ledger of both forms: every row where there are few, else its finest parts of which there are. */
function ledgerTable(spec: NetworkSpec): string {
  const { trainLedger, mergedLedger } = bothForms(spec);
  const levels = ['row', ...[...GROUP_LEVELS].reverse()] as const;
  const groupsOf = (level: (typeof levels)[number]): CostGroup[] => costGroups(trainLedger, mergedLedger, level);
  const groups = levels.map(groupsOf).find(({ length }) => length <= MOST_ROWS) ?? groupsOf('stage');
  const row = ({ name, train, merged }: CostGroup) => [
    name,
    ...[train.params, merged.params, train.macs, merged.macs].map((value) => numeric(formatNumber(value))),
  ];
  const head = ['', ...['parameters, train', 'parameters, merged', 'MACs, train', 'MACs, merged'].map(numeric)];
  return table(`Ledger of ${trainLedger.model}, one input`, head, groups.map(row), row(totalOf(groups)));
}

function tensorList(spec: NetworkSpec): string {
  const all = parametersOf(spec);
  const items = all.slice(0, MOST_TENSORS).map(({ name, shape }) => element('li', escapeXml(`${name} ${shape.join('×') || 'one number'}`)));
  const more = all.length > MOST_TENSORS ? ` The first ${MOST_TENSORS} of them.` : '';
  return element(
    'figure',
    `${element('ul', items.join(''), 'tensors')}${element('figcaption', escapeXml(`The ${all.length} tensors of ${spec.name}.${more}`))}`,
  );
}
