// The worker behind broken-engine.test.ts: the engine of engine-page-worker.ts, in which the kernel that the worker is
// named after fails once on the thread it is given to.
import { breakKernels, jobsOf } from '../broken-kernel';
import './engine-page-worker';

/** Of a step's many jobs one, of its single blend that of a step amid the training. */
const BROKEN_JOB = self.name === 'blend' ? 4 : 9;

breakKernels(jobsOf(self.name, BROKEN_JOB));
