// Who may talk to the browser host. Other machines cannot reach it (loopback only); other pages in the
// user's browser are turned away by the Host and Origin checks; other users of this machine by the
// one-time token that only the printed address holds, traded for a session cookie.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Tokens not yet traded and sessions begun. */
export class Admission {
  /** Each with what is to be done once it is used. */
  private readonly tokens = new Map<string, () => void>();

  /** `session` of an earlier host goes on where it is given. */
  constructor(
    private readonly cookieName: string,
    readonly session: string = secret(),
  ) {}

  /** A token that admits one browser; `onUsed` is called when it has. */
  newToken(onUsed: () => void = () => undefined): string {
    const token = secret();
    this.tokens.set(token, onUsed);
    return token;
  }

  /** The Set-Cookie header a token is worth; null if it was used before or never given out. */
  trade(token: string): string | null {
    const known = [...this.tokens.keys()].find((candidate) => same(candidate, token));
    if (known === undefined) return null;
    this.tokens.get(known)?.();
    this.tokens.delete(known);
    return `${this.cookieName}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether a request carries the session cookie. */
  hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/);
    return cookies.some((cookie) => same(cookie, `${this.cookieName}=${this.session}`));
  }
}

/** Whether Host names this machine's loopback, under any port (a tunnel may change it), and Origin, where sent, is the same place. */
export function isFromOurPage(request: IncomingMessage): boolean {
  const host = request.headers.host ?? '';
  const name = host.replace(/:\d+$/, '');
  const { origin } = request.headers;
  return LOOPBACK.has(name) && (origin === undefined || origin === `http://${host}`);
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
