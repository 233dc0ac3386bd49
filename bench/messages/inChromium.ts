/** The codecs in a page of a real Chromium. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { PageTimes } from "./browserProgram.js";

const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const PAGE = '<!doctype html><title>codecs</title><script src="/program.js"></script>';

/** Null, and a line that says so, where there is no Chromium. */
export async function measureInChromium(): Promise<PageTimes | null> {
  if (!existsSync(EXECUTABLE)) {
    console.log(
      `There is no browser at ${EXECUTABLE}: browserCodecVsDm3 stays as it was measured last. Install it (Debian: apt-get install -y chromium), or set CHROMIUM to where it is.`,
    );
    return null;
  }
  const program = await bundledProgram();
  // an origin on this machine is secure, so that there is WebCrypto
  const server = createServer(({ url }, response) => {
    const isProgram = url === "/program.js";
    response.setHeader("content-type", isProgram ? "text/javascript" : "text/html");
    response.end(isProgram ? program : PAGE);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({
    ...{ executablePath: EXECUTABLE, headless: true, args: ["--no-sandbox", "--disable-gpu"] },
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate(() => window.measured);
  } finally {
    await browser.close();
    server.close();
  }
}

async function bundledProgram(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browserProgram.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
