// The browser host: the service behind HTTP and WebSocket on 127.0.0.1, for machines without a desktop
// and for a remote GPU box behind an SSH tunnel.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { UserError } from '@shared/user-error';
import { plain } from '../service/bulk';
import type { Service } from '../service/service';
import type { Site } from '../service/site';
import { Admission, isFromOurPage } from './admission';
import { send, toRequest } from './http';

export interface WebHost {
  /** Address with a fresh one-time token; opens the studio in one browser. */
  readonly url: string;
  /** Another such address, for another browser. */
  newUrl(): string;
  close(): Promise<void>;
}

export interface WebHostParts {
  /** 0 picks a free one. */
  readonly port: number;
  readonly service: Service;
  readonly site: Site;
}

/** Starts listening. Throws UserError if the port is in use or not allowed. */
export async function listenWebHost({ port, service, site }: WebHostParts): Promise<WebHost> {
  const server = createServer();
  await listen(server, port);
  const actualPort = (server.address() as AddressInfo).port;
  const admission = new Admission(`repmlp-${actualPort}`);
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing, admission, site));
  const sockets = acceptSockets(server, admission, service);
  const newUrl = (): string => `http://127.0.0.1:${actualPort}/#token=${admission.newToken()}`;
  return { url: newUrl(), newUrl, close: () => close(server, sockets) };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, admission: Admission, site: Site): Promise<void> {
  try {
    await send(await respond(incoming, admission, site), outgoing);
  } catch (error) {
    const message = error instanceof UserError ? error.message : 'the studio could not answer this request';
    if (!(error instanceof UserError)) console.error(error);
    if (outgoing.headersSent) outgoing.destroy();
    else await send(plain(error instanceof UserError ? 400 : 500, message), outgoing);
  }
}

async function respond(incoming: IncomingMessage, admission: Admission, site: Site): Promise<Response> {
  if (!isFromOurPage(incoming)) return plain(403, 'only pages of RepMLP Studio on this machine are answered');
  const request = toRequest(incoming);
  const { pathname } = new URL(request.url);
  if (pathname === '/session') return beginSession(incoming, request, admission);
  if ((pathname.startsWith('/bulk/') || pathname === '/dataset') && !admission.hasSession(incoming)) return plain(403, NO_SESSION);
  return site(request);
}

const NO_SESSION =
  'This address does not open RepMLP Studio, or was used before. Use the address printed where the studio was started; pressing Enter there prints a new one.';

async function beginSession(incoming: IncomingMessage, request: Request, admission: Admission): Promise<Response> {
  if (request.method !== 'POST') return plain(405, 'a session begins with POST');
  const cookie = admission.trade((await request.text()).slice(0, 200));
  if (cookie === null) return admission.hasSession(incoming) ? plain(200, 'session goes on') : plain(403, NO_SESSION);
  const response = plain(200, 'session begun');
  response.headers.set('Set-Cookie', cookie);
  return response;
}

function acceptSockets(server: Server, admission: Admission, service: Service): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 2 ** 26 });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const accept = isFromOurPage(incoming) && incoming.headers.origin !== undefined && admission.hasSession(incoming);
    const attach = accept ? attachments(service)[incoming.url ?? ''] : undefined;
    if (attach === undefined) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    else sockets.handleUpgrade(incoming, socket, head, attach);
  });
  return sockets;
}

/** What a socket is for, by path. */
function attachments(service: Service): Record<string, (socket: WebSocket) => void> {
  return {
    '/rpc': (socket) => service.attachSocket(socket),
    '/engine': (socket) =>
      service.acceptEngine({
        send: (text) => socket.send(text),
        onText: (listener) => socket.on('message', (data) => listener(String(data))),
        closed: new Promise((resolve) => socket.once('close', () => resolve())),
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
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
