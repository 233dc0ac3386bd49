/** What the SDK costs an app: what it installs, and what of it ends up in a bundle. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { UnpackedSdk } from "./unpackedSdk.js";

export interface SdkFigures {
  /** Of `import { resolveProfile }`: by esbuild, minified, gzip -9; in units of 1000 bytes, as all of them. */
  readonly sdkGzipKb: number;
  /** Of `import { isSignpostError }`. */
  readonly sdkErrorGzipKb: number;
  /** Of everything in `signpost-sdk/messages`. */
  readonly sdkMessagesGzipKb: number;
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
  const [profile, error, messages] = await Promise.all(
    [
      'export { resolveProfile } from "signpost-sdk";',
      'export { isSignpostError } from "signpost-sdk";',
      'export * from "signpost-sdk/messages";',
    ].map((code) => bundle(sdk, code)),
  );
  const sizes = await Promise.all([...sdk.packages.values()].map(sizeOf));
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return {
    sdkGzipKb: rounded((profile?.gzipBytes ?? NaN) / 1000),
    sdkErrorGzipKb: rounded((error?.gzipBytes ?? NaN) / 1000),
    sdkMessagesGzipKb: rounded((messages?.gzipBytes ?? NaN) / 1000),
    sdkPackages: sdk.packages.size,
    sdkMb: rounded(sizes.reduce((sum, size) => sum + size, 0) / 1_000_000),
  };
}

/** One file for browsers; what is loaded later is in it as well. */
export async function bundle({ folder }: UnpackedSdk, code: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "sdk",
    platform: "browser",
    target: "es2022",
    metafile: true,
    write: false,
    logLevel: "error",
    absWorkingDir: folder,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const [output] = Object.values(metafile.outputs);
  return {
    code: new TextDecoder().decode(bytes),
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    inputs: Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [file] : [],
    ),
  };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
