// What the stages of the window are called on screen. Invariant: their names stand here alone.

/** By the name that addresses, lessons and commands have for a stage. */
export const STAGE_TITLES = {
  home: 'Home',
  lesson: 'Lessons',
  convolution: 'Convolution',
  dataset: 'Dataset',
  model: 'Model',
  training: 'Training',
  merge: 'Merge',
  matrix: 'Matrices',
  pattern: 'Patterns',
  cost: 'Cost',
  figure: 'Export',
  checkpoint: 'Weights',
  settings: 'Settings',
} as const;
