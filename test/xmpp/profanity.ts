/** profanity, a stock client, as a person uses it: typed into, and read from its screen. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { XmppServer } from "../../src/demo/xmpp-servers/xmppServer.js";
import { eventually, PASSWORD } from "./userClient.js";

const PROGRAM = "/usr/bin/profanity";
/** Wide enough that no sentence is broken. */
const SCREEN = "stty rows 40 cols 300; exec /usr/bin/profanity";
/** Of a terminal: colours, places of the cursor, and the rest. */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007]*\u0007|[()][A-Z0-9]|[=>78MNH])|[\u0000-\u0009\u000b-\u001f]/g;

export interface Profanity {
  /** A line, as a person types it and ends it with Enter. */
  type(line: string): Promise<void>;
  /** Waits until the screen has shown it. */
  shows(text: RegExp): Promise<void>;
  stop(): Promise<void>;
}

/** @param gnupgHome where it finds OpenPGP keys; its own empty one unless told */
export async function startProfanity(
  server: XmppServer,
  user: string,
  gnupgHome?: string,
): Promise<Profanity> {
  await access(PROGRAM).catch(() => {
    throw new Error("There is no profanity here. Install it with: apt-get install -y profanity");
  });
  const folder = await mkdtemp(join(tmpdir(), "signpost-profanity-"));
  let shown = "";
  // script gives it a terminal
  const child: ChildProcess = spawn("script", ["-qfec", SCREEN, "/dev/null"], {
    env: {
      ...process.env,
      ...{ HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, TERM: "xterm" },
      ...(gnupgHome !== undefined && { GNUPGHOME: gnupgHome }),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdout?.on("data", (bytes: Buffer) => {
    shown = (shown + bytes.toString()).slice(-1_000_000);
  });
  const type = async (line: string) => {
    child.stdin?.write(`${line}\r`);
    await delay(200); // a person is no faster
  };
  const self: Profanity = {
    type,
    shows: async (text) => {
      const isShown = () => text.test(shown.replace(CONTROLS, " ").replace(/\s+/g, " "));
      await eventually(isShown, `${String(text)} on the screen`).catch((error: unknown) => {
        throw new Error(shown.replace(CONTROLS, " ").slice(-3_000), { cause: error });
      });
    },
    stop: async () => {
      const exited = once(child, "exit");
      await type("/quit");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
  await self.shows(/Profanity/);
  const { domain, host, clientPort } = server;
  await type(`/connect ${user}@${domain} server ${host} port ${clientPort} tls disable`);
  await self.shows(/[Pp]assword/);
  await type(PASSWORD);
  await self.shows(/logged in successfully/);
  return self;
}
