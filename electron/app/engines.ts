// Which compute engine the service uses: that of a window (its worker reaches the GPU), else a thread of
// Node. Where it falls back it says why, in every report and at the start of every training.
import { setTimeout as sleep } from 'node:timers/promises';
import { connectEngine } from '@shared/link/engine/client';
import type { BackendReport, Engine } from '@shared/compute/engine';
import { readOffer, wirePort, type ArrayStore, type EngineOffer, type TextChannel } from '@shared/link/wire-port';
import type { DatasetReference } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import type { BulkStore } from './bulk';
import type { DatasetEndpoint } from './dataset/dataset-endpoint';
import { startNodeEngine, type EngineLimits } from '../workers/node-engine';
import { workerBundle } from '../workers/worker-bundle';

/** A channel to a window's worker. */
export interface EngineChannel extends TextChannel {
  /** Resolves when the window is gone. */
  readonly closed: Promise<void>;
  /** Ends the connection, saying why where it can be said. */
  close(reason: string): void;
}

/** An engine, and where it computes in words for the user. */
export interface PlacedEngine {
  readonly engine: Engine;
  readonly place: string;
  /** In a window: it ends with it. */
  readonly inWindow: boolean;
}

/** The window that computed is gone. */
export class WindowLost extends UserError {}

/** `auto`: a window's engine if it has a real GPU. `window`: a window's engine whatever it runs on. */
export type EnginePolicy = 'auto' | 'window';

/** How long the first piece of work waits for a window that is just starting. */
const OFFER_MILLISECONDS = 5000;
const NO_WINDOW = 'computed by a thread of the service: no window offers a GPU';

/** Gives the engine to compute with, starting it when first asked. */
export class Engines {
  private node: Engine | null = null;
  private readonly windows: PlacedEngine[] = [];
  private fallback = NO_WINDOW;
  private onOffer: () => void = () => undefined;
  private readonly offered = new Promise<void>((resolve) => (this.onOffer = resolve));
  private patience: Promise<void> | null = null;
  /** Wait for the next offer. */
  private awaiting: (() => void)[] = [];

  constructor(
    private readonly policy: EnginePolicy,
    private readonly bulk: BulkStore,
    /** Folders that the engines of windows may read through the service. */
    private readonly datasets: DatasetEndpoint,
    /** What the service's own engine may take; asked for when it starts. */
    private readonly limits: () => EngineLimits = () => ({ threads: null, memoryMiB: null }),
  ) {}

  /** The engine for the next piece of work. A window's engine reads data sets in folders through the service. */
  async current(data?: DatasetReference): Promise<PlacedEngine> {
    await (this.patience ??= Promise.race([this.offered, sleep(OFFER_MILLISECONDS, undefined, { ref: false })]));
    const [window] = this.windows;
    if (data?.kind === 'folder') this.datasets.admit(data);
    return window ?? this.own(this.fallback);
  }

  /** The engine to go on with after a window was lost: that of another window, else whatever the next window that offers makes it. */
  async next(data?: DatasetReference): Promise<PlacedEngine> {
    if (this.windows.length === 0) await new Promise<void>((resolve) => this.awaiting.push(resolve));
    return this.current(data);
  }

  /** What the current engine can compute on, and where it runs. */
  async backends(): Promise<readonly BackendReport[]> {
    const { engine, place } = await this.current();
    const reports = await engine.backends();
    return reports.map((report) => ({ ...report, note: `${report.note} (${place})` }));
  }

  /** A window offers its engine: its first text says on what. Where it says nothing of the kind, it is turned away. */
  accept(channel: EngineChannel): void {
    const texts = bufferedTexts(channel);
    void texts.first.then((text) => {
      const offer = readOffer(text);
      if (offer === null) return channel.close('expected what the window can compute on');
      if (offer.software && this.policy === 'auto') this.fallback = fallbackReason(offer);
      else this.add({ ...channel, ...texts.rest }, offer);
      this.onOffer();
      for (const go of this.awaiting.splice(0)) go();
    });
  }

  async close(): Promise<void> {
    await this.node?.dispose();
    this.node = null;
  }

  private own(place: string): PlacedEngine {
    this.node ??= startNodeEngine(workerBundle('engine-worker.mjs'), this.limits);
    return { engine: this.node, place, inWindow: false };
  }

  /** A message that cannot be read ends the window's engine: what waited for it would wait for ever. */
  private add(channel: EngineChannel, { device }: EngineOffer): void {
    let breakOff: () => void = () => undefined;
    const gone = Promise.race([channel.closed, new Promise<void>((resolve) => (breakOff = resolve))]);
    const lost = gone.then(() => new WindowLost('the window that computed was closed or reloaded'));
    const port = wirePort(channel, storeIn(this.bulk), (error) => {
      console.error(`a message of a window's engine was lost, so its window is given up: ${messageOf(error)}`);
      channel.close('expected a message of the engine');
      breakOff();
    });
    const place = `computed in a window${device === '' ? '' : `, ${device}`}`;
    const placed = { engine: connectEngine(port, { lost }), place, inWindow: true };
    this.windows.push(placed);
    void gone.then(() => this.windows.splice(this.windows.indexOf(placed), 1));
  }
}

function fallbackReason({ device }: EngineOffer): string {
  const what = device === '' ? 'the window has no WebGL' : `the window's WebGL is software (${device})`;
  return `computed by a thread of the service: ${what}`;
}

/** The first text apart from the rest, none of which is lost: those that come before anyone listens wait. */
function bufferedTexts(channel: TextChannel): { first: Promise<string>; rest: TextChannel } {
  const early: string[] = [];
  let onRest = (text: string): void => void early.push(text);
  const first = new Promise<string>((resolve) => {
    let onText = (text: string): void => {
      onText = (next) => onRest(next);
      resolve(text);
    };
    channel.onText((text) => onText(text));
  });
  const onText = (listener: (text: string) => void): void => {
    onRest = listener;
    early.splice(0).forEach(listener);
  };
  return { first, rest: { send: (text) => channel.send(text), onText } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function storeIn(bulk: BulkStore): ArrayStore {
  return { put: (bytes) => Promise.resolve(bulk.add({ kind: 'bytes', bytes }, { once: true })), take: (url) => bulk.take(url) };
}
