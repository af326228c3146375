// Connects the window to its service and reads what every stage wants to know at the start.
import { connectStudio } from '@shared/link/connect';
import type { HostEvent } from '@shared/link/studio';
import { canRun } from '../studio/command';
import { commands } from './commands';
import { offerEngine } from '../workers/engine/offer-engine';
import { showFile } from '../studio/files';
import { messageOf } from '@shared/base/message-of';
import { attempt } from '../studio/notices';
import { recallNetwork } from '../studio/remembered';
import { refreshRuns } from '../studio/runs';
import { connection, type StudioClient } from '../studio/studio';
import { stages } from './stages';
import { refreshRecent } from '../studio/weights';

/** Connects; without a service the window says so and the stages that need none go on working. */
export async function setUpConnection(): Promise<void> {
  try {
    const client = await connectStudio(window);
    const info = await client.app.info();
    // On the desktop a window of its own computes; in a browser this one's worker does where it has a GPU.
    if (info.host === 'browser') void attempt(() => offerEngine(window));
    connection.setState({ client, info });
    await Promise.all([
      attempt(async () => connection.setState({ backends: await client.app.backends() })),
      attempt(refreshRuns),
      ...stages.flatMap(({ follows = [] }) => follows.map(attempt)),
      attempt(refreshRecent),
      attempt(recallNetwork),
      attempt(() => listen(client)),
    ]);
  } catch (error) {
    connection.setState({ problem: messageOf(error) });
  }
}

async function listen(client: StudioClient): Promise<void> {
  for await (const event of await client.app.events()) await attempt(() => obey(event));
}

async function obey(event: HostEvent): Promise<void> {
  if (event.type === 'openFile') return showFile(event.path);
  const command = commands.find(({ id }) => id === event.id);
  if (command && canRun(command)) await command.run();
}
