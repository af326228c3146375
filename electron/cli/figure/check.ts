// repmlp figure check: inspects any PDF or SVG for print; exit 1 where something fails.
import { readRegular } from '../../files/regular-file';
import { LARGEST_FIGURE } from '../../app/figure/open';
import { Option, type Command } from 'commander';
import { inspectFigure } from '@shared/figure/check/inspect';
import type { Finding } from '@shared/figure/check/finding';
import { VENUE_NAMES, type VenueName } from '@shared/figure/venues';
import { print, printJson } from '../verb';

export function defineCheck(verb: Command, setExit: (code: number) => void): void {
  verb
    .command('check')
    .description(
      'inspect any PDF or SVG for print: size, fonts, type, lines, rasters, colours, alternative text; exit 1 where something fails',
    )
    .argument('<file>', '.pdf or .svg, of any program')
    .addOption(new Option('--venue <name>', 'its widths, height and type sizes').choices(VENUE_NAMES))
    .option('--json', 'print JSON')
    .action(async (path: string, { venue = null, json }: { readonly venue?: VenueName | null; readonly json?: boolean }) => {
      const inspection = await inspectFigure(new Uint8Array(await readRegular(path, LARGEST_FIGURE)), path, venue);
      if (json) printJson({ file: path, ...inspection });
      else print(...inspection.findings.flatMap(linesOf), inspection.pass ? `${path}: passes` : `${path}: does not pass`);
      if (!inspection.pass) setExit(1);
    });
}

const MARKS = { pass: 'pass', fail: 'FAIL', 'not judged': '-' } as const;

function linesOf({ rule, verdict, says, fix }: Finding): string[] {
  const line = `${MARKS[verdict].padEnd(5)} ${rule}: ${says}`;
  return fix === null ? [line] : [line, `      ${fix}`];
}
