/**
 * One connection to a server that somebody else runs: it leads to an address that may be connected to and nowhere else, and reads
 * only so many bytes for a question, whatever the server sends.
 */
import { lookup as anyLookup } from "node:dns";
import { type LookupFunction, Socket } from "node:net";
import pg from "pg";

/** Two rows of 16 KiB for each of 64 labels, and what the protocol puts around them. */
export const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;

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

/** What of the driver's connection is used here; its types do not tell. */
interface DriverConnection {
  readonly stream: Socket;
  on(event: "connect" | "sslconnect", listener: () => void): void;
}

export class BoundedClient extends pg.Client {
  #bytes = 0;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { readonly connection: DriverConnection };
    const watch = () => {
      connection.stream.on("data", (chunk: Buffer) => {
        this.#bytes += chunk.length;
        if (this.#bytes > LONGEST_ANSWER_BYTES) connection.stream.destroy(tooLong());
      });
    };
    connection.on("connect", watch);
    connection.on("sslconnect", watch);
  }

  /** To be called before each question. */
  beginAnswer(): void {
    this.#bytes = 0;
  }
}

function tooLong(): Error {
  return Object.assign(new Error("the answer is too long"), { code: "its answer is too long" });
}
