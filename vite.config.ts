// Bundles the window and its workers. The minifier is esbuild because the default one breaks tfjs's
// WASM threads: their script is a function's source text, which it rewrites.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('renderer'),
  base: '/',
  publicDir: false,
  plugins: [react()],
  resolve: { alias: { '@shared': path('src-shared') } },
  worker: { format: 'es', rolldownOptions: { checks: { pluginTimings: false } } },
  logLevel: 'warn',
  build: {
    outDir: path('dist/renderer'),
    emptyOutDir: true,
    target: 'es2022',
    minify: 'esbuild',
    sourcemap: true,
    chunkSizeWarningLimit: 4000,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [path('renderer/index.html'), path('renderer/compute.html')],
      checks: { pluginTimings: false },
    },
  },
});
