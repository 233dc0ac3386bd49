/** The keys that sign the bridge's mail, as files of a folder: made once, read at each start. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { SignpostError } from "../../errors.js";
import { type DkimKey, type DkimKeys, readDkimKey } from "../../mail/dkimKeys.js";

const RSA_BITS = 2_048;
const KINDS = ["rsa", "ed25519"] as const;
const makePair = promisify(generateKeyPair) as (
  kind: (typeof KINDS)[number],
  options: { readonly modulusLength: number },
) => Promise<{ readonly privateKey: KeyObject }>;

export interface DkimFolder {
  readonly folder: string;
  readonly selector: string;
}

/** Of both keys: each has a record of its own. */
export function keySelectors(selector: string): readonly string[] {
  return KINDS.map((kind) => keySelector(selector, kind));
}

/** Makes those that are missing; none is replaced. @throws INVALID_CONFIGURATION where the folder cannot be written to */
export async function makeDkimKeys({ folder, selector }: DkimFolder): Promise<DkimKeys> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const kind of KINDS) {
      const { privateKey } = await makePair(kind, { modulusLength: RSA_BITS });
      const pem = privateKey.export({ type: "pkcs8", format: "pem" });
      await writeFile(fileOf(folder, selector, kind), pem, { mode: 0o600, flag: "wx" }).catch(
        (error: unknown) => {
          if (codeOf(error) !== "EEXIST") throw error;
        },
      );
    }
  } catch (error) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The DKIM keys cannot be written to ${folder} (${codeOf(error)}). Let this user write there.`,
      {},
      { cause: error },
    );
  }
  return readDkimKeys({ folder, selector });
}

/** @throws INVALID_CONFIGURATION */
export async function readDkimKeys({ folder, selector }: DkimFolder): Promise<DkimKeys> {
  const [rsa, ed25519] = await Promise.all(KINDS.map((kind) => readOne(folder, selector, kind)));
  if (rsa === undefined || ed25519 === undefined) throw new Error("There are two kinds.");
  return { rsa, ed25519 };
}

async function readOne(
  folder: string,
  selector: string,
  kind: (typeof KINDS)[number],
): Promise<DkimKey> {
  const file = fileOf(folder, selector, kind);
  let pem: string;
  try {
    pem = await readFile(file, "utf8");
  } catch (error) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The DKIM key ${file} cannot be read (${codeOf(error)}). Correct MAIL_DKIM_KEYS, or restore the file. If there never was one, make it with: signpost mail dkim-keys (new keys need new DNS records)`,
      {},
      { cause: error },
    );
  }
  return readDkimKey(kind, keySelector(selector, kind), pem);
}

function keySelector(selector: string, kind: string): string {
  return `${selector}-${kind}`;
}

function fileOf(folder: string, selector: string, kind: string): string {
  return join(folder, `${keySelector(selector, kind)}.pem`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}
