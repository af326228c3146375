// A class's results as lines for a terminal.
import { alignedColumns } from '@shared/base/aligned-columns';
import { percentText, signedFixed } from '@shared/base/number-text';
import type { LessonResults, PupilRow } from '@shared/lesson/class/results';

/** The table of one lesson, what is hard in it, and the learning gain. */
export function resultLines({ lesson, title, pupils, steps, gain, notes }: LessonResults): string[] {
  const head = ['name', 'reached', 'right', 'tries', 'hints', 'before', 'after', ''];
  return [
    `${title} (${lesson}): ${pupils.length} ${pupils.length === 1 ? 'pupil' : 'pupils'}`,
    ...alignedColumns([head, ...pupils.map(row)], 1),
    '',
    ...alignedColumns([
      ['question', 'right at the first try', 'right', 'answered'],
      ...steps.map(({ id, rightAtFirst, right, answered }) => [id, String(rightAtFirst), String(right), String(answered)]),
    ]),
    gain === null
      ? 'learning gain: not known, nobody answered all questions asked before and after'
      : `learning gain of ${gain.pupils}: ${percentText(gain.before)} right before, ${percentText(gain.after)} after${gain.normalized === null ? '' : `; normalized gain ${signedFixed(gain.normalized, 2)} ((after - before) / (1 - before))`}`,
    ...notes.map((note) => `note: ${note}`),
    '',
  ];
}

function row({ name, reached, steps, right, questions, tries, hints, before, after, changed }: PupilRow): string[] {
  const share = (value: number | null): string => (value === null ? '-' : percentText(value, 0));
  const marks = changed ? 'changed after it was saved' : '';
  return [name, `${reached}/${steps}`, `${right}/${questions}`, String(tries), String(hints), share(before), share(after), marks];
}
