/**
 * Delta Chat's stock core as a program of its own, spoken to by JSON-RPC over its standard input and output
 * (npm: @deltachat/stdio-rpc-server-*). A mail messenger as people have it, without a screen.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { SignpostError } from "../../errors.js";
import type { MailAccount } from "./mailboxes.js";
import type { MailServer } from "./mailServer.js";

const PACKAGE = `@deltachat/stdio-rpc-server-${process.platform}-${process.arch}`;

/** Null where npm has none for this machine, or optional packages were left out. */
function deltaChatProgram(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), "deltachat-rpc-server");
  } catch {
    return null;
  }
}

/** Of its connectivity: idle, with nothing left to do. */
const CONNECTED = 4000;
const CONNECT_TRIES = 400;
const CONNECT_PAUSE_MS = 50;

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One program with any number of accounts. */
export class DeltaChat {
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();

  private constructor(readonly program: ChildProcessByStdio<Writable, Readable, null>) {
    const lines = createInterface({ input: program.stdout });
    lines.on("line", (line) => {
      const { id, result, error } = JSON.parse(line) as Answer;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`Delta Chat: ${error.message}`));
    });
  }

  /** @param folder where it keeps everything; it is made */
  static async start(folder: string): Promise<DeltaChat> {
    const path = deltaChatProgram();
    if (path === null) {
      throw new SignpostError(
        "INVALID_CONFIGURATION",
        `Delta Chat's core is not installed: npm install ${PACKAGE}. There is one for Linux on x64.`,
      );
    }
    const program = spawn(path, [], {
      env: { ...process.env, DC_ACCOUNTS_PATH: folder, RUST_LOG: "error" },
      stdio: ["pipe", "pipe", "ignore"],
    });
    await once(program, "spawn");
    return new DeltaChat(program);
  }

  /** A method of its JSON-RPC API, such as `get_message`. */
  async call<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.program.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return (await answer) as Result;
  }

  /** An account that reads and sends by this server. @returns its number */
  async addAccount(account: MailAccount, server: MailServer): Promise<number> {
    const id = await this.call<number>("add_account");
    await this.addTransport(id, account, server);
    await this.call("start_io", id);
    await this.#waitUntilConnected(id);
    return id;
  }

  /** A further address of the same person. */
  async addTransport(
    id: number,
    { address, password }: MailAccount,
    server: MailServer,
  ): Promise<void> {
    server.accounts.add({ address, password });
    const imap = { imapServer: "127.0.0.1", imapPort: server.imapPort, imapSecurity: "plain" };
    const smtp = { smtpServer: "127.0.0.1", smtpPort: server.smtpPort, smtpSecurity: "plain" };
    await this.call("add_or_update_transport", id, { addr: address, password, ...imap, ...smtp });
  }

  /** What is in the inbox before its first look is not shown by it. */
  async #waitUntilConnected(account: number): Promise<void> {
    for (let tries = 0; tries < CONNECT_TRIES; tries++) {
      if ((await this.call<number>("get_connectivity", account)) >= CONNECTED) return;
      await setTimeout(CONNECT_PAUSE_MS);
    }
    throw new SignpostError(
      "UNREACHABLE",
      "Delta Chat did not reach the mail server in 20 seconds.",
    );
  }

  async stop(): Promise<void> {
    if (this.program.exitCode !== null) return;
    const exited = once(this.program, "exit");
    this.program.stdin.end();
    this.program.kill();
    await exited;
  }
}
