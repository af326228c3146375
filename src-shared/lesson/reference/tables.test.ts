// The manual for writers shows blocks: each of them is taken by the program as it stands there.
import { expect, test } from 'vitest';
import { parseLesson } from '../parse-lesson';
import { STEP_KINDS, stepKindNames } from '../steps';
import type { StepKind } from '../steps/kind';

const HEAD = '---\nlesson: 1\nid: l\ntitle: L\nsummary: S\n---\n';
const EXAMPLES = stepKindNames.flatMap((name) => {
  const { example, more = [] }: StepKind = STEP_KINDS[name] as StepKind;
  return [example, ...more.map(([, other]) => other)].map((text) => [name, text] as const);
});

test.each(EXAMPLES)('the example of %s is a right one: %j', (name, text) => {
  const { problems } = parseLesson(`${HEAD}\n## A\n\n\`\`\`${name}\n${text}\n\`\`\`\n`, { commands: ['run-merge'], files: [] });
  expect(problems).toEqual([]);
});
