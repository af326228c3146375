// Something that is killed again and again.

export interface Scene {
  /** Kills once, at a moment of its own, and looks at what is left. */
  kill(): Promise<void>;
  /** Brings what was killed to its end, looks at it, and lets go of everything. */
  close(): Promise<void>;
}
