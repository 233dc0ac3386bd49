/** Starts a private prosody or ejabberd, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../freePort.js";
import { ejabberd } from "./ejabberd.js";
import { prosody } from "./prosody.js";
import { streamAnswer } from "./streamAnswer.js";
import type {
  ServerPlan,
  ServerProgram,
  XmppServer,
  XmppServerKind,
  XmppServerOptions,
} from "./xmppServer.js";

const PROGRAMS = { prosody, ejabberd };
const START_MS = 60_000;
const STOP_MS = 30_000;

export async function startXmppServer(
  kind: XmppServerKind,
  options: XmppServerOptions = {},
): Promise<XmppServer> {
  const { domain = "chat.test", furtherComponents = [] } = options;
  const componentDomain = `dm3.${domain}`;
  const folder = await mkdtemp(join(tmpdir(), `signpost-${kind}-`));
  const plan: ServerPlan = {
    folder,
    domain,
    components: [componentDomain, ...furtherComponents],
    secret: "component-secret",
    clientPort: await freePort(),
    componentPort: await freePort(),
    mostOffline: options.mostOffline ?? 5_000,
    archive: options.archive ?? true,
  };
  const program = await PROGRAMS[kind](plan);
  let child = await started(program, plan);

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  return {
    ...{ kind, host: "127.0.0.1", domain, componentDomain, folder, secret: plan.secret },
    clientPort: plan.clientPort,
    componentPort: plan.componentPort,
    pid: () => child.pid ?? 0,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    start: async () => {
      child = await started(program, plan);
    },
    remove: async () => {
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** An open port says nothing: prosody runs on where somebody else has it, so the stream has to answer. */
async function started(program: ServerProgram, plan: ServerPlan): Promise<ChildProcess> {
  const { command, args, env, logFile } = program;
  const child = spawn(command, args, {
    stdio: "ignore",
    cwd: plan.folder,
    env: { ...process.env, ...env },
  });
  child.on("error", () => undefined);
  const deadline = Date.now() + START_MS;
  while (!(await isReady(plan))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      const log = await readFile(logFile, "utf8").catch(() => "");
      throw new Error(`${command} did not start:\n${log.slice(-2_000)}`);
    }
    await delay(50);
  }
  return child;
}

async function isReady({ domain, components, clientPort, componentPort }: ServerPlan) {
  const [component = ""] = components;
  const [client, service] = await Promise.all([
    streamAnswer(clientPort, "jabber:client", domain),
    streamAnswer(componentPort, "jabber:component:accept", component),
  ]);
  return client.includes("features>") && / id=['"]/.test(service);
}
