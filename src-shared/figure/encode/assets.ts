// What the writers of figures need beside the figure.
import type { FaceName } from '../page/font-metrics';

/** Bytes of the DejaVu faces and of resvg's WebAssembly, which a host keeps where it likes. */
export type FigureAssets = (name: FaceName | 'resvg') => Promise<Uint8Array>;
