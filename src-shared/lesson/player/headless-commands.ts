// What commands of the window do, for the player without one: those whose effect lessons can check.
import { UserError } from '../../base/user-error';
import { mergeNetwork } from '../../merge/merge-network';
import type { FigureRecipe } from '../../figure/registry';
import type { NetworkSpec } from '../../model/spec';
import { LESSON_STAGES } from '../parts';
import type { PreparedState } from '../prepared-state';
import type { Laboratory, World, WorldTraining } from '../world';

/** What a headless player can have done besides. */
export interface HeadlessLaboratory extends Laboratory {
  /** Trains a network on embedded data. Rejects with UserError where that cannot be done. */
  train(spec: NetworkSpec, setup: Pick<PreparedState, 'data' | 'training'>): Promise<WorldTraining>;
  /** A figure as the text of an SVG. Rejects with UserError for what its recipe names and is not there. */
  figure(recipe: FigureRecipe): Promise<string>;
}

/** The world after a command; null where it does nothing that lessons can check. Rejects with UserError where it cannot run. */
export async function runHeadless(id: string, world: World, laboratory: HeadlessLaboratory): Promise<World | null> {
  if (id.startsWith('go-')) {
    const stage = LESSON_STAGES.find((name) => name === id.slice(3));
    return stage ? { ...world, stage } : null;
  }
  if (id === 'run-merge') return merged(world, laboratory);
  if (id === 'start-training') return trained(world, laboratory);
  return null;
}

async function merged(world: World, laboratory: Laboratory): Promise<World> {
  if (world.network.weights !== 'bundled')
    throw new UserError('run-merge needs weights: prepare the network pure-mlp-small, which comes with the program');
  const train = await laboratory.bundled();
  return { ...world, verdict: await laboratory.verdict(train, mergeNetwork(train.spec, train.weights)) };
}

async function trained(world: World, laboratory: HeadlessLaboratory): Promise<World> {
  const { spec } = world.network;
  if (spec === null) throw new UserError('start-training needs a network: prepare one');
  return { ...world, training: await laboratory.train(spec, world.setup) };
}
