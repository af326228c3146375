// From the explorer's settings and the matrices' statistics to colour scales. Two panes that are compared
// share one scale unless the user says otherwise.
import { largestOf } from '@shared/base/extremes';
import type { Colouring } from '@shared/colour/colouring';
import { colouringOf, type ColouringChoice } from '@shared/matrix/colouring';
import { combine, type MatrixStatistics } from '@shared/matrix/statistics';
import type { MatrixStatus } from '../../../workers/matrix/matrix-client';
import type { Explorer } from '../explorer';

type Counted = Pick<MatrixStatus, 'phase' | 'extremes' | 'statistics'>;

/** One scale per status, or the same for all when `shared`; panes without a matrix have no say. */
export function scalesOf(settings: ColouringChoice & Pick<Explorer, 'shared'>, statuses: readonly Counted[]): Colouring[] {
  if (!settings.shared) return statuses.map((status) => colouringOf(settings, status.statistics, largest([status])));
  const scale = colouringOf(settings, sharedStatistics(statuses), largest(statuses));
  return statuses.map(() => scale);
}

/** The distribution of all opened matrices together; null until every one is counted. */
export function sharedStatistics(statuses: readonly Counted[]): MatrixStatistics | null {
  const counted = statuses.flatMap(({ statistics }) => statistics ?? []);
  const opened = statuses.filter(({ phase }) => phase !== 'empty');
  return counted.length === opened.length && counted.length > 0 ? combine(counted) : null;
}

function largest(statuses: readonly Counted[]): number {
  const magnitudes = statuses.flatMap(({ extremes }) => (extremes ? [Math.abs(extremes.min), Math.abs(extremes.max)] : []));
  return largestOf(magnitudes.filter(Number.isFinite), 0);
}
