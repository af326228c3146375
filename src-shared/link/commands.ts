// The commands of the window as plain records, for everything that shows them: its buttons, its palette, its
// shortcuts, and the menu of the desktop, which runs them in the window by id. What a command does stands with its
// stage, in the window. Invariant: ids are unique; they are also the test ids of the buttons.

export interface CommandRecord {
  readonly id: string;
  readonly label: string;
  /** The heading it stands under in the palette, and the menu it is in. */
  readonly group: string;
  /** `Mod` is Ctrl, or Cmd on a Mac; e.g. `Mod+K`, `Alt+1`, `Space`. */
  readonly keys?: string;
  /** Other words that people look for it by. */
  readonly words?: string;
  /** Whether the desktop's menu shows it, too. */
  readonly inMenu?: boolean;
}

/** Every command by who does it: a stage, or the window's frame. Order is that of the palette and of the menus. */
export const COMMAND_RECORDS = {
  shell: [
    {
      id: 'go-home',
      label: 'Show home',
      group: 'Go',
      keys: 'Alt+0',
      inMenu: true,
      words: 'start begin first welcome doors new',
    },
    {
      id: 'go-dataset',
      label: 'Show dataset',
      group: 'Go',
      keys: 'Alt+1',
      inMenu: true,
      words: 'data images pictures samples folder mnist cifar download fetch import augment train validation test',
    },
    {
      id: 'go-model',
      label: 'Show model',
      group: 'Go',
      keys: 'Alt+2',
      inMenu: true,
      words:
        'network zoo architecture settings hyper-parameters diagram layers new params resnet facenet mobilefacenet pspnet repmlp repmlpnet repvgg description',
    },
    {
      id: 'go-training',
      label: 'Show training',
      group: 'Go',
      keys: 'Alt+3',
      inMenu: true,
      words:
        'settings recipe learning rate epochs runs curves loss accuracy evaluate backend gpu delete trash rename tags note group baseline seed augmentation webgpu webgl wasm cpu tensorboard metrics chart plot graph log history bundle pytorch torchrun ablation variants',
    },
    {
      id: 'go-merge',
      label: 'Show merge',
      group: 'Go',
      keys: 'Alt+4',
      inMenu: true,
      words: 'fold fuse convolution re-parameterize prove verify equivalent fusion reparameterize reparameterization reparam batchnorm bn',
    },
    {
      id: 'go-matrix',
      label: 'Show matrices',
      group: 'Go',
      keys: 'Alt+5',
      inMenu: true,
      words: 'weights heat map convolution sparse toeplitz fc3 compare heatmap matrix fully-connected',
    },
    {
      id: 'go-pattern',
      label: 'Show patterns',
      group: 'Go',
      keys: 'Alt+6',
      inMenu: true,
      words: 'locality receptive field position where it looks',
    },
    {
      id: 'go-cost',
      label: 'Show cost',
      group: 'Go',
      keys: 'Alt+7',
      inMenu: true,
      words: 'flops macs parameters speed size latency params int8 quantize quantization measure',
    },
    {
      id: 'go-figure',
      label: 'Show export',
      group: 'Go',
      keys: 'Alt+8',
      inMenu: true,
      words: 'figure picture paper pdf svg png save download print screenshot vector latex film video animation gif',
    },
    {
      id: 'go-checkpoint',
      label: 'Show weights',
      group: 'Go',
      keys: 'Alt+9',
      inMenu: true,
      words: 'checkpoint file tensors pth safetensors onnx load import open pytorch npz numpy diff convert',
    },
    {
      id: 'go-settings',
      label: 'Show settings',
      group: 'Go',
      keys: 'Mod+,',
      inMenu: true,
      words:
        'preferences options configuration folders threads memory theme about version licence license language english update privacy telemetry offline backend gpu webgpu webgl wasm cpu',
    },
    {
      id: 'go-lesson',
      label: 'Show lessons',
      group: 'Go',
      inMenu: true,
      words: 'learn teach course tutorial school class exercise quiz student teacher classroom',
    },
    {
      id: 'help',
      label: 'Help on what is shown',
      group: 'Go',
      keys: 'F1',
      inMenu: true,
      words: 'manual explain what is documentation docs guide tutorial',
    },
    {
      id: 'go-convolution',
      label: 'Show convolution',
      group: 'Go',
      keys: 'Alt+C',
      inMenu: true,
      words: 'help lesson learn tutorial teach explain sparse matrix toeplitz band kernel window diagonal fold',
    },
    { id: 'learn', label: 'Learn why a convolution is a sparse matrix', group: 'Go', words: 'help lesson tutorial teach explain course' },
    { id: 'go-back', label: 'Back to where I was', group: 'Go', words: 'undo previous return history' },
    { id: 'compare', label: 'Compare the network with another one', group: 'Go', words: 'comparison a b against difference' },
    {
      id: 'palette',
      label: 'Show all commands',
      group: 'Go',
      keys: 'Mod+K',
      inMenu: true,
      words: 'help shortcuts keys keyboard search find hotkeys bindings',
    },
    { id: 'undo', label: 'Undo the last change of a setting or view', group: 'Edit', keys: 'Mod+Z', inMenu: true, words: 'revert back' },
    { id: 'redo', label: 'Redo what was undone', group: 'Edit', keys: 'Mod+Shift+Z', inMenu: true, words: 'again repeat' },
    {
      id: 'jobs',
      label: 'Show the list of jobs',
      group: 'Window',
      keys: 'Alt+J',
      inMenu: true,
      words: 'progress background tasks queue running stop cancel log errors history',
    },
    {
      id: 'next-theme',
      label: 'Change theme',
      group: 'Window',
      keys: 'Alt+T',
      words: 'settings preferences dark light colours appearance',
    },
  ],
  lesson: [
    { id: 'lesson-next', label: 'Next step of the lesson', group: 'Lessons', keys: 'Alt+N' },
    { id: 'lesson-back', label: 'Step back in the lesson', group: 'Lessons', keys: 'Alt+B' },
    { id: 'lesson-focus', label: 'Go to the lesson', group: 'Lessons', keys: 'Alt+L' },
    { id: 'lesson-highlight', label: 'Go to what the lesson points at', group: 'Lessons', keys: 'Alt+H' },
    {
      id: 'lesson-projector',
      label: 'Projector mode: large type, high contrast',
      group: 'Lessons',
      keys: 'Alt+P',
      words: 'presentation beamer class big font zoom accessibility bigger larger text fullscreen',
    },
    { id: 'lesson-close', label: 'Close the lesson', group: 'Lessons' },
    { id: 'lesson-open', label: 'Open a lesson, or a prepared state', group: 'Lessons', words: 'file import' },
    { id: 'lesson-save-state', label: 'Save what is shown as a prepared state', group: 'Lessons', words: 'share class file' },
    { id: 'lesson-copy-link', label: 'Copy a link to what is shown', group: 'Lessons', words: 'share class url address clipboard' },
  ],
  convolution: [
    { id: 'convolution-play', label: 'Play or pause the window', group: 'Convolution', keys: 'K', words: 'animate run' },
    { id: 'convolution-next', label: 'Next row, weight or pixel', group: 'Convolution', keys: 'L', words: 'step forward' },
    { id: 'convolution-previous', label: 'Previous row, weight or pixel', group: 'Convolution', keys: 'J', words: 'step back' },
    { id: 'convolution-next-chapter', label: 'Next chapter', group: 'Convolution', keys: 'Shift+L', words: 'lesson' },
    { id: 'convolution-previous-chapter', label: 'Previous chapter', group: 'Convolution', keys: 'Shift+J', words: 'lesson' },
  ],
  model: [
    { id: 'load-network', label: 'Load a network described in JSON', group: 'Model', words: 'open import file' },
    { id: 'save-network', label: 'Save the description of the network', group: 'Model', words: 'download' },
  ],
  training: [
    { id: 'start-training', label: 'Start training', group: 'Training', keys: 'Mod+Enter', inMenu: true, words: 'run learn fit begin new' },
    { id: 'pause-training', label: 'Pause training', group: 'Training', keys: 'P', inMenu: true, words: 'wait hold' },
    { id: 'resume-training', label: 'Go on training', group: 'Training', keys: 'R', inMenu: true, words: 'resume continue' },
    { id: 'step-training', label: 'Train one step', group: 'Training', keys: 'S', inMenu: true },
    { id: 'epoch-training', label: 'Train one epoch', group: 'Training', keys: 'E', inMenu: true },
    {
      id: 'stop-training',
      label: 'Stop training',
      group: 'Training',
      keys: 'Mod+Shift+Backspace',
      inMenu: true,
      words: 'cancel end abort',
    },
    { id: 'start-ablation', label: 'Train all variants of this network', group: 'Training', words: 'compare' },
    { id: 'stop-ablation', label: 'Stop the ablation', group: 'Training' },
    { id: 'resume-ablation', label: 'Go on with the ablation', group: 'Training' },
    { id: 'evaluate', label: 'Evaluate', group: 'Training', words: 'accuracy test validate validation' },
    { id: 'refresh-runs', label: 'Read the run list again', group: 'Training', words: 'reload refresh update' },
  ],
  merge: [
    { id: 'run-merge', label: 'Merge', group: 'Merge', keys: 'Mod+M', inMenu: true, words: 'fold fuse convolution re-parameterize' },
    { id: 'verify', label: 'Verify', group: 'Merge', inMenu: true, words: 'prove proof check equivalent same validate test equivalence' },
  ],
  matrix: [
    { id: 'matrices-zoom-in', label: 'Zoom in', group: 'Matrices', keys: '=' },
    { id: 'matrices-zoom-out', label: 'Zoom out', group: 'Matrices', keys: '-' },
    { id: 'matrices-reset', label: 'Show the whole matrix', group: 'Matrices', keys: '0' },
    { id: 'matrices-pan-left', label: 'Pan left', group: 'Matrices', keys: 'Alt+ArrowLeft' },
    { id: 'matrices-pan-right', label: 'Pan right', group: 'Matrices', keys: 'Alt+ArrowRight' },
    { id: 'matrices-pan-up', label: 'Pan up', group: 'Matrices', keys: 'Alt+ArrowUp' },
    { id: 'matrices-pan-down', label: 'Pan down', group: 'Matrices', keys: 'Alt+ArrowDown' },
    { id: 'matrices-next-block', label: 'Next block, or next weight', group: 'Matrices', keys: ']' },
    { id: 'matrices-previous-block', label: 'Previous block, or previous weight', group: 'Matrices', keys: '[' },
    { id: 'matrices-mode-side', label: 'Compare side by side', group: 'Matrices' },
    { id: 'matrices-mode-split', label: 'Compare with a split slider', group: 'Matrices' },
    { id: 'matrices-mode-flicker', label: 'Compare by flicker', group: 'Matrices' },
    { id: 'matrices-flip', label: 'Flip between before and after', group: 'Matrices', keys: 'F' },
    { id: 'matrices-panel-maps', label: 'Show the maps of the picked cell', group: 'Matrices' },
    { id: 'matrices-panel-kernel', label: 'Show the kernel behind the picked cell', group: 'Matrices', words: 'convolution branch' },
    { id: 'matrices-panel-figure5', label: 'Show figure 5 of the paper', group: 'Matrices' },
    {
      id: 'matrices-panel-view',
      label: 'Show the settings of the picture: colours, limits, pooling',
      group: 'Matrices',
      words: 'color colormap scale heatmap contrast',
    },
    { id: 'matrices-panel-toggle', label: 'Show or hide the panel beside the matrices', group: 'Matrices', keys: 'I' },
    {
      id: 'matrices-full-screen',
      label: 'Show the matrices on the full screen',
      group: 'Matrices',
      keys: 'Shift+F',
      words: 'fullscreen big',
    },
    { id: 'matrices-panel-lesson', label: 'Show a kernel to play with', group: 'Matrices' },
    {
      id: 'export-matrices-figure',
      label: 'Make a figure of the matrices as they are shown',
      group: 'Export',
      words: 'save picture paper heatmap',
    },
  ],
  checkpoint: [
    {
      id: 'open-checkpoint',
      label: 'Open weights',
      group: 'Weights',
      keys: 'Mod+O',
      inMenu: true,
      words: 'file load import checkpoint pth safetensors npz',
    },
  ],
  figure: [
    { id: 'save-figure', label: 'Save figure as SVG', group: 'Export', keys: 'Mod+S', words: 'download picture vector' },
    { id: 'save-figure-png', label: 'Save figure as PNG', group: 'Export', words: 'download picture image screenshot' },
    { id: 'save-figure-pdf', label: 'Save figure as PDF', group: 'Export', words: 'download picture print' },
    { id: 'save-figure-pgf', label: 'Save figure for LaTeX (PGF with its pictures)', group: 'Export', words: 'tikz tex latex' },
    { id: 'save-figure-data', label: 'Save the numbers of the figure', group: 'Export', words: 'csv npy data numpy' },
    { id: 'save-recipe', label: 'Save the recipe of the figure', group: 'Export' },
  ],
  pattern: [
    { id: 'analyse-all', label: 'Analyse all blocks', group: 'Patterns' },
    { id: 'pattern-details', label: 'Open or close the details of all questions', group: 'Patterns' },
    { id: 'stop-analysis', label: 'Stop the analysis', group: 'Patterns' },
  ],
  cost: [
    { id: 'export-csv', label: 'Save the ledger as CSV', group: 'Cost', words: 'download table spreadsheet excel' },
    { id: 'export-json', label: 'Save the ledger as JSON', group: 'Cost', words: 'download table' },
    { id: 'export-cost-figure', label: 'Make a figure of the ledger', group: 'Cost', words: 'save picture chart paper' },
  ],
} as const satisfies Readonly<Record<string, readonly CommandRecord[]>>;

/** Who does commands: the stages that have any, and the frame. */
export type CommandOwner = keyof typeof COMMAND_RECORDS;
/** Ids of an owner's commands; of all without one. */
export type CommandId<Owner extends CommandOwner = CommandOwner> = (typeof COMMAND_RECORDS)[Owner][number]['id'];

/** Every command, in the order of the palette. */
export const allCommandRecords: readonly CommandRecord[] = Object.values(COMMAND_RECORDS).flat();
