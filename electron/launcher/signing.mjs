// What signs and notarises a package, from environment variables; without them it is unsigned. Invariant: variables that are set
// in part are an error, for a build that was meant to be signed must not come out unsigned.

/** Variables that belong together: all of a group, or none. */
const GROUPS = {
  notarise: ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
  windows: ['WINDOWS_CERTIFICATE_FILE', 'WINDOWS_CERTIFICATE_PASSWORD'],
};

/**
 * Forge's settings for signing. Throws an Error that names what is missing.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {{ osxSign?: { identity: string }, osxNotarize?: { appleId: string, appleIdPassword: string, teamId: string }, windowsSign?: { certificateFile: string, certificatePassword: string } }}
 */
export function signingFrom(env) {
  const notarise = group(env, GROUPS.notarise);
  const windows = group(env, GROUPS.windows);
  const identity = env.MAC_SIGNING_IDENTITY || undefined;
  // An app that is not signed by a developer is not notarised.
  if (notarise && identity === undefined)
    throw new Error(`${GROUPS.notarise.join(', ')} are set, but MAC_SIGNING_IDENTITY is not: what is notarised is signed first`);
  return {
    ...(identity !== undefined && { osxSign: { identity } }),
    ...(notarise && { osxNotarize: { appleId: notarise[0], appleIdPassword: notarise[1], teamId: notarise[2] } }),
    ...(windows && { windowsSign: { certificateFile: windows[0], certificatePassword: windows[1] } }),
  };
}

/** The values of a group; null where none is set. @param {Readonly<Record<string, string | undefined>>} env @param {string[]} names @returns {string[] | null} */
function group(env, names) {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === names.length) return null;
  if (missing.length > 0)
    throw new Error(`${names.filter((name) => env[name]).join(', ')} set without ${missing.join(', ')}: set all of them to sign, or none`);
  return names.map((name) => env[name] ?? '');
}
