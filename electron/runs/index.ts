// Run folders: read, write, train into.
export { checkpointOfRun, checkpointRecord, isRunFolder, listRuns, readMetrics, readNorms, readRun } from './read';
export { HalfSteps, placeText } from './half-steps';
export { trainIntoRun } from './train';
export { runCheckpoint, RunWriter } from './writer';
