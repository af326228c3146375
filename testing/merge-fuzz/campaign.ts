// Good checkpoints, changed at random, through the product's merge and proof: whatever comes out with a green
// verdict has to be the merge of what the file describes, by a sum of its own; everything else has to be refused.
import { decideText, judgedFile, type Verdict } from './judge';
import { goodCheckpoint, type Described } from './described';
import { MUTATIONS } from './mutations';
import { deriveSeed, randomFrom, type Random, type Seed } from '@shared/tensor/random';

/** What became of the cases. */
export interface MergeTally {
  /** Merged, and the merge was right. */
  merged: number;
  refused: number;
  /** Merged although a mutation had been made, by name of it. */
  readonly folded: Map<string, number>;
  /** What went wrong: the case's number, what was done to the file, what came of it. */
  readonly wrong: string[];
}

export const emptyTally = (): MergeTally => ({ merged: 0, refused: 0, folded: new Map(), wrong: [] });

/** Cases `from` to `to`, judged into the tally. */
export async function fuzzMerges(base: Seed, from: number, to: number, tally: MergeTally): Promise<void> {
  for (let index = from; index < to; index++) {
    const random = randomFrom(deriveSeed(base, `merge ${index}`));
    const described = goodCheckpoint(random);
    const done = mutate(described, random);
    const verdict = await judgedFile(described, random);
    const told = `case ${index}: ${described.kind} with ${[...done, ...described.done].join(', ') || 'nothing'} changed`;
    if (verdict.wrong !== null) tally.wrong.push(`${told}: ${verdict.wrong}`);
    count(tally, verdict, done);
    if (done.length === 0 && !verdict.green && !/leave its partition open/.test(decideText(verdict)))
      tally.wrong.push(`${told}: ${decideText(verdict)}`);
  }
}

function mutate(described: Described, random: Random): string[] {
  const names = Object.keys(MUTATIONS);
  const done: string[] = [];
  const wanted = random.integer(4);
  // What nobody can say any more stays so: a later change might mend it by chance.
  while (done.length < wanted && !described.unknown) {
    const name = names[random.integer(names.length)];
    MUTATIONS[name](described, random);
    done.push(name);
  }
  return done;
}

function count(tally: MergeTally, { green }: Verdict, done: readonly string[]): void {
  if (!green) {
    tally.refused++;
    return;
  }
  tally.merged++;
  for (const name of done) tally.folded.set(name, (tally.folded.get(name) ?? 0) + 1);
}
