// What the writers of PDF and PNG need beside the figure.

/** Bytes of the DejaVu faces and of resvg's WebAssembly, which a host keeps where it likes. */
export type FigureAssets = (name: 'regular' | 'bold' | 'resvg') => Promise<Uint8Array>;
