// What the frame knows of a stage: the record that each stage's index hands out.
import type { ComponentType } from 'react';
import type { Command } from './command';
import type { Stage } from './navigation';

export interface StageDoor {
  readonly stage: Stage;
  /** In the order of the palette. */
  readonly commands: readonly Command[];
  /** Loads the view when it is first shown, so that the window opens at once. */
  readonly view: () => Promise<ComponentType>;
  /** What it follows of the service from the first moment on, each to its end. */
  readonly follows?: readonly (() => Promise<void>)[];
}
