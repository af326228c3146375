#!/usr/bin/env node
// `repmlp <verb>`: builds the command line if it is stale, then runs it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildNode, dist } from './build.mjs';

await buildNode();
await import(pathToFileURL(join(dist, 'cli.mjs')).href);
