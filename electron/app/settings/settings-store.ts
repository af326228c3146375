// The settings file: read once at the start, written at every change. Invariants: a file that this program cannot read, or that a newer
// one wrote, is left as it is, and said; what it holds besides is kept; a field whose value makes no sense is the usual one, and said.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatProblem, parsedJson } from '@shared/base/stored-version';
import { isRecord } from '@shared/base/is-record';
import { messageOf } from '@shared/base/message-of';
import { SETTINGS_FORMAT, settingsSchema, USUAL_SETTINGS, type Settings, type SettingsState } from '@shared/link/settings';
import { UserError } from '@shared/base/user-error';
import { writeFileAtomically } from '../../files/atomic-write';

/** What a settings file holds, read or not. */
interface Found {
  readonly settings: Settings;
  /** All of it, to be written again. */
  readonly whole: Readonly<Record<string, unknown>>;
  /** Why the file may not be written. */
  readonly locked: string | null;
  /** What of it is not taken. */
  readonly remark: string | null;
}

export class SettingsStore {
  private found: Found;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly setsRunsFolder: boolean,
  ) {
    this.found = foundIn(path);
  }

  get settings(): Settings {
    return this.found.settings;
  }

  state(): SettingsState {
    const { settings, locked, remark } = this.found;
    return { settings, path: this.path, problem: locked ?? remark, setsRunsFolder: this.setsRunsFolder };
  }

  /** Takes changes and writes them. Throws UserError where the file is one that must not be written; nothing is changed then. */
  async change(change: Partial<Settings>): Promise<SettingsState> {
    if (this.found.locked !== null) throw new UserError(this.found.locked);
    const settings = settingsSchema.parse({ ...this.found.settings, ...change });
    const whole = { ...this.found.whole, ...settings, format: SETTINGS_FORMAT.format, version: SETTINGS_FORMAT.version };
    this.writing = this.writing.then(() => this.write(`${JSON.stringify(whole, null, 2)}\n`));
    const written = this.writing;
    this.writing = this.writing.catch(() => undefined);
    await written;
    this.found = { settings, whole, locked: null, remark: null };
    return this.state();
  }

  private async write(text: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFileAtomically(this.path, text, { force: true });
  }

  /** All settings as they are without a file. */
  reset(): Promise<SettingsState> {
    return this.change(USUAL_SETTINGS);
  }
}

const NOTHING: Found = { settings: USUAL_SETTINGS, whole: {}, locked: null, remark: null };

function foundIn(path: string): Found {
  if (!existsSync(path)) return NOTHING;
  try {
    const json = parsedJson(readFileSync(path, 'utf8'), path);
    const problem = formatProblem(json, SETTINGS_FORMAT);
    if (problem !== null || !isRecord(json)) return { ...NOTHING, locked: leftAlone(`${path}: ${problem ?? 'holds no settings'}`) };
    return { ...settingsOf(json), whole: json, locked: null };
  } catch (error) {
    return { ...NOTHING, locked: leftAlone(messageOf(error)) };
  }
}

function leftAlone(why: string): string {
  return `${why}. The file is left as it is and the usual settings hold; move it away to set anything here.`;
}

/** Field by field: one that makes no sense spoils no other. */
function settingsOf(json: Readonly<Record<string, unknown>>): Pick<Found, 'settings' | 'remark'> {
  const whole = { ...USUAL_SETTINGS, ...json };
  const parsed = settingsSchema.safeParse(whole);
  if (parsed.success) return { settings: parsed.data, remark: null };
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const kept = Object.fromEntries(Object.entries(whole).filter(([field]) => !wrong.has(field)));
  const settings = settingsSchema.parse({ ...USUAL_SETTINGS, ...kept });
  return {
    settings,
    remark: `The settings file holds something else than expected in ${[...wrong].join(', ')}: the usual value is taken.`,
  };
}
