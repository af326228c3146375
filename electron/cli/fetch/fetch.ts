// repmlp fetch: a published data set into a folder, checked and unpacked. Ctrl-C leaves what has arrived;
// the same command goes on from there.
import { largestOf } from '@shared/base/extremes';
import { resolve } from 'node:path';
import { type FetchProgress, RESTRICTED_DATASETS, publishedNamed, type PublishedDataset } from '@shared/dataset/published';
import { UserError } from '@shared/base/user-error';
import { fetchableDatasets, fetchDataset } from '../../datasets/fetch/fetch-dataset';
import { openDataset } from '../../datasets/open-dataset';
import { StatusLine } from '../progress';
import { print, printJson, remark, type Verb } from '../verb';

/** A process ended by Ctrl-C, as shells count it. */
const INTERRUPTED = 130;

const HELP = `
Without a name the data sets are listed. A file that is in the folder already is checked, not fetched again.
REPMLP_DATASETS=FILE.json adds data sets of a server of your own:
  [{"name": "ours", "title": "Ours", "says": "what it is", "megabytes": 12, "page": "https://...", "terms": null,
    "files": [{"url": "https://.../ours.tar.gz", "md5": "...", "unpacksTo": "ours"}]}]
Exit 130 after Ctrl-C; the same command then goes on where it stopped.`;

export const fetchVerb: Verb = (program, setExit) => {
  program
    .command('fetch')
    .description('fetch a published data set from its official address: resumed, checked, unpacked')
    .argument('[name]', 'data set; without it they are listed')
    .argument('[folder]', 'folder to put it into')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, folder: string | undefined, { json = false }: { json?: boolean }) => {
      const known = await fetchableDatasets();
      if (name === undefined) return list(known, json);
      const dataset = publishedNamed(name, known);
      if (folder === undefined) throw new UserError(`say where to put it, for example: repmlp fetch ${name} data/${name}`);
      setExit(await fetchInTerminal(dataset, resolve(folder), json));
    });
};

function list(known: readonly PublishedDataset[], json: boolean): void {
  if (json) return printJson({ datasets: known, restricted: RESTRICTED_DATASETS });
  const width = largestOf(known.map(({ name }) => name.length));
  print(known.map(({ name, title, says, megabytes }) => `${name.padEnd(width)}  ${title}: ${says}; ${megabytes} MB`));
  print(
    '',
    'not fetched from here:',
    RESTRICTED_DATASETS.map(({ title, says, page }) => `${title} ${says} (${page})`),
  );
}

/** Exit code 0, or 130 when it was interrupted. */
async function fetchInTerminal({ name, terms, page }: PublishedDataset, folder: string, json: boolean): Promise<number> {
  const status = new StatusLine();
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    remark(`from ${page}${terms === null ? '' : `. ${terms}`}`);
    const onProgress = (progress: FetchProgress): void => showProgress(status, progress);
    const dataset = await fetchDataset(name, folder, { signal: stop.signal, onProgress });
    status.clear();
    await report(dataset, folder, json);
    return 0;
  } catch (error) {
    status.clear();
    if (!stop.signal.aborted) throw error;
    remark('stopped; what has arrived is kept, and the same command goes on from there');
    return INTERRUPTED;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

const STAGES: Readonly<Record<FetchProgress['stage'], string>> = { download: 'fetching', check: 'checking', unpack: 'unpacking' };

function showProgress(status: StatusLine, { stage, file, received, total, number, files }: FetchProgress): void {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const of = files === 1 ? '' : ` (${number} of ${files})`;
  const all = total === null ? '' : ` of ${megabytes(total)}`;
  status.showPart(`${STAGES[stage]} ${file}${of}`, received, total ?? 0, `${megabytes(received)}${all} MB`);
}

/** Opens what came, which proves that it is whole, and says how to use it. */
async function report({ name, files }: PublishedDataset, folder: string, json: boolean): Promise<void> {
  const { train, validation } = await openDataset({ kind: 'folder', path: folder });
  const [training, held, classes] = [train.count, validation.count, train.classes.length];
  if (json) return printJson({ name, folder, data: folder, files, task: train.task, train: training, validation: held, classes });
  print(`${folder}: ${training} training and ${held} validation samples, ${classes} classes; use it with --data ${folder}`);
}
