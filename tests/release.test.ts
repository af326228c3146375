// What goes with a release: checksums, the bill of materials, signing by environment variables, and how an AppImage starts.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { BILL, CHECKSUMS, writeBill, writeChecksums } from '../electron/launcher/release-files.mjs';
import { signingFrom } from '../electron/launcher/signing.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'repmlp-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Installers that hold their own names, with the sums that coreutils' sha256sum finds. */
const INSTALLERS = {
  'a.deb': '906a9fac8d517d69e98a147b0fe2a05366d4d80bfe55459f322c888d68a2420e',
  'b.rpm': 'd49cbda1c8b474b46a322c15b1d2260058c48d865352f9268e4ec30a5d620af9',
  'c.AppImage': 'ca95647158b0167b056be93ab589ce4faaf01c403f0548db871d7e40615642e0',
  'd.dmg': 'a30a44232cbc5d6444710d4175c0b8002f797e30fb01ff4956e93c5d656a45dd',
  'e.zip': 'f44adae5bc764beb169aa369ac7922727672194d01d40a91a24dfe96bdd67e9a',
  'f.exe': 'd685425b8497b5f3d51c6e8208f82df2e7710d124976cdee6229d8b991546c6d',
};

test('the checksums are those that sha256sum finds, of every installer', () => {
  for (const name of Object.keys(INSTALLERS)) writeFileSync(join(folder, name), name);
  writeFileSync(join(folder, 'builder-debug.yml'), '');
  expect(writeChecksums(folder)).toEqual(Object.keys(INSTALLERS));
  const lines = Object.entries(INSTALLERS).map(([name, sum]) => `${sum}  ${name}\n`);
  expect(readFileSync(join(folder, CHECKSUMS), 'utf8')).toBe(lines.join(''));
});

test('the bill of materials names every package that is shipped, with its version, and no tool', () => {
  writeBill(folder);
  const bill = JSON.parse(readFileSync(join(folder, BILL), 'utf8')) as {
    bomFormat: string;
    components: { name: string; version: string }[];
  };
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  expect(bill.bomFormat).toBe('CycloneDX');
  const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  const shipped = { ...dependencies, electron: devDependencies.electron, mnist: devDependencies.mnist };
  for (const [name, version] of Object.entries(shipped)) expect(named).toContain(`${name}@${version}`);
  // Versions that only a tool has are no part of the product.
  expect(bill.components.filter(({ name }) => name === '@xmldom/xmldom').map(({ version }) => version)).toEqual([
    dependencies['@xmldom/xmldom'],
  ]);
  for (const tool of ['typescript', 'vitest', 'playwright-core']) expect(bill.components.map(({ name }) => name)).not.toContain(tool);
});

describe('signing', () => {
  const apple = { APPLE_ID: 'a', APPLE_APP_SPECIFIC_PASSWORD: 'b', APPLE_TEAM_ID: 'c' };
  test('is left out without its variables, and taken whole from them', () => {
    expect(signingFrom({})).toEqual({});
    expect(signingFrom({ ...apple, MAC_SIGNING_IDENTITY: 'Developer ID' })).toEqual({
      osxSign: { identity: 'Developer ID' },
      osxNotarize: { appleId: 'a', appleIdPassword: 'b', teamId: 'c' },
    });
    const windows = { WINDOWS_CERTIFICATE_FILE: 'c.pfx', WINDOWS_CERTIFICATE_PASSWORD: 'p' };
    expect(signingFrom(windows)).toEqual({ windowsSign: { certificateFile: 'c.pfx', certificatePassword: 'p' } });
  });

  test.each([
    [{ APPLE_ID: 'a' }, /APPLE_ID set without APPLE_APP_SPECIFIC_PASSWORD, APPLE_TEAM_ID/],
    [{ WINDOWS_CERTIFICATE_FILE: 'c.pfx' }, /without WINDOWS_CERTIFICATE_PASSWORD/],
    [apple, /MAC_SIGNING_IDENTITY is not: what is notarised is signed first/],
  ])('that is set in part is an error: %o', (env, message) => expect(() => signingFrom(env)).toThrow(message));
});

describe.skipIf(process.platform !== 'linux')('an AppImage', () => {
  const image = join(folder, 'image');
  const start = (userNamespaces: 'allowed' | 'forbidden') => {
    mkdirSync(join(image, 'tools'), { recursive: true });
    cpSync(join(root, 'electron/launcher/appimage-start.sh'), join(image, 'repmlp-studio'));
    const script = (name: string, text: string): void => {
      writeFileSync(join(image, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(image, name), 0o755);
    };
    script('repmlp-studio.bin', 'echo started "$@"');
    script('tools/unshare', `exit ${userNamespaces === 'allowed' ? 0 : 1}`);
    const env = { PATH: `${join(image, 'tools')}:/usr/bin:/bin` };
    return spawnSync(join(image, 'repmlp-studio'), ['a file.pth'], { encoding: 'utf8', env });
  };

  test('starts the program with its arguments where user namespaces are allowed', () => {
    expect(start('allowed')).toMatchObject({ status: 0, stdout: 'started a file.pth\n' });
  });

  test('says what to do where they are forbidden, and does not start what would abort', () => {
    const { status, stdout, stderr } = start('forbidden');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/does not allow programs to make user namespaces.*Install the \.deb or \.rpm package instead/);
  });
});
