import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownTag } from '../files/process-identity';
import { redirectFolders, removeAbandonedPages, writeRedirectFile } from './redirect-file';

const parent = mkdtempSync(join(tmpdir(), 'repmlp-redirect-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const URL = 'http://127.0.0.1:4711/#token=secret-Token_1';

describe('a redirect file', () => {
  it('leads to the address, in its text and nowhere in its path', () => {
    const { path } = writeRedirectFile(URL, [parent], 'me');
    expect(readFileSync(path, 'utf8')).toContain(`<meta http-equiv="refresh" content="0;url=${URL}">`);
    expect(path).toMatch(/\.html$/);
    expect(path).not.toContain('secret');
  });

  it.skipIf(process.platform === 'win32')('is read by its owner alone, whatever the umask', () => {
    const before = process.umask(0);
    try {
      const { path } = writeRedirectFile(URL, [parent], 'me');
      expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    } finally {
      process.umask(before);
    }
  });

  it('is gone with its folder once removed, however often', () => {
    const known = readdirSync(parent).length;
    const { path, remove } = writeRedirectFile(URL, [parent], 'me');
    remove();
    remove();
    expect(existsSync(dirname(path))).toBe(false);
    expect(readdirSync(parent)).toHaveLength(known);
  });

  it('lies in the next folder where one takes none, and where none does says why', () => {
    const missing = join(parent, 'missing');
    expect(writeRedirectFile(URL, [missing, parent], 'me').path.startsWith(parent)).toBe(true);
    expect(() => writeRedirectFile(URL, [missing], 'me')).toThrow(/ENOENT/);
  });

  it('lies on Linux beside the program first, where packaged browsers can read, else in the temporary folder', () => {
    expect(redirectFolders('/home/user/studio/dist', 'linux')).toEqual(['/home/user/studio/dist', tmpdir()]);
    expect(redirectFolders('/home/user/studio/dist', 'darwin')).toEqual([tmpdir()]);
  });

  it('of a host that was killed goes with the next one, of one that lives it stays', async () => {
    const [own, gone] = [await ownTag(), (await ownTag()).replace(/^p\d+-\d+/, 'p999999-1')];
    const [mine, left] = [own, gone].map((owner) => writeRedirectFile(URL, [parent], owner).path);
    await removeAbandonedPages([parent, join(parent, 'missing')]);
    expect([existsSync(mine), existsSync(left)]).toEqual([true, false]);
  });
});
