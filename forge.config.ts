// Packages what `npm run build` made: an asar with the desktop bundles and the window, and an Electron
// whose nine fuses are set. Installers are made from the result by electron-builder (electron-builder.yml).
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { signingFrom } from './electron/launcher/signing.mjs';

/** What the desktop app reads at run time; everything else is bundled into these or stays out. */
const packaged = [/^\/package\.json$/, /^\/dist$/, /^\/dist\/(main\.cjs|preload\.cjs|unpacked\.json|(engine|dataset|feed)-worker\.mjs)$/];
const packagedFolders = /^\/dist\/(renderer|wasm|onnx-runtime|figure-assets|assets|digits)(\/(?!.*\.map$).*)?$/;

const config: ForgeConfig = {
  outDir: process.env.REPMLP_PACKAGE_OUT ?? 'out',
  packagerConfig: {
    name: 'RepMLP Studio',
    executableName: 'repmlp-studio',
    appBundleId: 'studio.repmlp.app',
    // The worker threads and what they read are plain files: threads do not start inside an archive. Their SHA-256 is in it
    // (unpacked.json), and none runs that has another.
    asar: { unpack: '**/dist/{engine-worker.mjs,dataset-worker.mjs,feed-worker.mjs,wasm/**,onnx-runtime/**,digits/**}' },
    prune: false,
    ignore: (path: string) => path !== '' && !packagedFolders.test(path) && !packaged.some((pattern) => pattern.test(path)),
    // A folder with Electron's zip, for machines that cannot download it.
    electronZipDir: process.env.REPMLP_ELECTRON_ZIPS,
    ...signingFrom(process.env),
  },
  rebuildConfig: { onlyModules: [] },
  plugins: [
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    }),
  ],
};

export default config;
