// The program's version, from package.json at build time.
import manifest from '../../package.json';

export const STUDIO_VERSION: string = manifest.version;

/** Version of the compute library, pinned in package.json. */
export const TFJS_VERSION: string = manifest.dependencies['@tensorflow/tfjs'];
