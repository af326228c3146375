// Which folders of a data set are for training, for validation and for the last test, by the names the field gives them.
// Invariant: nothing is validated on the test folder without a remark that says so.
import { basename, join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { subfolders } from './sources';

const CHOSEN_ON_TEST = 'so what is chosen by it (the best epoch, a setting) is chosen on the test';
/** Said of sets that are published as training and test set (MNIST, CIFAR). */
export const ON_TEST_SET = `There is no validation set: validation is on the published test set, ${CHOSEN_ON_TEST}`;

const TRAINING_NAMES = ['train', 'training'];
const VALIDATION_NAMES = ['val', 'valid', 'validation', 'dev'];
const TEST_NAMES = ['test', 'testing'];
/** Names, in small letters, that no class or person has. */
export const SPLIT_NAMES: ReadonlySet<string> = new Set([...TRAINING_NAMES, ...VALIDATION_NAMES, ...TEST_NAMES]);

export interface SplitFolders {
  readonly train: string;
  /** What is validated on; null where nothing is held out. */
  readonly validation: string | null;
  /** Sentences on the choice. */
  readonly remarks: readonly string[];
}

/** The folders by name, whatever their capitals; null where none is for training. Rejects with UserError where two have the same purpose, or there is none for training beside others. */
export async function splitFolders(folder: string): Promise<SplitFolders | null> {
  const names = await subfolders(folder);
  const [train, validation, test] = [TRAINING_NAMES, VALIDATION_NAMES, TEST_NAMES].map((known) => onlyOne(folder, names, known));
  const heldOut = validation ?? test;
  if (train === null) {
    if (heldOut === null) return null;
    throw new UserError(
      `${folder}: has a folder ${heldOut} but none called train; a data set has both, or neither: then each folder is a class and a tenth is kept for validation`,
    );
  }
  return {
    train: join(folder, train),
    validation: heldOut === null ? null : join(folder, heldOut),
    remarks: remarksOn(validation, test),
  };
}

function onlyOne(folder: string, names: readonly string[], known: readonly string[]): string | null {
  const found = names.filter((name) => known.includes(name.toLowerCase()));
  if (found.length <= 1) return found[0] ?? null;
  throw new UserError(`${folder}: holds both ${found.join(' and ')}, and which is meant is not known; rename or move all but one`);
}

function remarksOn(validation: string | null, test: string | null): string[] {
  if (test === null) return [];
  if (validation !== null) return [`Validation is on the folder ${basename(validation)}; the folder ${test} is left alone`];
  return [`There is no val folder: validation is on the folder ${test}, ${CHOSEN_ON_TEST}`];
}
