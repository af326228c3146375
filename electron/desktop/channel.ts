// The one IPC channel between a window and the main process: it brings a port.
export const CONNECT_CHANNEL = 'repmlp:connect';
