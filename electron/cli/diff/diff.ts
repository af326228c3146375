// repmlp diff: are two files one function, and which weights moved, where? Exit 1 unless they are shown to be the same.
import { resolve } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { diffLines, diffMarkdown } from '@shared/proof/diff/text';
import type { DiffReport } from '@shared/proof/diff/report';
import { refuseExisting, writeFileAtomically } from '../../files';
import { inputOfFile } from '../../app/diff/compared-file';
import { diffFiles, type DiffChoice } from '../../app/diff/diff-files';
import { withLazyEngine } from '../engine';
import { openWeights, understandWith } from '../network';
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

interface DiffOptions extends NetworkOptions, BackendOption {
  readonly seed: string;
  readonly batch: string;
  readonly report?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const diffVerb: Verb = (program, setExit) => {
  const command = program
    .command('diff')
    .description('are two files one function; where do their outputs part, and which weights moved')
    .argument('<a>', 'checkpoint or run folder')
    .argument('<b>', 'another one, in the same form or another');
  withBackend(withNetworkOptions(command))
    .option('--seed <n>', 'seed of the random inputs both are run on', '1')
    .option('--batch <n>', 'how many random inputs', '1')
    .option('--report <file.md>', 'also write the report as Markdown, to be pasted into an issue')
    .option('--force', 'replace an existing report')
    .option('--json', 'print JSON')
    .action(async (a: string, b: string, options: DiffOptions) => {
      await checkReport(options);
      const report = await diffPaths(a, b, options);
      if (options.report !== undefined) await writeFileAtomically(options.report, diffMarkdown(report), { force: options.force ?? false });
      if (options.json) printJson(report);
      else print(...diffLines(report));
      setExit(report.same ? 0 : 1);
    });
};

async function checkReport({ report, force = false }: DiffOptions): Promise<void> {
  if (report === undefined) return;
  if (!/\.(md|markdown|txt)$/i.test(report)) throw new UserError(`${report}: the report is Markdown, for example ${resolve('diff.md')}`);
  await refuseExisting(report, { force });
}

async function diffPaths(a: string, b: string, options: DiffOptions): Promise<DiffReport> {
  const [fileA, fileB] = [await openWeights(a, options), await openWeights(b, { ...options, ifSeveral: true })];
  const status = new StatusLine();
  try {
    const [inputA, inputB] = [
      inputOfFile(fileA, await understandWith(fileA, options)),
      inputOfFile(fileB, await understandWith(fileB, options)),
    ];
    const choice: DiffChoice = {
      seed: seedFrom('--seed', options.seed),
      batch: wholeNumber('--batch', options.batch, 1),
      backend: options.backend,
      onCompared: (done, total) => status.showPart('comparing', done, total, `${done} of ${total} tensors`),
      onMerged: ({ done, total, layer }) => status.showPart('merging', done, total, layer),
    };
    return await withLazyEngine((engine) => diffFiles(inputA, inputB, () => Promise.resolve(engine()), choice));
  } finally {
    status.clear();
    await fileA.close();
    await fileB.close();
  }
}
