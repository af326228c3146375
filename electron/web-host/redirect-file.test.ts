import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { redirectFolders, writeRedirectFile } from './redirect-file';

const parent = mkdtempSync(join(tmpdir(), 'repmlp-redirect-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const URL = 'http://127.0.0.1:4711/#token=secret-Token_1';

describe('a redirect file', () => {
  it('leads to the address, in its text and nowhere in its path', () => {
    const { path } = writeRedirectFile(URL, [parent]);
    expect(readFileSync(path, 'utf8')).toContain(`<meta http-equiv="refresh" content="0;url=${URL}">`);
    expect(path).toMatch(/\.html$/);
    expect(path).not.toContain('secret');
  });

  it.skipIf(process.platform === 'win32')('is read by its owner alone, whatever the umask', () => {
    const before = process.umask(0);
    try {
      const { path } = writeRedirectFile(URL, [parent]);
      expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    } finally {
      process.umask(before);
    }
  });

  it('is gone with its folder once removed, however often', () => {
    const known = readdirSync(parent).length;
    const { path, remove } = writeRedirectFile(URL, [parent]);
    remove();
    remove();
    expect(existsSync(dirname(path))).toBe(false);
    expect(readdirSync(parent)).toHaveLength(known);
  });

  it('lies in the next folder where one takes none, and where none does says why', () => {
    const missing = join(parent, 'missing');
    expect(writeRedirectFile(URL, [missing, parent]).path.startsWith(parent)).toBe(true);
    expect(() => writeRedirectFile(URL, [missing])).toThrow(/ENOENT/);
  });

  it('lies on Linux beside the program first, where packaged browsers can read, else in the temporary folder', () => {
    expect(redirectFolders('/home/user/studio/dist', 'linux')).toEqual(['/home/user/studio/dist', tmpdir()]);
    expect(redirectFolders('/home/user/studio/dist', 'darwin')).toEqual([tmpdir()]);
  });
});
