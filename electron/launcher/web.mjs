#!/usr/bin/env node
// `npm run web`: builds what is stale, then starts the browser host.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWeb, dist } from './build.mjs';

await buildWeb();
await import(pathToFileURL(join(dist, 'web-host.mjs')).href);
