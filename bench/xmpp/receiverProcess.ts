/** The receiver's process, from outside. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { registerAccount } from "../../src/demo/xmpp-servers/registerAccount.js";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import type { ReceiverCommand, ReceiverReport } from "./receiver.js";

const PROGRAM = fileURLToPath(new URL("receiver.ts", import.meta.url));
export const PASSWORD = "password";

export interface Receiver {
  readonly address: string;
  /** Begins to count; `report` resolves when so many have come. */
  readonly expect: (count: number) => Promise<{ readonly report: Promise<ReceiverReport> }>;
  readonly answerWith: (answers: readonly string[]) => Promise<void>;
  readonly stop: () => void;
}

export async function startReceiver(server: XmppServer, user: string): Promise<Receiver> {
  await registerAccount(server, user, PASSWORD);
  const child = fork(PROGRAM, [String(server.clientPort), server.domain, user, PASSWORD], {
    execArgv: ["--import", "tsx"],
  });
  await once(child, "message");
  const tell = async (command: ReceiverCommand) => {
    const told = once(child, "message");
    child.send(command);
    await told;
  };
  return {
    address: `${user}@${server.domain}`,
    expect: async (count) => {
      await tell({ expect: count });
      return { report: once(child, "message").then(([report]) => report as ReceiverReport) };
    },
    answerWith: (answers) => tell({ answers }),
    stop: () => {
      child.disconnect();
    },
  };
}
