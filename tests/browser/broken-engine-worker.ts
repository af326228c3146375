// The worker behind broken-engine.test.ts: the engine of engine-page-worker.ts, in which the kernel that the worker is
// named after fails once on the thread it is given to.
import { breakKernels, jobsOf } from '../broken-kernel';
import './engine-page-worker';

const BROKEN_JOB = 9;

breakKernels(jobsOf(self.name, BROKEN_JOB));
