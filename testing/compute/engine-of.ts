// An engine of which a test uses a few calls alone.
import type { Engine } from '@shared/compute/engine';

/** Any other call fails, naming itself. */
export function engineOf(calls: Partial<Engine>): Engine {
  const unexpected = (name: string) => (): never => {
    throw new Error(`the test expects no call of ${name}`);
  };
  return {
    backends: unexpected('backends'),
    forward: unexpected('forward'),
    verify: unexpected('verify'),
    parity: unexpected('parity'),
    train: unexpected('train'),
    control: unexpected('control'),
    evaluate: unexpected('evaluate'),
    measure: unexpected('measure'),
    receptiveField: unexpected('receptiveField'),
    int8: unexpected('int8'),
    dispose: unexpected('dispose'),
    ...calls,
  };
}
