/** A real Chromium, as Debian packs it, with nothing of anybody's in it. */
import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";
import { removeFolder, temporaryFolder } from "../childProgram.js";

const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Stands for a public host name of the page; it leads to this machine. */
export const PUBLIC_HOST = "lookup.example";

const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
  `--host-resolver-rules=MAP ${PUBLIC_HOST} 127.0.0.1`,
];

if (!existsSync(EXECUTABLE)) {
  console.error(
    `There is no browser at ${EXECUTABLE}. Install it (Debian: apt-get install -y chromium), or set CHROMIUM to where it is.`,
  );
  process.exit(1);
}

export interface Chromium {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

export async function startChromium(): Promise<Chromium> {
  const folder = await temporaryFolder();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    headless: true,
    args: ARGUMENTS,
    viewport: { width: 1000, height: 800 },
  });
  return {
    context,
    close: async () => {
      await context.close();
      await removeFolder(folder);
    },
  };
}
