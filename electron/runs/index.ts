// Run folders: read, write, train into.
export { checkpointOfRun, checkpointRecord, isRunFolder, listRuns, readMetrics, readNorms, readRun, runCheckpoint } from './read';
export { CommandsInForce } from './commands-in-force';
export { placeText } from './half-steps';
export { markFailed, trainIntoRun } from './train';
export { RunWriter } from './writer';
