// repmlp int8: what int8 weights would cost each layer, before and after the merge, and which weight is to blame.
import { alignedColumns } from '@shared/base/aligned-columns';
import { percentText } from '@shared/base/number-text';
import { inputsText } from '@shared/proof/inputs-text';
import type { Int8Form, Int8Report } from '@shared/cost/int8/report';
import { forecastInt8 } from '../../app/cost/int8';
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
  withNetworkOptions,
  type BackendOption,
  type NetworkOptions,
  type Verb,
} from '../verb';

interface Int8Options extends NetworkOptions, BackendOption, FigureOut {
  readonly seed: string;
  readonly batch: string;
  readonly json?: boolean;
}

export const int8Verb: Verb = (program) => {
  const command = program
    .command('int8')
    .description(
      'what int8 weights would cost each layer before and after the merge, per tensor and per channel, and what made the outliers',
    )
    .argument('<file>', 'checkpoint or run folder');
  withFigureOut(withBackend(withNetworkOptions(command)))
    .option('--batch <n>', 'how many random inputs it is run on', '4')
    .option('--seed <n>', 'seed of the inputs', '1')
    .option('--json', 'print JSON')
    .action(async (path: string, options: Int8Options) => {
      await checkFigure(options);
      const { spec, weights, sizeAssumed } = await readNetwork(path, options);
      if (sizeAssumed) remarkAssumedSize(spec);
      const choice = { seed: seedFrom('--seed', options.seed), batch: wholeNumber('--batch', options.batch, 1), backend: options.backend };
      const status = new StatusLine();
      let doing = 'rounding';
      const report = await status.during(
        () => doing,
        () => withEngine((engine) => forecastInt8({ spec, weights }, engine, { ...choice, onProgress: (what) => void (doing = what) })),
      );
      await writeFigure(
        options,
        { kind: 'int8', source: await figureSourceOf(path, options), batch: choice.batch, seed: choice.seed },
        { int8: () => Promise.resolve(report) },
      );
      if (options.json) printJson(report);
      else print(...int8Lines(report));
    });
};

function int8Lines(report: Int8Report): string[] {
  return [
    `${report.model}: signal to noise in dB (per tensor / per channel), and the share of outputs that become another int8 number`,
    ...report.forms.flatMap(formLines),
    '',
    `method: ${report.method}`,
    `inputs: ${inputsText(report.inputs)}; backend ${report.backend}`,
  ];
}

function formLines({ form, layers, snr, changed }: Int8Form): string[] {
  const both = ({ tensor, channel }: { tensor: number; channel: number }, text: (value: number) => string): string =>
    `${text(tensor)} / ${text(channel)}`;
  const rows = layers.map((layer) => [layer.path, both(layer.snr, decibelText), both(layer.changed, percentText)]);
  const whole = [
    'all together',
    both(snr, decibelText),
    changed === null ? '' : `${both(changed, percentText)} of the inputs answered otherwise`,
  ];
  const blamed = layers.flatMap(({ weights }) =>
    weights.flatMap(({ name, outlier }) =>
      outlier === null
        ? []
        : [`  ${name}, channel ${outlier.channel}, ${times(outlier.times)} the median channel's range: ${outlier.cause}`],
    ),
  );
  return [
    '',
    `${form} form`,
    ...alignedColumns([['layer', 'outputs, dB', 'outputs changed'], ...rows, whole], 1),
    ...(blamed.length === 0 ? [] : ['outliers:', ...blamed]),
  ];
}

function decibelText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : 'exact';
}

function times(value: number): string {
  return `${Number(value.toPrecision(3))} times`;
}
