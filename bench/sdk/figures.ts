/** What the SDK costs an app: what it installs, and what of it ends up in a bundle. */
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import type { UnpackedSdk } from "./unpackedSdk.js";

export interface SdkFigures {
  /** Of `import { resolveProfile }`: by esbuild, minified, gzip -9; in units of 1000 bytes, as all of them. */
  readonly sdkGzipKb: number;
  /** Of `import { isSignpostError }`. */
  readonly sdkErrorGzipKb: number;
  /**
   * Of everything in `signpost-sdk/messages`, as far as a browser with both curves in WebCrypto loads it: every file that the
   * entry leads to. What it loads when those are missing is not in it.
   */
  readonly sdkMessagesGzipKb: number;
  /** What `signpost-sdk/storage` adds to an app that has `signpost-sdk/messages`. */
  readonly sdkStorageGzipKb: number;
  /** The same as of messages, of `signpost-sdk/xmpp`. */
  readonly sdkXmppGzipKb: number;
  readonly sdkPackages: number;
  readonly sdkMb: number;
}

export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
  /** The files that it is made of, by their places in node_modules. */
  readonly inputs: readonly string[];
}

export async function sdkFigures(sdk: UnpackedSdk): Promise<SdkFigures> {
  const [profile, error, messages, withStorage, xmpp] = await Promise.all([
    bundle(sdk, 'export { resolveProfile } from "signpost-sdk";'),
    bundle(sdk, 'export { isSignpostError } from "signpost-sdk";'),
    splitBundle(sdk, 'export * from "signpost-sdk/messages";'),
    splitBundle(
      sdk,
      'export * from "signpost-sdk/messages"; export { createStorage } from "signpost-sdk/storage";',
    ),
    splitBundle(sdk, 'export * from "signpost-sdk/xmpp";'),
  ]);
  const messagesBytes = gzipBytesOf(messages.atStart);
  const sizes = await Promise.all([...sdk.packages.values()].map(sizeOf));
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return {
    sdkGzipKb: rounded(profile.gzipBytes / 1000),
    sdkErrorGzipKb: rounded(error.gzipBytes / 1000),
    sdkMessagesGzipKb: rounded(messagesBytes / 1000),
    sdkStorageGzipKb: rounded((gzipBytesOf(withStorage.atStart) - messagesBytes) / 1000),
    sdkXmppGzipKb: rounded(gzipBytesOf(xmpp.atStart) / 1000),
    sdkPackages: sdk.packages.size,
    sdkMb: rounded(sizes.reduce((sum, size) => sum + size, 0) / 1_000_000),
  };
}

/** One file for browsers; what is loaded later is in it as well. */
export async function bundle({ folder }: UnpackedSdk, code: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...optionsFor(folder, code),
    format: "iife",
    globalName: "sdk",
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const [output] = Object.values(metafile.outputs);
  return {
    code: new TextDecoder().decode(bytes),
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    inputs: inputsOf(output),
  };
}

export interface BundleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
}

export interface SplitBundle {
  /** The entry, and what it imports, the entry first. */
  readonly atStart: readonly BundleFile[];
  /** What is imported when it is needed. */
  readonly later: readonly BundleFile[];
}

/** ES modules for browsers, as bundlers write them that split what is imported when it is needed. */
export async function splitBundle({ folder }: UnpackedSdk, code: string): Promise<SplitBundle> {
  const { outputFiles, metafile } = await build({
    ...optionsFor(folder, code),
    format: "esm",
    splitting: true,
    outdir: folder,
  });
  const files = outputFiles.map(({ path, contents }) => {
    const name = relative(folder, path);
    return { name, bytes: contents, inputs: inputsOf(metafile.outputs[name]) };
  });
  const atStart = new Set<string>();
  const follow = (name: string): void => {
    if (atStart.has(name)) return;
    atStart.add(name);
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind === "import-statement") follow(path);
    }
  };
  follow("stdin.js");
  return {
    atStart: [...atStart].flatMap((name) => files.filter((file) => file.name === name)),
    later: files.filter(({ name }) => !atStart.has(name)),
  };
}

/** Each compressed by itself, as servers do. */
export function gzipBytesOf(files: readonly BundleFile[]): number {
  return files.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
}

function optionsFor(folder: string, code: string) {
  return {
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2022",
    metafile: true,
    write: false,
    logLevel: "error",
    absWorkingDir: folder,
  } as const;
}

function inputsOf(output: Metafile["outputs"][string] | undefined): readonly string[] {
  return Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
