/** A live connection as dm3's web client opens it, to the same guarded addresses as everything else. */
import type { Agent } from "node:http";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { isSignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { within } from "../../fetch/within.js";
import { guardedSocketAgent } from "../../net/guardedSocketAgent.js";
import { LONGEST_WAIT_MS, type Subject } from "../subject.js";

export interface LiveSocket {
  /** Null: it is open, and was greeted by `authorized`. */
  readonly refused: string | null;
  /** The ciphertexts of what was pushed so far. */
  readonly pushed: ReadonlySet<string>;
  readonly close: () => void;
}

const LONGEST_PACKET = 4_000_000;
const MOST_PUSHED = 1_000;

/** Opens one, or says why not. */
export async function openLiveSocket(
  { deadline, allowLoopback }: Subject,
  url: string,
  auth: { readonly name: string; readonly token: string },
): Promise<LiveSocket> {
  const pushed = new Set<string>();
  const refusal = (refused: string): LiveSocket => ({ refused, pushed, close: () => undefined });
  let agent: Agent;
  try {
    agent = guardedSocketAgent(url, { allowLoopback });
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return refusal(foreignText(error.message));
  }
  const options: Partial<ManagerOptions & SocketOptions> & { maxPayload: number } = {
    transports: ["websocket"],
    auth: { account: { ensName: auth.name }, token: auth.token },
    ...{ reconnection: false, forceNew: true, maxPayload: LONGEST_PACKET },
    // its type is that of older browsers' polling
    agent: agent as never,
  };
  const socket = io(url, options);
  socket.on("message", (envelope: unknown) => {
    const { message } = Object(envelope) as { readonly message?: unknown };
    if (typeof message === "string" && pushed.size < MOST_PUSHED) pushed.add(message);
  });
  const waitMs = Math.min(LONGEST_WAIT_MS, deadline.remainingMs);
  const refused = await within(waitMs, greeting(socket), () => "it is not greeted in time");
  if (refused !== null) socket.disconnect();
  return { refused, pushed, close: () => socket.disconnect() };
}

function greeting(socket: Socket): Promise<string | null> {
  return new Promise((resolve) => {
    socket.once("authorized", () => {
      resolve(null);
    });
    socket.once("connect_error", ({ message }) => {
      resolve(foreignText(message));
    });
    socket.once("disconnect", (reason) => {
      resolve(`closed: ${foreignText(reason)}`);
    });
  });
}
