/**
 * Live delivery by socket.io, as dm3's nodes and ours have it: at the origin of the relay node's URL. What is pushed is a hint
 * that saves time; the mailbox is the truth, and is read whenever a connection opens.
 */
import type { Session } from "./session.js";

/** What is used of `io` of socket.io-client 4. */
export type SocketIo = (
  url: string,
  options: {
    readonly transports: string[];
    readonly auth: (give: (credentials: object) => void) => void;
    readonly [option: string]: unknown;
  },
) => LiveSocket;

export interface LiveSocket {
  on(event: string, listener: (...parts: unknown[]) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

export interface LiveParts {
  readonly io: SocketIo;
  /** The relay node's, guarded before. */
  readonly url: string;
  readonly name: string;
  readonly session: Session;
  /** Further options for `io`, such as an agent that guards addresses. */
  readonly socketOptions: Readonly<Record<string, unknown>>;
  readonly onOpen: () => void;
  readonly onEnvelope: (envelope: unknown) => void;
}

export interface LiveConnection {
  readonly isOpen: () => boolean;
  /** Tries again where the relay node refused; socket.io does so itself after a loss. */
  retry(): void;
  close(): void;
}

export function openLiveConnection(parts: LiveParts): LiveConnection {
  const { io, url, name, session, onOpen, onEnvelope } = parts;
  let isOpen = false;
  let isRefused = false;
  let lastToken = "";
  const socket = io(new URL(url).origin, {
    reconnectionDelayMax: 60_000,
    ...parts.socketOptions,
    transports: ["websocket"],
    auth: (give) => {
      session.token().then(
        (token) => {
          lastToken = token;
          give({ account: { ensName: name }, token });
        },
        // without one the relay node refuses, and it is tried again later
        () => {
          give({ account: { ensName: name } });
        },
      );
    },
  });
  socket.on("connect", () => {
    isOpen = true;
    isRefused = false;
    onOpen();
  });
  socket.on("message", onEnvelope);
  socket.on("disconnect", (reason) => {
    isOpen = false;
    // after this one socket.io does not come back by itself
    if (reason === "io server disconnect") isRefused = true;
  });
  socket.on("connect_error", (error) => {
    isOpen = false;
    if (!(error instanceof Error) || !/token/i.test(error.message)) return;
    session.refused(lastToken);
    isRefused = true;
  });
  return {
    isOpen: () => isOpen,
    retry: () => {
      if (!isRefused) return;
      isRefused = false;
      socket.connect();
    },
    close: () => void socket.disconnect(),
  };
}
