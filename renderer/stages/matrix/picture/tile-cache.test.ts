import { describe, expect, it } from 'vitest';
import { TileCache } from './tile-cache';
import { isSoftwareRenderer } from '@shared/base/software-renderer';
import { MotionQuality } from '@shared/matrix/motion';

describe('the tile cache', () => {
  it('takes each tile through absent, loading, ready, evicted, and loading again', () => {
    const released: string[] = [];
    const cache = new TileCache<string>(10, (value) => released.push(value));
    expect(cache.stateOf('a')).toBe('absent');
    expect(cache.startLoading('a')).toBe(true);
    expect(cache.startLoading('a')).toBe(false);
    cache.arrive('a', 'A', 6);
    expect(cache.stateOf('a')).toBe('ready');
    cache.nextFrame();
    cache.startLoading('b');
    cache.arrive('b', 'B', 6);
    expect(cache.stateOf('a')).toBe('evicted');
    expect(released).toEqual(['A']);
    expect(cache.bytes).toBe(6);
    expect(cache.startLoading('a')).toBe(true);
    expect(cache.stateOf('a')).toBe('loading');
  });

  it('evicts the least recently used first, and never one used in this frame', () => {
    const cache = new TileCache<string>(3, () => undefined);
    for (const key of ['a', 'b', 'c']) {
      cache.nextFrame();
      cache.startLoading(key);
      cache.arrive(key, key, 1);
    }
    cache.nextFrame();
    cache.use('a');
    cache.startLoading('d');
    cache.arrive('d', 'd', 1);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.stateOf(key))).toEqual(['ready', 'evicted', 'ready', 'ready']);
    cache.use('c');
    cache.startLoading('e');
    cache.arrive('e', 'e', 1);
    expect(cache.bytes).toBe(4);
  });

  it('a failed load may be asked for again', () => {
    const cache = new TileCache<string>(3, () => undefined);
    cache.startLoading('a');
    cache.fail('a');
    expect(cache.stateOf('a')).toBe('absent');
  });

  it('releases a tile that arrives after it was dropped', () => {
    const released: string[] = [];
    const cache = new TileCache<string>(3, (value) => released.push(value));
    cache.startLoading('m/a');
    cache.drop('m/');
    cache.arrive('m/a', 'A', 1);
    expect(released).toEqual(['A']);
    expect(cache.bytes).toBe(0);
  });
});

describe('motion quality', () => {
  it('draws fewer pixels when frames are slow, more when they are fast, never more than all', () => {
    const quality = new MotionQuality(1);
    for (let k = 0; k < 4; k++) quality.record(40);
    expect(quality.divisor).toBe(2);
    for (let k = 0; k < 40; k++) quality.record(40);
    expect(quality.divisor).toBe(4);
    for (let k = 0; k < 40; k++) quality.record(5);
    expect(quality.divisor).toBe(1);
  });

  it('knows software renderers by name', () => {
    expect(isSoftwareRenderer('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))')).toBe(true);
    expect(isSoftwareRenderer('ANGLE (NVIDIA, NVIDIA GeForce RTX 3060)')).toBe(false);
  });
});
