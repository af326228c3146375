// In which sizes and themes the window is looked at: from half a laptop's screen to a large one.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const SIZES: readonly Size[] = [
  { width: 640, height: 800 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Look {
  readonly theme: Theme;
  readonly size: Size;
}
