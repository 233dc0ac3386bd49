/**
 * One connection to a server that somebody else runs: it leads to an address that may be connected to and nowhere else, reads
 * only so many bytes for a question, whatever the server sends, and is closed when it is over, whatever the server does.
 */
import { lookup as anyLookup } from "node:dns";
import { EventEmitter } from "node:events";
import { type LookupFunction, Socket } from "node:net";
import pg from "pg";
import { tooLong, wholeMessages } from "./wholeMessages.js";

/** Of the longest answer to any question. */
export const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;
const LONGEST_LOGIN_BYTES = 64 * 1024;
const LONGEST_GOODBYE_MS = 200;

/** Looks up literal addresses as well, so that the same rule holds for them. */
export class GuardedSocket extends Socket {
  constructor(readonly guarded: LookupFunction = anyLookup) {
    super();
  }

  /** As the driver calls it. */
  override connect(...given: unknown[]): this {
    const [port, host] = given;
    if (typeof port !== "number" || typeof host !== "string") {
      throw new TypeError("only a port and a host are connected to");
    }
    this.guarded(host, { all: false }, (error, address) => {
      if (this.destroyed) return;
      if (error !== null) this.destroy(error);
      else if (typeof address === "string") super.connect(port, address);
    });
    return this;
  }
}

/** What of the driver is used here; its types do not tell. */
interface DriverClient {
  readonly connection: DriverConnection;
  readonly connectionParameters: { options: string | undefined };
}

interface DriverConnection {
  /** Another one once TLS is on. */
  readonly stream: Socket;
  on(event: string, listener: () => void): void;
  /** Reads what `stream` tells as "data". */
  attachListeners(stream: EventEmitter): void;
  /** Says goodbye, and leaves it to the server to close. */
  end(): void;
}

/** By the driver's names: its refusal, and what is an answer to nothing. */
const ENDS_OF_LOGIN = [
  ...["errorMessage", "rowDescription", "dataRow", "commandComplete"],
  ...["parseComplete", "emptyQuery", "portalSuspended"],
];

export class BoundedClient extends pg.Client {
  readonly #driver: DriverConnection;
  #bytes = 0;
  #mostBytes = LONGEST_LOGIN_BYTES;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection, connectionParameters } = this as unknown as DriverClient;
    this.#driver = connection;
    // in place of none, the driver takes those of the environment
    connectionParameters.options = config?.options;
    const attach = connection.attachListeners.bind(connection);
    connection.attachListeners = () => {
      attach(this.#messagesOf(connection.stream));
    };

    // whatever is over is closed from our side: a server that never does would keep a connection of ours each time
    const drop = () => connection.stream.destroy();
    let isLetIn = false;
    connection.on("readyForQuery", () => (isLetIn = true));
    connection.on("error", drop);
    for (const event of ENDS_OF_LOGIN) {
      connection.on(event, () => {
        if (!isLetIn) drop();
      });
    }
    const end = connection.end.bind(connection);
    connection.end = () => {
      end();
      setTimeout(drop, LONGEST_GOODBYE_MS).unref();
    };
  }

  /** To be called before each question, of which all has to be over within these bounds. Returns what ends the wait. */
  beginAnswer(mostBytes: number, longestMs: number): () => void {
    this.#bytes = 0;
    this.#mostBytes = mostBytes;
    const timer = setTimeout(() => {
      this.#driver.stream.destroy(new Error("timeout"));
    }, longestMs);
    return () => {
      clearTimeout(timer);
    };
  }

  /** What the driver reads from in place of the stream. */
  #messagesOf(stream: Socket): EventEmitter {
    const messages = new EventEmitter();
    const whole = wholeMessages(LONGEST_ANSWER_BYTES);
    stream.on("data", (piece: Buffer) => {
      this.#bytes += piece.length;
      try {
        if (this.#bytes > this.#mostBytes) throw tooLong();
        const bytes = whole(piece);
        if (bytes.length > 0) messages.emit("data", bytes);
      } catch (error) {
        // the driver's own throws, too
        stream.destroy(error instanceof Error ? error : undefined);
      }
    });
    return messages;
  }
}
