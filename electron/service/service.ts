// The service behind every window: owns runs, opened weights and the compute engine, and implements
// the studio contract. Plain Node; both hosts put a window in front of it.
import { join, resolve } from 'node:path';
import type { HostEvent } from '@shared/contract/studio';
import { Broadcast } from './broadcast';
import { BulkStore } from './bulk';
import { Engines } from './engines';
import { appProcedures } from './procedures/app';
import { checkpointProcedures } from './procedures/checkpoint';
import { figureProcedures } from './procedures/figure';
import { mergeProcedures } from './procedures/merge';
import { runProcedures, trainingProcedures } from './procedures/run';
import { RecentFiles } from './recent-files';
import { serveRouter, type RpcServer } from './rpc';
import { RunFolders } from './run-folders';
import type { ServiceHost, Studio } from './studio';
import { Trainings } from './trainings';
import { WeightsLibrary } from './weights';

export interface ServiceOptions {
  readonly host: ServiceHost;
  readonly runsFolder: string;
}

export interface Service extends RpcServer {
  readonly bulk: BulkStore;
  /** Tells every window something it did not ask for. */
  tell(event: HostEvent): void;
  /** Whether a training is under way. */
  isTraining(): boolean;
  /** Stops trainings (each resumable) and ends the engine. */
  close(): Promise<void>;
}

/** Starts the service; nothing is computed or read before a window asks. */
export function createService({ host, runsFolder }: ServiceOptions): Service {
  const studio = createStudio(host, resolve(runsFolder));
  const rpc = serveRouter(createRouter(studio));
  return {
    ...rpc,
    bulk: studio.bulk,
    tell: (event) => studio.hostEvents.send(event),
    isTraining: () => studio.trainings.names().length > 0,
    close: async () => {
      studio.hostEvents.end();
      await studio.trainings.stopAll();
      await Promise.all([studio.engines.close(), studio.weights.closeAll(), studio.bulk.close()]);
    },
  };
}

function createStudio(host: ServiceHost, runsFolder: string): Studio {
  const engines = new Engines();
  const runs = new RunFolders(runsFolder);
  return {
    host,
    runsFolder,
    bulk: new BulkStore(),
    hostEvents: new Broadcast({ keepUnheard: true }),
    runs,
    engines,
    weights: new WeightsLibrary(runs),
    trainings: new Trainings(runs, engines),
    recent: new RecentFiles(join(runsFolder, 'recent-files.json')),
  };
}

function createRouter(studio: Studio) {
  return {
    app: appProcedures(studio),
    checkpoint: checkpointProcedures(studio),
    run: runProcedures(studio),
    training: trainingProcedures(studio),
    merge: mergeProcedures(studio),
    figure: figureProcedures(studio),
  };
}
