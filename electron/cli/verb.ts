// What every verb shares: its signature, output to the terminal, options that name a network.
import { Option, type Command } from 'commander';
import { BLOCK_FAMILIES, type BlockFamily } from '@shared/model/block-families';
import type { Form } from '@shared/model/spec';
import { jsonText } from '@shared/base/named-numbers';
import { printable } from '@shared/base/printable';
import { LARGEST_SEED, type Seed, seed } from '@shared/tensor/random';
import { UserError } from '@shared/base/user-error';
import type { BackendChoice } from '@shared/training/recipe/recipe';

/** Adds a verb to the program; `setExit` gives an exit code other than 0 (a verdict that failed). */
export type Verb = (program: Command, setExit: (code: number) => void) => void;

/** Options that say which network a file holds. */
export interface NetworkOptions {
  /** The set of weights to read, of a file that holds several. */
  readonly weights?: string;
  /** Whether a file of one set is read whatever `weights` says. */
  readonly ifSeveral?: boolean;
  readonly model?: string;
  readonly set?: readonly string[];
  readonly block?: BlockFamily;
  readonly config?: string;
  readonly form?: Form;
  readonly partition?: string;
  readonly eps?: string;
  readonly inputSize?: string;
}

/** Adds --model, --set and --input-size. */
export function withModel(command: Command): Command {
  return command
    .option('--model <name>', 'zoo model, or a .json network description')
    .option('--set <key=value>', 'a hyper-parameter of the model (repeatable)', collect, [])
    .option('--input-size <N|HxW>', 'height and width of inputs in pixels, of a network whose layers leave them open (RepMLPNet, ResNet)');
}

/** Adds --weights. */
export function withWeights(command: Command): Command {
  return command.option('--weights <name>', 'the set of weights to read, of a file that holds several (inspect lists them): model, ema');
}

/** Adds --weights, --model, --set, --input-size, --block and --config. */
export function withNetworkOptions(command: Command): Command {
  return withModel(withWeights(command))
    .addOption(new Option('--block <family>', 'a single block of this family').choices(BLOCK_FAMILIES))
    .option('--config <file.json>', "the block's constructor arguments")
    .option(
      '--partition <HxW>',
      'height and width of the partitions, where shapes leave them open; several with commas, for blocks of several sizes',
    )
    .option('--eps <value>', "eps of the batch norms, where the file has no modules that tell (PyTorch's default: 1e-5)");
}

/** Options that say what the groups in an unknown network are. */
export interface RecipeOptions {
  readonly recipe?: readonly string[];
  readonly setting?: readonly string[];
  readonly adapter?: string;
  readonly adapterConfig?: string;
}

/** Adds --recipe and --setting. */
export function withRecipeNames(command: Command): Command {
  return command
    .option(
      '--recipe <name|file.json>',
      'what re-parameterized family the blocks are, where names do not tell, or a recipe of your own (repeatable)',
      collect,
      [],
    )
    .option(
      '--setting <key=number>',
      'a number that the weights do not hold: alpha=16, scale=0.1, PREFIX:alpha=8 (repeatable)',
      collect,
      [],
    );
}

/** Adds --recipe, --setting, --adapter and --adapter-config. */
export function withRecipes(command: Command): Command {
  return withRecipeNames(command)
    .option('--adapter <file>', "a low-rank adapter's weights, in a file beside the network's")
    .option('--adapter-config <file.json>', 'its configuration; adapter_config.json beside it when not given');
}

/** Adds --form train|merged. */
export function withForm(command: Command): Command {
  return command.addOption(new Option('--form <form>', 'form of the weights; recognised when not given').choices(['train', 'merged']));
}

/** What --backend may name. */
export const BACKENDS: readonly BackendChoice[] = ['auto', 'webgl', 'webgpu', 'wasm', 'cpu'];

/** Adds --backend. */
export function withBackend(command: Command): Command {
  return command.addOption(new Option('--backend <name>', 'compute backend').choices(BACKENDS).default('auto'));
}

export interface BackendOption {
  readonly backend: BackendChoice;
}

/** Gathers a repeatable option's values. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** `['g=4', 'r=8,8']` as a record. Throws UserError for a text without `=`. */
export function settingsFrom(texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UserError(`--set takes KEY=VALUE, for example --set g=4; got "${text}"`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Prints one JSON object on stdout, infinities and NaN by name. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonText(value).replace(/[\u007f-\u009f]/g, (character) => printable(character))}\n`);
}

/** Prints lines on stdout; a list, which may be long, is one line each. */
export function print(...lines: readonly (string | readonly string[])[]): void {
  process.stdout.write(`${printable(lines.flat().join('\n'), 'lines')}\n`);
}

/** Prints a remark on stderr, where it does not disturb --json. */
export function remark(text: string): void {
  process.stderr.write(`${printable(text, 'lines')}\n`);
}

/** Lines of a report on stdout that say how a file was read: what is assumed belongs to the result. */
export function printRead(said: readonly string[]): void {
  if (said.length > 0) print(said.map((text) => `read: ${text}`));
}

/** Reads a seed from an option's text. Throws UserError naming the option. */
export function seedFrom(option: string, text: string): Seed {
  const value = wholeNumber(option, text, 0);
  if (value > LARGEST_SEED) throw new UserError(`${option} takes a whole number of at most ${LARGEST_SEED}; got "${text}"`);
  return seed(value);
}

/** Reads a whole number of at least `least` from an option's text. Throws UserError naming the option. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || text.trim() === '')
    throw new UserError(`${option} takes a whole number of at least ${least}; got "${text}"`);
  return value;
}
