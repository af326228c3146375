// Connects the window to its service, reads what every stage wants to know at the start, watches that the service is there,
// and comes back by itself when it is again. Invariant: what the window says of its service was true within two seconds.
import { connectStudio } from '@shared/link/connect';
import type { HostEvent } from '@shared/link/studio';
import { canRun } from '../studio/command';
import { loadWhole } from './load-whole';
import { showFile } from '../studio/files';
import { firstPicture } from '../studio/first-picture';
import { messageOf } from '@shared/base/message-of';
import { UserError } from '@shared/base/user-error';
import { attempt, notify } from '../studio/notices';
import { beginGesture } from '../studio/undo/undo';
import { recallNetwork } from '../studio/network/remembered';
import { followJobs } from '../studio/jobs/jobs';
import { refreshRuns } from '../studio/runs/runs';
import { connection, type StudioClient } from '../studio/studio';
import type { StageDoor } from '../studio/stage-door';
import { refreshRecent } from '../studio/network/weights';

/** Between two looks at the service, and how long it may take to answer one before that is said. Together below two seconds. */
const LOOK_EVERY = 500;
const SILENT_AFTER = 1200;
/** Between two tries to reach a service that is gone. */
const TRY_EVERY = 1000;

/** Connects, again and again; without a service the window says so and the stages that need none go on working. Never resolves. */
export async function setUpConnection(): Promise<void> {
  for (;;) {
    const client = await connected();
    if (client) {
      const lost = untilLost(client);
      void takeUp(client);
      connection.setState({ client: null, silent: false, problem: await lost });
    }
    await pause(TRY_EVERY);
  }
}

/** A client that was answered; null where there is none yet, with the reason said. */
async function connected(): Promise<StudioClient | null> {
  try {
    const client = await connectStudio(window);
    const info = await client.app.info();
    connection.setState({ client, info, problem: null, silent: false });
    return client;
  } catch (error) {
    // What the browser says of an address that nobody answers at means nothing to a user.
    connection.setState({ problem: error instanceof UserError ? messageOf(error) : 'The service cannot be reached.' });
    return null;
  }
}

let endEngine: (() => void) | null = null;

/** What is done with every service that is reached: the window's engine is offered, and what it shows is read. */
async function takeUp(client: StudioClient): Promise<void> {
  await firstPicture;
  // On the desktop a window of its own computes; in a browser this one's worker does where it has a GPU.
  if (connection.getState().info?.host === 'browser') void attempt(offerAgain);
  // What stages hold of before a reload is there before what they are about is found again.
  let stages: readonly StageDoor[] = [];
  await attempt(async () => ({ stages } = await loadWhole()));
  await Promise.all([
    attempt(async () => connection.setState({ backends: await client.app.backends() })),
    attempt(refreshRuns),
    followJobs(),
    ...stages.flatMap(({ follows = [] }) => follows.map(attempt)),
    attempt(refreshRecent),
    attempt(recallNetwork),
  ]);
}

async function offerAgain(): Promise<void> {
  endEngine?.();
  const { offerEngine } = await import('../workers/engine/offer-engine');
  endEngine = await offerEngine(window);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves with what happened when the service is gone; while it is only silent, that is said. */
async function untilLost(client: StudioClient): Promise<string> {
  let gone: string | null = null;
  // Whatever the library says of a stream that broke off, it is this that happened.
  const lost = (): string => (gone ??= 'The service has ended, or the way to it is cut.');
  const end = listen(client).then(lost, lost);
  while (gone === null) {
    const look = client.app.info().then(() => connection.setState({ silent: false }), lost);
    const silent = pause(SILENT_AFTER).then(() => 'silent' as const);
    if ((await Promise.race([look, end, silent])) === 'silent') {
      connection.setState({ silent: true });
      await Promise.race([look, end]);
    }
    await Promise.race([end, pause(LOOK_EVERY)]);
  }
  return gone;
}

async function listen(client: StudioClient): Promise<void> {
  for await (const event of await client.app.events()) await attempt(() => obey(event));
}

async function obey(event: HostEvent): Promise<void> {
  if (event.type === 'openFile') return showFile(event.path);
  if (event.type === 'notice') return notify('error', event.message);
  beginGesture();
  const command = (await loadWhole()).commands.find(({ id }) => id === event.id);
  if (command && canRun(command)) await command.run();
}
