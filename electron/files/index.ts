// Files of the service: checkpoints opened and written by path, any file written whole or not at all.
export { type Replace, refuseExisting, writeAtomically, writeFileAtomically } from './atomic-write';
export { sharedBytes, type AllocateBytes } from './file-source';
export { checkCheckpointTarget, openCheckpointFile, writeCheckpointFile, type WeightsChoice } from './checkpoint-files';
export { fileSource } from './file-source';
