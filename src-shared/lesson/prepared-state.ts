// A state that a lesson prepares: stage, scene, network, data, training, what is hidden or locked. Also a file and a link of its
// own, which pupils open. Invariant: a parsed state names only what this program has; what it leaves out stays as it is.
import { z } from 'zod';
import { suggestionText } from '../base/nearest-name';
import { formatProblem, parsedJson } from '../base/stored-version';
import { UserError } from '../base/user-error';
import { EMBEDDED_NAMES } from '../dataset/reference-schema';
import { convolutionSceneSchema } from '../matrix/convolution-scene';
import { firstIssue, strictObject } from '../model/strict-object';
import { buildModel } from '../model/zoo';
import { LARGEST_SEED } from '../tensor/random';
import { LESSON_STAGES, WINDOW_PARTS } from './parts';
import { PLANTED_FAULTS } from './planted';

const partName = z.string().refine((name) => WINDOW_PARTS.some((part) => part.name === name), {
  error: ({ input }) =>
    `there is no part ${String(input)}; ${suggestionText(
      String(input),
      WINDOW_PARTS.map(({ name }) => name),
    )}`,
});

const networkField = strictObject({
  /** An entry of the zoo. */
  model: z.string(),
  /** Its settings, as on the command line. */
  set: z.record(z.string(), z.coerce.string()).default({}),
}).superRefine(({ model, set }, context) => {
  try {
    buildModel(model, set);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

export const preparedStateSchema = strictObject({
  stage: z.enum(LESSON_STAGES).optional(),
  scene: convolutionSceneSchema.optional(),
  network: networkField.optional(),
  data: strictObject({
    embedded: z.enum(EMBEDDED_NAMES),
    seed: z.number().int().min(0).max(LARGEST_SEED).default(1),
    /** Training samples; all where it is left out. */
    samples: z.number().int().min(16).max(20000).optional(),
  }).optional(),
  training: strictObject({
    epochs: z.number().int().min(1).max(100),
    seed: z.number().int().min(0).max(LARGEST_SEED).default(1),
  }).optional(),
  /** The network that comes with the program is merged with this mistake in this block, and judged. */
  planted: strictObject({ fault: z.enum(PLANTED_FAULTS), block: z.string() }).optional(),
  hide: z.array(partName).default([]),
  lock: z.array(partName).default([]),
});
export type PreparedState = z.output<typeof preparedStateSchema>;

/** What a question may be about in place of what the app shows. */
export const givenStateSchema = preparedStateSchema.pick({ scene: true, network: true });
export type GivenState = z.output<typeof givenStateSchema>;

const FILE = { format: 'repmlp-prepared-state', version: 1, called: 'a prepared state' } as const;

/** A prepared state as the text of a file. */
export function preparedStateText(state: PreparedState): string {
  return `${JSON.stringify({ format: FILE.format, version: FILE.version, state }, null, 2)}\n`;
}

/** A prepared state from a file's text. Throws UserError naming the file and the field. */
export function parsePreparedState(text: string, where: string): PreparedState {
  const json = parsedJson(text, where);
  const problem = formatProblem(json, FILE);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = strictObject({ format: z.string(), version: z.number(), state: preparedStateSchema }).safeParse(json);
  if (!parsed.success) throw new UserError(`${where}: ${firstIssue(parsed.error, 'the state')}`);
  return parsed.data.state;
}

/** Whether a parsed JSON text may be a prepared state. */
export function isPreparedState(text: string): boolean {
  return text.includes(`"${FILE.format}"`);
}

/** The part of an address that opens a state: `state=` and the state, readable by `stateOfLink`. */
export function linkOfState(state: PreparedState): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `state=${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The state of a link; null where the text is none. Throws UserError where it is damaged. */
export function stateOfLink(hash: string): PreparedState | null {
  const code = /^#?state=([\w-]+)$/.exec(hash)?.[1];
  if (code === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    return preparedStateSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const why = error instanceof z.ZodError ? firstIssue(error, 'the state') : 'it was cut or changed on its way';
    throw new UserError(`the link holds no state that can be prepared: ${why}; ask for it again`);
  }
}
