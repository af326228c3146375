// Run folders: read, write, train into.
export { checkpointOfRun, checkpointRecord, isRunFolder, listRuns, readMetrics, readNorms, readRun } from './read';
export { CommandsInForce } from './commands-in-force';
export { placeText } from './half-steps';
export { markFailed, trainIntoRun } from './train';
export { runCheckpoint, RunWriter } from './writer';
