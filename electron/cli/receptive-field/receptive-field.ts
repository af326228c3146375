// repmlp receptive-field: what part of an image the centre of a network's last map depends on, before and after the merge.
import { alignedColumns } from '@shared/base/aligned-columns';
import { percentText } from '@shared/base/number-text';
import type { ReceptiveField, ReceptiveFieldReport } from '@shared/pattern/receptive-field';
import { receptiveField, USUAL_INPUTS } from '../../app/pattern/receptive-field';
import { withEngine } from '../engine';
import { checkFigure, figureSourceOf, writeFigure, withFigureOut, type FigureOut } from '../figure/out';
import { remarkAssumedSize } from '../input-size';
import { readNetwork } from '../network';
import { StatusLine } from '../progress';
import {
  print,
  printJson,
  seedFrom,
  wholeNumber,
  withBackend,
  withForm,
  withNetworkOptions,
  type BackendOption,
  type NetworkOptions,
  type Verb,
} from '../verb';

interface FieldOptions extends NetworkOptions, BackendOption, FigureOut {
  readonly layer?: string;
  readonly seed: string;
  readonly inputs: string;
  readonly json?: boolean;
}

export const receptiveFieldVerb: Verb = (program) => {
  const command = program
    .command('receptive-field')
    .description(
      'effective receptive field of any network: how strongly each pixel moves the centre of its last map, before and after the merge',
    )
    .argument('<file>', 'checkpoint or run folder');
  withFigureOut(withBackend(withForm(withNetworkOptions(command))))
    .option('--layer <name>', 'look from the output of this layer; from the last map when not given')
    .option('--inputs <n>', 'random inputs the gradient is averaged over', String(USUAL_INPUTS))
    .option('--seed <n>', 'seed of the inputs', '1')
    .option('--json', 'print JSON, with the maps')
    .action(async (path: string, options: FieldOptions) => {
      await checkFigure(options);
      const { form, layer = null } = options;
      const { spec, weights, sizeAssumed } = await readNetwork(path, { ...options, form: undefined });
      if (sizeAssumed) remarkAssumedSize(spec);
      const asked = {
        layer,
        form,
        seed: seedFrom('--seed', options.seed),
        count: wholeNumber('--inputs', options.inputs, 1),
        backend: options.backend,
        locality: true,
      };
      const status = new StatusLine();
      const report = await status.duringParts(`differentiating ${spec.name}`, (onProgress) =>
        withEngine((engine) => receptiveField({ spec, weights }, engine, asked, { onProgress })),
      );
      await writeFigure(
        options,
        {
          kind: 'receptive-field',
          source: await figureSourceOf(path, options),
          ...(layer !== null && { layer }),
          ...(form && { form }),
          inputs: asked.count,
          seed: asked.seed,
        },
        { receptiveField: () => Promise.resolve(report) },
      );
      if (options.json) printJson(report);
      else print(...fieldLines(report));
    });
};

const formText = ({ form }: ReceptiveField): string => `${form} form`;

function fieldLines(report: ReceptiveFieldReport): string[] {
  const { model, from, map, centre, pixel, inputSize, inputs, method, backend, forms, locality } = report;
  const squares = forms[0].squares.map(({ share }, index) => [
    `square with ${percentText(share, 0)} of it`,
    ...forms.map((field) => `${field.squares[index].side} px (${percentText(field.squares[index].area)} of the image)`),
  ]);
  const reached = ['pixels reached', ...forms.map((field) => `${percentText(field.reached)}${extentText(field)}`)];
  return [
    `${model}, input ${inputSize.join('x')}: from the centre (${centre.join(', ')}) of ${from}, ${map.join('x')}; in pixels (${pixel.join(', ')})`,
    ...alignedColumns([['', ...forms.map(formText)], ...squares, reached]),
    ...(locality.length === 0 ? [] : ['', ...localityTable(locality)]),
    '',
    `method: ${method}`,
    `inputs: ${inputs.count} of ${inputs.source} values, seed ${inputs.seed}; backend ${backend}. The field changes with the size of the input`,
  ];
}

function extentText({ extent }: ReceptiveField): string {
  return extent === null ? '' : `, rows ${extent.top}-${extent.bottom}, columns ${extent.left}-${extent.right}`;
}

function localityTable(locality: ReceptiveFieldReport['locality']): string[] {
  return alignedColumns(
    [
      ['block', 'half-energy radius', 'long-range share', 'translation-invariant'],
      ...locality.map(({ path, before, after }) => [
        path || '(network)',
        `${before.halfEnergyRadius.toFixed(2)} -> ${after.halfEnergyRadius.toFixed(2)}`,
        `${percentText(before.longRangeShare)} -> ${percentText(after.longRangeShare)}`,
        `${percentText(before.invariantShare)} -> ${percentText(after.invariantShare)}`,
      ]),
    ],
    1,
  );
}
