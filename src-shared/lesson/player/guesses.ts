// Predictions for the headless player: the truth itself, and one that misses it.
import { worthOf, type Circumstances } from '../scope';
import type { PredictionBlock } from '../steps/prediction';
import { gridOf } from '../values/scene';
import type { Guess } from './judge';

/** A prediction that fits and one that does not; null where the truth is not there. */
export function guessesOf(block: PredictionBlock, circumstances: Circumstances): Readonly<Record<'right' | 'wrong', Guess>> | null {
  switch (block.guess) {
    case 'cells': {
      const { scene } = circumstances.world;
      if (!scene) return null;
      const { on } = gridOf(scene, block.of);
      return { right: { kind: 'cells', on }, wrong: { kind: 'cells', on: on.map((value) => !value) } };
    }
    case 'number': {
      const value = worthOf(block.of, circumstances);
      if (typeof value !== 'number') return null;
      return { right: { kind: 'number', value }, wrong: { kind: 'number', value: value === block.from ? block.to : block.from } };
    }
    case 'choice': {
      const worths = block.options.map(({ when }) => worthOf(when, circumstances));
      const [yes, no] = [worths.indexOf(true), worths.indexOf(false)];
      return yes < 0 || no < 0 ? null : { right: { kind: 'choice', option: yes }, wrong: { kind: 'choice', option: no } };
    }
  }
}
