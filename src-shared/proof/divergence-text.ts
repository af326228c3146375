// Where two forms first part, in one line: the same words on the command line, on screen and in the report.
import type { LayerComparison, VerifyReport } from '../merge/report';

/** The first layer that differs and why or where; null where all agree. */
export function divergenceText({ firstDivergentLayer, layers }: VerifyReport): string | null {
  if (firstDivergentLayer === null) return null;
  const layer = layers.find(({ path }) => path === firstDivergentLayer);
  return `First layer that differs: ${firstDivergentLayer || 'the output'}${layer ? reasonOf(layer) : ''}`;
}

function reasonOf({ unusable, worst }: LayerComparison): string {
  if (unusable !== null) return `, its weights cannot be used: ${unusable}`;
  return `, worst at [${worst.index.join(', ')}]: ${worst.train} before, ${worst.merged} after`;
}
