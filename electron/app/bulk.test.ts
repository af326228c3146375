import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BulkStore } from './bulk';

const store = new BulkStore();
afterEach(() => store.close());

const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  store.respond(new Request(`http://localhost${url}`, { headers }));
const bytesOf = async (response: Response): Promise<number[]> => [...new Uint8Array(await response.arrayBuffer())];

describe('content by URL', () => {
  it('is served whole, in ranges, and refused beyond its end', async () => {
    const url = store.add({ kind: 'bytes', bytes: Uint8Array.of(0, 1, 2, 3, 4) });
    expect(await bytesOf(await get(url))).toEqual([0, 1, 2, 3, 4]);
    expect(await bytesOf(await get(url, { range: 'bytes=1-2' }))).toEqual([1, 2]);
    expect(await bytesOf(await get(url, { range: 'bytes=-2' }))).toEqual([3, 4]);
    const beyond = await get(url, { range: 'bytes=5-' });
    expect(beyond.status).toBe(416);
  });

  it('is computed once, when it is first fetched', async () => {
    let computed = 0;
    const produce = (): Promise<Uint8Array<ArrayBuffer>> => Promise.resolve(Uint8Array.of(++computed));
    const url = store.add({ kind: 'lazy', length: 1, produce });
    expect(computed).toBe(0);
    expect(await bytesOf(await get(url))).toEqual([1]);
    expect(await bytesOf(await get(url))).toEqual([1]);
  });

  it('is forgotten after one fetch where it was meant for one', async () => {
    const url = store.add({ kind: 'bytes', bytes: Uint8Array.of(1) }, { once: true });
    expect((await get(url)).status).toBe(200);
    expect((await get(url)).status).toBe(404);
  });

  it('is uploaded under an id, in memory or, with a name, as a file of that name', async () => {
    const put = (path: string): Promise<Response> =>
      store.respond(new Request(`http://localhost${path}`, { method: 'PUT', body: 'weights' }));
    expect((await put('/bulk/short')).status).toBe(400);
    const url = await (await put('/bulk/0123456789abcdef?name=..%2F..%2Fnet.pth')).text();
    const path = store.fileOf(url) ?? '';
    expect(path).toMatch(/repmlp-upload-[^/]*\/file-[^/]*\/net\.pth$/);
    expect(await readFile(path, 'utf8')).toBe('weights');
    expect(new TextDecoder().decode(await store.take(url))).toBe('weights');
    await expect(store.take(url)).rejects.toThrow('taken already');
  });
});
