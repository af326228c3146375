// Messages of the system, on a stand-in for Electron's.
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { announce } from './announce';

const world = vi.hoisted(() => ({ focused: false, supported: true, shown: [] as { title: string; body: string; click: () => void }[] }));

vi.mock('electron', () => ({
  Notification: class extends EventEmitter {
    static isSupported = (): boolean => world.supported;
    constructor(private readonly options: { title: string; body: string }) {
      super();
    }
    show(): void {
      world.shown.push({ ...this.options, click: () => this.emit('click') });
    }
  },
}));
vi.mock('./windows', () => ({ isStudioFocused: () => world.focused }));

beforeEach(() => Object.assign(world, { focused: false, supported: true, shown: [] }));

test('the system tells what is to be told while the studio is behind others, and a click comes back to it', () => {
  let clicked = 0;
  announce('Training has finished', 'a run', () => clicked++);
  expect(world.shown.map(({ title, body }) => [title, body])).toEqual([['Training has finished', 'a run']]);
  world.shown[0].click();
  expect(clicked).toBe(1);
});

test('nothing is told while the studio is in front, nor where the system knows no messages', () => {
  world.focused = true;
  announce('Training has finished', 'a run', () => undefined);
  Object.assign(world, { focused: false, supported: false });
  announce('Training has finished', 'a run', () => undefined);
  expect(world.shown).toEqual([]);
});
