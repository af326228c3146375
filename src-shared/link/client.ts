// The window's side of the contract: typed calls over a WebSocket (browser host) or a MessagePort
// (desktop). A lost socket fails what was under way and is opened again by the next call.
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { createORPCClient, type ClientContext, type ClientLink, type ClientOptions } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { UserError } from '../base/user-error';
import { CODEC } from './codec';
import type { StudioContract } from './studio';

export type StudioClient = ContractRouterClient<StudioContract>;

/** How calls travel: an address to connect to, or one end of a channel. */
export type Transport =
  | { readonly kind: 'webSocket'; readonly url: string }
  | { readonly kind: 'messagePort'; readonly port: SupportedMessagePort & { start(): void } };

/** Typed calls to the service. A failing call rejects with an ORPCError: code USER_ERROR carries a message meant for the user. */
export function createStudioClient(transport: Transport): StudioClient {
  return createORPCClient(createLink(transport));
}

function createLink(transport: Transport): ClientLink<ClientContext> {
  if (transport.kind === 'webSocket') return new ReconnectingLink(transport.url);
  transport.port.start();
  return new PortLink({ port: transport.port, ...CODEC });
}

/** Opens its socket at the first call, and again at the first call after it was lost. */
class ReconnectingLink implements ClientLink<ClientContext> {
  private current: { readonly socket: WebSocket; readonly link: SocketLink<ClientContext> } | null = null;

  constructor(private readonly url: string) {}

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const { socket, link } = this.connected();
    try {
      return await link.call(path, input, options);
    } catch (error) {
      if (socket.readyState < WebSocket.CLOSING || options.signal?.aborted) throw error;
      throw new UserError("the studio's service does not answer; if it was ended, start it again and open the address it prints");
    }
  }

  private connected(): { readonly socket: WebSocket; readonly link: SocketLink<ClientContext> } {
    if (this.current === null || this.current.socket.readyState >= WebSocket.CLOSING) {
      const socket = new WebSocket(this.url);
      this.current = { socket, link: new SocketLink({ websocket: socket, ...CODEC }) };
    }
    return this.current;
  }
}
