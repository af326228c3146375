// The browser host: the service behind HTTP and WebSocket on 127.0.0.1, for machines without a desktop
// and for a remote GPU box behind an SSH tunnel. Anyone on this machine may send it anything: what is not
// admitted is answered from its head alone, and no connection's fault ends more than that connection.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { UserError } from '@shared/base/user-error';
import { plain } from '../app/bulk';
import type { EngineChannel } from '../app/engines';
import type { Service } from '../app/service';
import type { Site } from '../app/site';
import { Admission, isFromOurPage } from './admission';
import type { Lasting } from './lasting-session';
import { send, shortBody, targetOf, toRequest } from './http';

export interface WebHost {
  /** Address with a fresh one-time token; opens the studio in one browser. */
  readonly url: string;
  /** Another such address, for another browser; `onUsed` is called when it has opened one. */
  newUrl(onUsed?: () => void): string;
  /** What the next host needs to be found by the windows of this one. */
  readonly lasting: Lasting;
  close(): Promise<void>;
}

export interface WebHostParts {
  /** 0 picks a free one: that of the last host, where it is still free. */
  readonly port: number;
  /** What the last host left; null where there was none. */
  readonly before: Lasting | null;
  readonly service: Service;
  readonly site: Site;
}

/** More than browsers open; fewer than files a process may have open. */
const MOST_CONNECTIONS = 512;

/** Starts listening. Throws UserError if the port is in use or not allowed. */
export async function listenWebHost({ port, before, service, site }: WebHostParts): Promise<WebHost> {
  const server = createServer();
  if (!(port === 0 && before && (await listens(server, before.port)))) await listen(server, port);
  // Such as too many open files: told, and survived.
  server.on('error', (error) => console.error('a connection could not be taken:', error.message));
  server.maxConnections = MOST_CONNECTIONS;
  const actualPort = (server.address() as AddressInfo).port;
  const admission = new Admission(`repmlp-${actualPort}`, before?.session);
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing, admission, site));
  const sockets = acceptSockets(server, admission, service);
  const newUrl = (onUsed?: () => void): string => `http://127.0.0.1:${actualPort}/#token=${admission.newToken(onUsed)}`;
  const lasting = { port: actualPort, session: admission.session };
  return { url: newUrl(), newUrl, lasting, close: () => close(server, sockets) };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, admission: Admission, site: Site): Promise<void> {
  for (const stream of [incoming, outgoing]) stream.on('error', () => outgoing.destroy());
  try {
    await send(await respond(incoming, admission, site), outgoing);
  } catch (error) {
    // A client that has left needs no answer, and that it left is no fault of ours.
    if (outgoing.headersSent || incoming.socket.destroyed) return void outgoing.destroy();
    const message = error instanceof UserError ? error.message : 'the studio could not answer this request';
    if (!(error instanceof UserError)) console.error(error);
    await send(plain(error instanceof UserError ? 400 : 500, message), outgoing).catch(() => outgoing.destroy());
  }
}

async function respond(incoming: IncomingMessage, admission: Admission, site: Site): Promise<Response> {
  if (!isFromOurPage(incoming)) return plain(403, 'only pages of RepMLP Studio on this machine are answered');
  const target = targetOf(incoming);
  if (target === null) return plain(400, 'expected GET, HEAD, POST or PUT of a path');
  const { pathname } = target;
  if (pathname === '/session') return beginSession(incoming, admission);
  const guarded = pathname.startsWith('/bulk/') || pathname === '/dataset';
  if (guarded && !admission.hasSession(incoming)) return plain(403, NO_SESSION);
  return site(toRequest(incoming, target, guarded));
}

/** Longer than a token. */
const LONGEST_TOKEN = 200;
const NO_SESSION =
  'This address does not open RepMLP Studio, or was used before. Use the address printed where the studio was started; pressing Enter there prints a new one.';

async function beginSession(incoming: IncomingMessage, admission: Admission): Promise<Response> {
  if (incoming.method !== 'POST') return plain(405, 'a session begins with POST');
  const token = await shortBody(incoming, LONGEST_TOKEN);
  if (token === null) return plain(413, `expected a token of at most ${LONGEST_TOKEN} bytes`);
  const cookie = admission.trade(token);
  if (cookie === null) return admission.hasSession(incoming) ? plain(200, 'session goes on') : plain(403, NO_SESSION);
  const response = plain(200, 'session begun');
  response.headers.set('Set-Cookie', cookie);
  return response;
}

function acceptSockets(server: Server, admission: Admission, service: Service): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 2 ** 26 });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on nobody else hears what happens to the connection, and a reset that nobody hears ends the process.
    socket.on('error', () => socket.destroy());
    const accept = isFromOurPage(incoming) && incoming.headers.origin !== undefined && admission.hasSession(incoming);
    const attach = accept ? attachmentFor(incoming.url, service) : null;
    if (attach === null) return refuse(socket);
    sockets.handleUpgrade(incoming, socket, head, (opened) => {
      // A frame that is none: the library closes the connection and says so here; unheard, that ends the process.
      opened.on('error', () => undefined);
      attach(opened);
    });
  });
  return sockets;
}

/** Says no and lets go, whether or not the other side does. */
function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
}

/** What a socket is for, by path; null if nothing. */
function attachmentFor(path: string | undefined, service: Service): ((socket: WebSocket) => void) | null {
  if (path === '/rpc') return (socket) => service.attachSocket(socket);
  return path === '/engine' ? (socket) => service.acceptEngine(engineChannel(socket)) : null;
}

/** WebSocket's number for data of a kind that is not accepted. */
const UNSUPPORTED_DATA = 1003;

function engineChannel(socket: WebSocket): EngineChannel {
  return {
    send: (text) => socket.send(text),
    onText: (listener) => socket.on('message', (data) => listener(String(data))),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
    close: (reason) => socket.close(UNSUPPORTED_DATA, reason),
  };
}

/** Whether the server could take a port that may be taken. */
function listens(server: Server, port: number): Promise<boolean> {
  return listen(server, port).then(
    () => true,
    () => false,
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, port));
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new UserError(`port ${port} is in use by another program; choose another with --port, or leave it out`);
  if (error.code === 'EACCES') return new UserError(`port ${port} needs administrator rights; choose one above 1023 with --port`);
  return error;
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  sockets.clients.forEach((client) => client.terminate());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
