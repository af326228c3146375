// Connects the window to its service and reads what every stage wants to know at the start.
import { connectStudio } from '@shared/contract/connect';
import type { HostEvent } from '@shared/contract/studio';
import { canRun } from '../commands/command';
import { commands } from '../commands/commands';
import { offerEngine } from '../compute/offer-engine';
import { followAblation } from './ablation';
import { showFile } from './files';
import { attempt, messageOf } from './notices';
import { refreshRuns } from './runs';
import { connection, type StudioClient } from './studio';
import { followActiveRun } from './training';
import { refreshRecent } from './weights';

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
      attempt(followActiveRun),
      attempt(followAblation),
      attempt(refreshRecent),
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
