// repmlp figure film: a film of a figure that has frames: the matrix over the epochs of a run, the steps of a merge.
import { dirname, extname } from 'node:path';
import { FILM_START, type FilmFormat } from '@shared/figure/film/settings';
import { UserError } from '@shared/base/user-error';
import type { Command } from 'commander';
import { filmText, renderFilm } from '../../app/figure/film';
import { LARGEST_FIGURE, readProvenance } from '../../app/figure/open';
import { refuseExisting, writeFileAtomically } from '../../files';
import { readRegular } from '../../files/regular-file';
import { StatusLine } from '../progress';
import { collect, print } from '../verb';
import { shownReaders } from './written';

interface FilmOptions {
  readonly width: string;
  readonly seconds: string;
  readonly hold: string;
  readonly strip?: boolean;
  readonly search: readonly string[];
  readonly force?: boolean;
}

/** What endings ask for; an animated PNG may be called .png. */
const ENDINGS: Readonly<Record<string, FilmFormat>> = { gif: 'gif', apng: 'apng', png: 'apng', pdf: 'pdf' };

export function defineFilm(verb: Command): void {
  verb
    .command('film')
    .description(
      'make a film of a matrix over the epochs of a run or of the steps of a merge, or a flip-book for slides; one scale for all frames',
    )
    .argument('<recipe>', 'a recipe (.json) of kind matrix-epochs or merge-equation, or a figure made from one')
    .argument('<out>', '.gif (256 colours), .apng or .png (exact colours), .pdf (a page a frame)')
    .option('--width <pixels>', 'width of a frame', String(FILM_START.widthPx))
    .option('--seconds <s>', 'for how long a frame is shown', String(FILM_START.seconds))
    .option('--hold <s>', 'for how long the last one is', String(FILM_START.holdSeconds))
    .option('--strip', 'nothing travels in the file: neither recipe nor hashes of its sources')
    .option('--search <folder>', 'where to look for files that are not where the recipe says (repeatable)', collect, [])
    .option('--force', 'replace an existing file')
    .action(makeFilm);
}

async function makeFilm(from: string, output: string, { width, seconds, hold, strip, search, force = false }: FilmOptions): Promise<void> {
  const format = ENDINGS[extname(output).slice(1).toLowerCase()];
  if (format === undefined) throw new UserError(`films are written as .gif, .apng, .png or .pdf; got ${output}`);
  await refuseExisting(output, { force });
  const { recipe } = await readProvenance(new Uint8Array(await readRegular(from, LARGEST_FIGURE)), from);
  const settings = {
    widthPx: numberFrom('--width', width),
    seconds: numberFrom('--seconds', seconds),
    holdSeconds: numberFrom('--hold', hold),
  };
  const line = new StatusLine();
  const shown = (what: string) => (done: number, total: number) => line.showPart(what, done, total, `${done} of ${total}`);
  const watch = { reading: shown('reading'), progress: shown('writing') };
  const film = await renderFilm(recipe, format, shownReaders(dirname(from), search), { settings, strip, ...watch }).finally(() =>
    line.clear(),
  );
  await writeFileAtomically(output, film.bytes, { force });
  print(`${output}: ${filmText(film)}`);
}

function numberFrom(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UserError(`${option} takes a number, got "${text}"`);
  return value;
}
