// Run folders: read, write, train into.
export { checkpointOfRun, checkpointRecord, isRunFolder, listRuns, readMetrics, readNorms, readRun } from './read';
export { trainIntoRun } from './train';
export { runCheckpoint, RunWriter } from './writer';
