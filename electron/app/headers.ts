// The response headers of every page, script and array, one table for both hosts. Cross-origin
// isolation makes SharedArrayBuffer (and so WASM threads) available; the content security policy lets
// the window run its own scripts and nothing else.

const directives = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
} as const;

/** A worker follows the policy its own script came with; tfjs starts its WASM threads from blob scripts. */
const workerDirectives = { ...directives, 'script-src': "'self' 'wasm-unsafe-eval' blob:", 'connect-src': "'self' blob:" };

const shared = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=()',
} as const;

/** Headers for a response of this media type. */
export function securityHeaders(contentType: string): Record<string, string> {
  const policy = contentType.startsWith('text/javascript') ? workerDirectives : directives;
  return { ...shared, 'Content-Security-Policy': policyText(policy), 'Content-Type': contentType };
}

function policyText(policy: Readonly<Record<string, string>>): string {
  return Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
