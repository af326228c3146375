// repmlp rerun: trains a run again from its own record into a new folder, and says what differs. Exit 1 where losses, metrics or weights do.
import { resolve } from 'node:path';
import { rerunLines } from '@shared/run/rerun';
import { UserError } from '@shared/base/user-error';
import { compareRuns, rerunConfig } from '../../app/training/rerun';
import { checkedRun } from '../../app/training/run-start';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { readRun } from '../../runs/read';
import { withEngine } from '../engine';
import { startRun, trainInTerminal } from '../train/train';
import { print, printJson, remark, type Verb } from '../verb';

interface RerunOptions {
  readonly json?: boolean;
}

export const rerunVerb: Verb = (program, setExit) => {
  program
    .command('rerun')
    .description('train a run again from its own record (network, data, recipe, seeds, backend) and say what differs')
    .argument('<run>', 'run folder')
    .argument('<out>', 'folder of the new run')
    .option('--json', 'print JSON')
    .action(async (run: string, out: string, { json }: RerunOptions) => {
      const [folder, again] = [resolve(run), resolve(out)];
      if (folder === again) throw new UserError(`${out} is the run itself: name another folder for its repetition`);
      await trainAgain(folder, again);
      const report = await compareRuns(folder, again);
      if (json) printJson(report);
      else print(...rerunLines(report));
      setExit(report.same ? 0 : 1);
    });
};

async function trainAgain(folder: string, again: string): Promise<void> {
  const record = await readRun(folder);
  await withEngine(async (engine) => {
    const { config: asked, note } = rerunConfig(record, await engine.backends());
    if (note !== null) remark(note);
    const { config } = await checkedRun(datasetsHere, asked);
    const start = await startRun(again, config);
    try {
      await trainInTerminal(engine, start);
    } catch (error) {
      await start.writer.discardUnbegun();
      throw error;
    } finally {
      await start.writer.release();
    }
  });
}
