// repmlp runs: what is in a runs folder, on a machine without a window: listed, grouped over seeds, described, renamed,
// deleted into the trash, held against a baseline.
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { bestMetric } from '@shared/run/run-cost';
import { groupRuns } from '@shared/run/groups';
import { tagsOf } from '@shared/run/remarks';
import type { ListedRun } from '@shared/link/studio';
import { RunKeeping } from '../../app/training/keeping';
import { RunFolders } from '../../runs/run-folders';
import { bringBack, type WeightsKind } from '../../app/bundle/bring-back';
import { print, printJson, remark, type Verb } from '../verb';
import { groupsText, listText } from './text';

interface Folder {
  readonly runs: string;
}

export const runsVerb: Verb = (program) => {
  const runs = program.command('runs').description('list, group, describe, rename and delete the runs of a folder');
  list(runs);
  describe(runs);
  bring(runs);
  withFolder(runs.command('rename <run> <name>').description('give a run and its folder another name')).action(
    async (run: string, name: string, options: Folder) => print(`${run} is ${await keeping(options).rename(run, name)} now`),
  );
  withFolder(runs.command('delete <run...>').description('move runs into the trash')).action(async (names: string[], options: Folder) => {
    for (const run of names) print(`${run} is in ${await keeping(options).remove(run)}`);
  });
  withFolder(runs.command('baseline [run]').description('hold the others against this run; against none without a name')).action(
    async (run: string | undefined, options: Folder) => {
      await keeping(options).pin(run ?? null);
      print(run === undefined ? 'no run is the baseline now' : `${run} is the baseline now`);
    },
  );
};

function bring(runs: Command): void {
  runs
    .command('import <output> <run>')
    .description('make a run of what a PyTorch training wrote (train.py of a bundle, or timm)')
    .addOption(
      new Option('--weights <kind>', 'averaged weights, or those that were trained; asked for where both are there').choices([
        'ema',
        'raw',
      ]),
    )
    .option('--json', 'print one JSON object')
    .action(async (output: string, run: string, { weights, json }: { weights?: WeightsKind; json?: true }) => {
      const { folder, record, remarks } = await bringBack(output, run, weights ?? null);
      remarks.forEach(remark);
      if (json) return printJson({ run: folder, state: record.state, device: record.device, checkpoints: record.checkpoints });
      print(
        `${folder}: ${record.config.spec.name}, ${record.checkpoints.length} checkpoints up to epoch ${record.checkpoints.at(-1)?.epoch ?? 0}, ${record.device}`,
      );
    });
}

function withFolder(command: Command): Command {
  return command.option('--runs <folder>', 'folder of the runs', 'runs');
}

function keeping({ runs }: Folder): RunKeeping {
  // What other programs train they hold by their locks; this one trains none.
  return new RunKeeping(new RunFolders(resolve(runs)), () => []);
}

function list(runs: Command): void {
  withFolder(runs.command('list', { isDefault: true }).description('every run, newest first'))
    .option('--group', 'runs that differ in nothing but their seeds together: mean and spread of the best validation metric')
    .option('--json', 'print one JSON object')
    .action(async ({ group, json, ...options }: Folder & { group?: true; json?: true }) => {
      const folders = new RunFolders(resolve(options.runs));
      const found = await folders.list();
      const broken = await folders.broken();
      if (json) return printJson({ runs: found.map(shortRun), groups: groupRuns(found).map(shortGroup), broken });
      print(
        group ? groupsText(groupRuns(found)) : listText(found),
        broken.map(({ reason }) => `Not listed: ${reason}`),
      );
    });
}

function shortRun(run: ListedRun) {
  const { name, folder, state, tags, note, baseline, config, createdAt } = run;
  return { name, folder, model: config.spec.name, state, best: bestMetric(run), seed: config.seed, tags, note, baseline, createdAt };
}

function shortGroup({ runs, metric }: ReturnType<typeof groupRuns<ListedRun>>[number]) {
  return { runs: runs.map(({ name }) => name), metric };
}

function describe(runs: Command): void {
  withFolder(runs.command('describe <run>').description('set the tags and the note of a run'))
    .option('--tags <words>', 'tags, parted by spaces or commas; they replace those it has')
    .option('--note <text>', 'a note; it replaces the one it has')
    .action(async (run: string, { tags, note, ...options }: Folder & { tags?: string; note?: string }) => {
      await keeping(options).describe(run, { ...(tags !== undefined && { tags: tagsOf(tags) }), ...(note !== undefined && { note }) });
      print(`${run} is described`);
    });
}
