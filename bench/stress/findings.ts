// What a stress run found: how much was computed, what came out differently, what failed.
import { createHash } from 'node:crypto';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { recipe } from '../../src-shared/training/recipe/recipes';

/** Two epochs of twelve steps of a network whose every kernel is shared between the threads. */
export const stressConfig: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 192, validationCount: 60 },
  recipe: { ...recipe('shapes-short'), epochs: 2, batchSize: 16 },
  seed: seed(4),
  backend: 'wasm',
};

const STEPS_PER_EPOCH = 12;

export class Findings {
  private stepCount = 0;
  private readonly outcomes = new Map<string, Map<string, number>>();
  private readonly failures = new Map<string, number>();

  /** An epoch is done. */
  epochDone(): void {
    this.stepCount += STEPS_PER_EPOCH;
  }

  /** What came out of something that has to come out the same every time. */
  compare(what: string, outcome: string): void {
    const seen = this.outcomes.get(what) ?? new Map<string, number>();
    this.outcomes.set(what, seen.set(outcome, (seen.get(outcome) ?? 0) + 1));
  }

  failed(message: string): void {
    this.failures.set(message, (this.failures.get(message) ?? 0) + 1);
  }

  get isClean(): boolean {
    return this.failures.size === 0 && [...this.outcomes.values()].every(({ size }) => size === 1);
  }

  text(): string {
    const outcomes = [...this.outcomes].map(([what, seen]) => {
      const counts = [...seen.values()];
      return `${counts.reduce((sum, count) => sum + count, 0)} x ${what}, ${counts.length} different outcomes (${counts.join(', ')})`;
    });
    const failures = [...this.failures].map(([message, count]) => `${count} x failed: ${message}`);
    return [`${this.stepCount} steps`, ...outcomes, ...(failures.length > 0 ? failures : ['no failure'])].join('\n');
  }
}

/** SHA-256 of all values. */
export function digestOf(tensors: NamedTensors): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of tensors) hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}
