#!/usr/bin/env node
// `npm run build`: builds everything that is stale.
import { buildDesktop, buildNode, buildWeb } from './build.mjs';

await Promise.all([buildNode(), buildWeb(), buildDesktop()]);
