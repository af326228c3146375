// The menu's commands: plain records whose ids are those of the window's own commands, which run them.

export interface MenuCommand {
  readonly id: string;
  readonly label: string;
  readonly accelerator?: string;
}

/** Menus in order, each with its commands; null draws a line. */
export const commandMenus: Readonly<Record<string, readonly (MenuCommand | null)[]>> = {
  Weights: [{ id: 'open-checkpoint', label: 'Open…', accelerator: 'CmdOrCtrl+O' }],
  Go: [
    { id: 'go-dataset', label: 'Dataset', accelerator: 'Alt+1' },
    { id: 'go-model', label: 'Model', accelerator: 'Alt+2' },
    { id: 'go-training', label: 'Training', accelerator: 'Alt+3' },
    { id: 'go-merge', label: 'Merge', accelerator: 'Alt+4' },
    { id: 'go-matrix', label: 'Matrices', accelerator: 'Alt+5' },
    { id: 'go-pattern', label: 'Patterns', accelerator: 'Alt+6' },
    { id: 'go-cost', label: 'Cost', accelerator: 'Alt+7' },
    { id: 'go-figure', label: 'Export', accelerator: 'Alt+8' },
    null,
    { id: 'palette', label: 'All Commands…', accelerator: 'CmdOrCtrl+K' },
  ],
  Training: [
    { id: 'start-training', label: 'Start' },
    { id: 'pause-training', label: 'Pause' },
    { id: 'resume-training', label: 'Go On' },
    { id: 'step-training', label: 'One Step' },
    { id: 'stop-training', label: 'Stop' },
  ],
  Merge: [
    { id: 'run-merge', label: 'Merge', accelerator: 'CmdOrCtrl+M' },
    { id: 'verify', label: 'Verify' },
  ],
};
