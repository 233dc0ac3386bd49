/**
 * A real Firefox ESR, as Debian packs it, by WebDriver BiDi. Playwright drives builds of its own, and asks those that speak
 * BiDi for more than this one has (`emulation.setMediaFeaturesOverride`); the few commands below are enough.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type MessageEvent, WebSocket } from "undici";
import { removeFolder, temporaryFolder } from "../childProgram.js";

const EXECUTABLE = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
const START_TIMEOUT_MS = 60_000;

if (!existsSync(EXECUTABLE)) {
  console.error(
    `There is no browser at ${EXECUTABLE}. Install it (Debian: apt-get install -y firefox-esr), or set FIREFOX to where it is.`,
  );
  process.exit(1);
}

export interface Firefox {
  readonly version: string;
  /** Opens a URL in a tab of its own, and waits until it is loaded. */
  open(url: string): Promise<FirefoxTab>;
  close(): Promise<void>;
}

export interface FirefoxTab {
  /** An expression in the page's world; a promise is awaited. Its value as JSON has it. */
  evaluate(expression: string): Promise<unknown>;
  /** Of the window, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** The whole page, as PNG. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export async function startFirefox(): Promise<Firefox> {
  const folder = await temporaryFolder();
  const browser = spawn(
    EXECUTABLE,
    ["--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"],
    // Firefox keeps more than the profile at home
    { env: { ...process.env, HOME: folder }, stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(browser, "close");
  let url = "";
  let output = "";
  const timer = setTimeout(() => browser.kill("SIGKILL"), START_TIMEOUT_MS);
  for await (const chunk of browser.stderr as AsyncIterable<Buffer>) {
    output += chunk.toString();
    url = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(output)?.[1] ?? "";
    if (url !== "") break;
  }
  clearTimeout(timer);
  if (url === "") throw new Error(`Firefox did not start:\n${output}`);
  const { send, close } = await connect(`${url}/session`);
  const { capabilities } = (await send("session.new", { capabilities: {} })) as {
    capabilities: { browserVersion: string };
  };
  return {
    version: capabilities.browserVersion,
    open: (page) => openTab(send, page),
    close: async () => {
      await send("browser.close", {});
      close();
      await ended;
      await removeFolder(folder);
    },
  };
}

type Send = (method: string, params: object) => Promise<unknown>;

async function connect(url: string): Promise<{ send: Send; close: () => void }> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: Refuse }>();
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const { id, result, message } = JSON.parse(data) as Answer;
    const one = id === null ? undefined : waiting.get(id);
    if (id === null || one === undefined) return;
    waiting.delete(id);
    if (message === undefined) one.resolve(result);
    else one.reject(new Error(`Firefox: ${message}`));
  });
  let last = 0;
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => {
      socket.close();
    },
  };
}

type Refuse = (error: Error) => void;

interface Answer {
  /** Null for events, which nobody has subscribed to, and errors about no command. */
  readonly id: number | null;
  readonly result?: unknown;
  readonly message?: string;
}

async function openTab(send: Send, url: string): Promise<FirefoxTab> {
  const { context } = (await send("browsingContext.create", { type: "tab" })) as {
    context: string;
  };
  await send("browsingContext.navigate", { context, url, wait: "complete" });
  return {
    evaluate: async (expression) => {
      const answer = (await send("script.evaluate", {
        // its own form of values is more than a test needs
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        target: { context },
        awaitPromise: true,
      })) as { type: string; result?: { value: string }; exceptionDetails?: { text: string } };
      if (answer.result === undefined) throw new Error(answer.exceptionDetails?.text);
      return JSON.parse(answer.result.value) as unknown;
    },
    resize: async (width, height) => {
      await send("browsingContext.setViewport", { context, viewport: { width, height } });
    },
    screenshot: async () => {
      const wanted = { context, origin: "document" };
      const { data } = (await send("browsingContext.captureScreenshot", wanted)) as {
        data: string;
      };
      return Buffer.from(data, "base64");
    },
    close: async () => {
      await send("browsingContext.close", { context });
    },
  };
}
