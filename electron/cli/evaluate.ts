// repmlp evaluate: accuracy, verification or mIoU of a checkpoint on the validation split of a data set.
import { parseDatasetReference } from '@shared/dataset/reference';
import { withEngine } from './engine';
import { readNetwork } from './network';
import { metricName } from './progress';
import { print, printJson, withBackend, withForm, withNetworkOptions, type BackendOption, type NetworkOptions, type Verb } from './verb';

interface EvaluateOptions extends NetworkOptions, BackendOption {
  readonly data: string;
  readonly json?: boolean;
}

export const evaluateVerb: Verb = (program) => {
  withBackend(
    withForm(
      withNetworkOptions(
        program.command('evaluate').description('evaluate a checkpoint on a data set').argument('<file>', 'checkpoint or run folder'),
      ),
    ),
  )
    .requiredOption('--data <source>', 'embedded data or a folder in a published layout')
    .option('--json', 'print JSON')
    .action(async (path: string, options: EvaluateOptions) => {
      const dataset = parseDatasetReference(options.data);
      const { spec, weights } = await readNetwork(path, options);
      const report = await withEngine((engine) => engine.evaluate({ spec, weights, dataset, backend: options.backend }));
      const metric = metricName(spec.task);
      if (options.json)
        printJson({ model: spec.name, form: spec.form, data: options.data, ...report, predictions: Array.from(report.predictions) });
      else
        print(
          `${spec.name}, ${spec.form} form, ${report.samples} samples of ${options.data}: ${metric} ${(100 * report.metric).toFixed(2)} %, loss ${report.loss.toFixed(4)}`,
        );
    });
};
