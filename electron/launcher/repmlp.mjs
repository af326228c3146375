#!/usr/bin/env node
// `repmlp <verb>`: builds the command line if it is stale, then runs it. `serve` also needs the window.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildNode, buildServe, dist } from './build.mjs';

await (process.argv[2] === 'serve' ? buildServe() : buildNode());
await import(pathToFileURL(join(dist, 'cli.mjs')).href);
