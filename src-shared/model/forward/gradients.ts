// Registers tfjs's gradients. The core package leaves them out, so whoever differentiates the forward
// pass gets them from here; only a bundler (or the test runner) can load this module.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
