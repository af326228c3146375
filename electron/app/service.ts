// The service behind every window: owns runs, opened weights and the compute engine, and implements
// the studio contract. Plain Node; both hosts put a window in front of it.
import { join, resolve } from 'node:path';
import { type HostEvent, studioContract } from '@shared/link/studio';
import { Ablation } from './training/ablation';
import { ABLATION_FILE } from './training/ablation-file';
import { Broadcast } from './broadcast';
import { BulkStore } from './bulk';
import { DatasetEndpoint } from './dataset/dataset-endpoint';
import { DatasetReader } from './dataset/dataset-reader';
import { Engines, type EngineChannel, type EnginePolicy } from './engines';
import { checkpointProcedures } from './checkpoint/procedures';
import { costProcedures } from './cost/procedures';
import { announcement } from '@shared/link/jobs/job';
import { followTraining } from './jobs/training-jobs';
import { Jobs } from './jobs/jobs';
import { datasetProcedures } from './dataset/procedures';
import { figureProcedures } from './figure/procedures';
import { mergeProcedures } from './merge/procedures';
import { patternProcedures } from './pattern/procedures';
import { runProcedures, trainingProcedures } from './training/procedures';
import { SettingsStore } from './settings/settings-store';
import { RecentFiles } from './checkpoint/recent-files';
import { serveRouter, type RpcServer } from './rpc';
import { RunFolders } from '../runs/run-folders';
import type { ServiceHost, Studio } from './studio';
import { RunKeeping } from './training/keeping';
import { Trainings } from './training/trainings';
import { WeightsLibrary } from './checkpoint/weights';
import { workerBundle } from '../workers/worker-bundle';
import { implement } from '@orpc/server';
import { STUDIO_VERSION } from '../files/version';

export interface ServiceOptions {
  readonly host: ServiceHost;
  readonly runsFolder: string;
  /** Whether a window's engine is used only where it has a GPU (`auto`). */
  readonly enginePolicy: EnginePolicy;
  /** What the user set; kept in the runs folder unless the host has a better place. */
  readonly settings?: SettingsStore;
}

export interface Service extends RpcServer {
  readonly bulk: BulkStore;
  /** Data sets for the engines of windows. */
  readonly datasets: DatasetEndpoint;
  /** A window offers the engine of its worker. */
  acceptEngine(channel: EngineChannel): void;
  /** Tells every window something it did not ask for. */
  tell(event: HostEvent): void;
  /** Whether a training is under way. */
  isTraining(): boolean;
  /** Stops trainings (each resumable) and ends the engine. */
  close(): Promise<void>;
}

/** Starts the service; nothing is computed or read before a window asks. */
export function createService({ host, runsFolder, enginePolicy, settings }: ServiceOptions): Service {
  const kept = settings ?? new SettingsStore(join(resolve(runsFolder), '.settings.json'), false);
  const studio = createStudio(host, resolve(runsFolder), enginePolicy, kept);
  const rpc = serveRouter(createRouter(studio));
  return {
    ...rpc,
    bulk: studio.bulk,
    datasets: studio.datasetEndpoint,
    acceptEngine: (channel) => studio.engines.accept(channel),
    tell: (event) => studio.hostEvents.send(event),
    isTraining: () => studio.trainings.names().length > 0 || studio.ablation.isUnderWay(),
    close: async () => {
      studio.hostEvents.end();
      studio.ablation.close();
      studio.jobs.close();
      await studio.trainings.stopAll();
      await Promise.all([studio.engines.close(), studio.weights.closeAll(), studio.bulk.close(), studio.datasets.close()]);
    },
  };
}

function createStudio(host: ServiceHost, runsFolder: string, enginePolicy: EnginePolicy, settings: SettingsStore): Studio {
  const bulk = new BulkStore();
  const datasets = new DatasetReader(workerBundle('dataset-worker.mjs'));
  const datasetEndpoint = new DatasetEndpoint(datasets.ask);
  const engines = new Engines(enginePolicy, bulk, datasetEndpoint, () => settings.settings);
  const runs = new RunFolders(runsFolder);
  const jobs = new Jobs((job) => {
    const news = announcement(job);
    if (news) host.announce?.(news.title, news.text);
  });
  const trainings = new Trainings(runs, engines, datasets, (training) => void followTraining(jobs.list, training));
  const ablation = new Ablation(join(runsFolder, ABLATION_FILE), trainings);
  return {
    host,
    runsFolder,
    bulk,
    jobs,
    settings,
    hostEvents: new Broadcast({ keepUnheard: true }),
    runs,
    engines,
    datasets,
    datasetEndpoint,
    weights: new WeightsLibrary(runs),
    trainings,
    keeping: new RunKeeping(runs, () => trainings.names(), host.trash, ablation),
    ablation,
    recent: new RecentFiles(join(runsFolder, 'recent-files.json'), join(runsFolder, '.uploads')),
  };
}

function createRouter(studio: Studio) {
  return {
    app: appProcedures(studio),
    checkpoint: checkpointProcedures(studio),
    dataset: datasetProcedures(studio),
    run: runProcedures(studio),
    training: trainingProcedures(studio),
    merge: mergeProcedures(studio),
    pattern: patternProcedures(studio),
    cost: costProcedures(studio),
    figure: figureProcedures(studio),
  };
}

/** Implements `app` of the contract. */
function appProcedures({ host, runsFolder, hostEvents, engines, jobs, settings }: Studio) {
  const app = implement(studioContract.app);
  return {
    info: app.info.handler(() => ({
      version: STUDIO_VERSION,
      host: host.kind,
      platform: process.platform,
      runsFolder,
      versions: runningOn(),
    })),
    events: app.events.handler(({ signal }) => hostEvents.subscribe(signal)),
    chooseFile: app.chooseFile.handler(({ input }) => host.chooseFile(input.folder)),
    backends: app.backends.handler(() => engines.backends()),
    announce: app.announce.handler(({ input: { title, text } }) => {
      host.announce?.(title, text);
      return { told: host.announce !== undefined };
    }),
    settings: {
      read: app.settings.read.handler(() => settings.state()),
      change: app.settings.change.handler(({ input }) => settings.change(input)),
      reset: app.settings.reset.handler(() => settings.reset()),
    },
    jobs: {
      watch: app.jobs.watch.handler(({ signal }) => jobs.watch(signal)),
      control: app.jobs.control.handler(({ input }) => jobs.list.control(input.id, input.action)),
      forget: app.jobs.forget.handler(({ input }) => jobs.list.forget(input.id ?? undefined)),
    },
  };
}

/** What the service runs on. */
function runningOn(): (readonly [string, string])[] {
  const { node, electron, chrome, v8 } = process.versions;
  const named = [
    ['Electron', electron],
    ['Chromium', chrome],
    ['Node', node],
    ['V8', v8],
  ] as const;
  return named.flatMap(([name, version]): (readonly [string, string])[] => (version === undefined ? [] : [[name, version]]));
}
