// What a proof was run on, in one line: the same words on the command line, on screen and in the report.
import { shapeText } from '../tensor/tensor';
import type { VerifyInputs } from '../merge/report';

/** `standard normal, 4x3x32x32, seed 1`; of blocks run one by one, which shape went into which of them. */
export function inputsText({ source, shape, seed, blocks = [] }: VerifyInputs): string {
  const shapes = shape ? [shapeText(shape)] : shapesInto(blocks);
  return [source, ...shapes, ...(seed === null ? [] : [`seed ${seed}`])].join(', ');
}

function shapesInto(blocks: NonNullable<VerifyInputs['blocks']>): string[] {
  const shapes = new Set(blocks.map(({ shape }) => shapeText(shape)));
  return [...shapes].map((text) => {
    const into = blocks.filter(({ shape }) => shapeText(shape) === text).map(({ path }) => path);
    return `${text} into ${into.length > 3 ? `${into.length} blocks` : into.join(', ')}`;
  });
}
