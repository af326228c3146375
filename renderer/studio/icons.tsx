// Line icons, 20x20, drawn for this program. Decorative: the label beside them carries the meaning.
import type { Stage } from './navigation';

const PATHS: Readonly<Record<Stage | 'search' | 'theme' | 'close' | 'fullScreen', string>> = {
  home: 'M3 9.500L10 3l7 6.500M5 8.500V17h10V8.500M8.500 17v-4.500h3V17',
  lesson: 'M10 4L2 8l8 4 8-4zM5 9.500V14c3 2.500 7 2.500 10 0V9.500M18 8v5',
  convolution: 'M3 3h14v14H3zM3 3h6v6H3zM12 6h3M6 12v3M12 12l3 3',
  dataset: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z',
  model: 'M7 2h6v4H7zM3 14h5v4H3zM12 14h5v4h-5zM10 6v4M5.5 14v-4h9v4',
  training: 'M3 3v14h14M5 6c2 7 5 8 12 8.5',
  merge: 'M3 4c6 0 6 6 11 6M3 16c6 0 6-6 11-6M11 7l3.5 3-3.5 3M14 10h3',
  matrix: 'M3 3h14v14H3zM3 7.7h14M3 12.3h14M7.7 3v14M12.3 3v14',
  pattern:
    'M10 10m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M10 10m-4.5 0a4.500 4.5 0 1 0 9 0a4.500 4.5 0 1 0-9 0M10 10m-7.500 0a7.500 7.500 0 1 0 15 0a7.500 7.500 0 1 0-15 0',
  cost: 'M3 17h14M5 17v-5M9 17V5M13 17V9M16 17v-3',
  figure: 'M10 12V3M6.500 6.500L10 3l3.500 3.500M3 12v5h14v-5',
  checkpoint: 'M5 2h7l4 4v12H5zM12 2v4h4M8 10h5M8 13.500h5',
  settings: 'M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4',
  search: 'M8.500 3.500a5 5 0 1 0 0 10a5 5 0 1 0 0-10M12.200 12.200L17 17',
  theme: 'M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 1 1 0 14',
  close: 'M5 5l10 10M15 5L5 15',
  fullScreen: 'M3 7.500V3h4.500M12.500 3H17v4.500M17 12.500V17h-4.500M7.500 17H3v-4.500',
};

export type IconName = keyof typeof PATHS;

/** `size` is in pixels at the usual size of text, with which it grows. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  const side = `${size / 16}rem`;
  return (
    <svg
      className="icon"
      width={side}
      height={side}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path d={PATHS[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

/** Points right, or down when what it stands before is open. */
export function Chevron({ open }: { readonly open: boolean }) {
  return (
    <svg
      className={open ? 'chevron open' : 'chevron'}
      viewBox="0 0 10 10"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path d="M3.500 1.500L7 5L3.500 8.500" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
