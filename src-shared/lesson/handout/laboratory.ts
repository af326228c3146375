// What a handout has computed for it besides what the player does: pictures of data, the curves of its last training.
import type { HeadlessLaboratory } from '../player/headless-commands';
import type { PreparedState } from '../prepared-state';

/** A sample of a data set as it is printed. */
export interface PrintedSample {
  /** A data URL of its picture. */
  readonly url: string;
  /** Its class, or whom it shows. */
  readonly says: string;
}

export interface HandoutLaboratory extends HeadlessLaboratory {
  /** The first samples of the data that a lesson has prepared. */
  samples(data: PreparedState['data']): Promise<{ readonly name: string; readonly samples: readonly PrintedSample[] }>;
  /** The curves of the last training as the text of an SVG; null where none was run. */
  curves(): Promise<string | null>;
}

/** A drawing as an address that holds it. */
export const svgUrl = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;
