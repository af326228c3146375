// repmlp export: a network as an ONNX model that carries its proof.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option } from 'commander';
import { UserError } from '@shared/base/user-error';
import type { ExportVerdict, VerifyReport } from '@shared/merge/report';
import type { Form } from '@shared/model/spec';
import { refuseExisting, writeFileAtomically } from '../../files';
import { exportNetwork } from '../../app/export/export-network';
import { sha256OfFile } from '../../files/file-hash';
import { withEngine } from '../engine';
import { remarkAssumedSize } from '../input-size';
import { readNetwork } from '../network';
import { exportedAsBlocks } from './blocks';
import { StatusLine } from '../progress';
import {
  print,
  printJson,
  seedFrom,
  withNetworkOptions,
  withRecipeNames,
  type NetworkOptions,
  type RecipeOptions,
  type Verb,
} from '../verb';

interface ExportOptions extends Omit<NetworkOptions, 'form'>, RecipeOptions {
  readonly form: Form;
  readonly seed: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const exportVerb: Verb = (program, setExit) => {
  withRecipeNames(
    withNetworkOptions(
      program
        .command('export')
        .description('write a network as an ONNX model, run it in ONNX Runtime and compare every layer')
        .argument('<in>', 'checkpoint or run folder')
        .argument('<out.onnx>', 'file to write'),
    ),
  )
    .addOption(
      new Option('--form <form>', 'the form to export; train-form weights are merged for it')
        .choices(['train', 'merged'])
        .default('merged'),
    )
    .option('--seed <n>', 'seed of the inputs it is compared on', '0')
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .action(async (input: string, output: string, { form, seed, force = false, json, ...options }: ExportOptions) => {
      if (!output.toLowerCase().endsWith('.onnx')) throw new UserError(`${output}: a network is exported as .onnx`);
      await refuseExisting(output, { force });
      if (await exportedAsBlocks(input, output, { form, force, json, seed, ...options }, setExit)) return;
      const { spec, weights, sizeAssumed } = await readNetwork(input, options);
      if (sizeAssumed) remarkAssumedSize(spec);
      const source = { fileName: basename(input), sha256: (await isFile(input)) ? await sha256OfFile(input) : null };
      const status = new StatusLine();
      const work = (): ReturnType<typeof exportNetwork> =>
        withEngine((engine) => exportNetwork({ spec, weights }, engine, { form, source, seed: seedFrom('--seed', seed) }));
      const { verdict, parts } = await status.during(`exporting ${spec.name} and running it in ONNX Runtime`, work);
      if (verdict.equivalent) await writeFileAtomically(output, parts, { force });
      else setExit(1);
      if (json) printJson({ out: verdict.equivalent ? output : null, model: spec.name, ...verdict });
      else printVerdict(output, spec.name, verdict);
    });
};

/** A run folder or `bundled:NAME` is none. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function printVerdict(output: string, model: string, { equivalent, form, merge, onnx }: ExportVerdict): void {
  print(
    equivalent
      ? `${output}: ${model}, ${form} form, ONNX opset 17`
      : `${output} is not written: the exported model is not the same function`,
    ...(merge ? [line('merged here; train against merged form', merge)] : []),
    line('ONNX Runtime against the forward pass here', onnx),
    `tolerance: ${onnx.toleranceReason}`,
  );
}

function line(what: string, { equivalent, maxAbs, maxRel, tolerance, layers, firstDivergentLayer }: VerifyReport): string {
  const verdict = equivalent ? `${layers.length} layers agree` : `differs first in ${firstDivergentLayer ?? 'the output'}`;
  return `${what}: ${verdict}; output off by ${maxAbs.toExponential(2)} (${maxRel.toExponential(2)} of the largest, tolerance ${tolerance.toExponential(1)})`;
}
