/** The running demo: where its ENS is, and two accounts that are made in it for one examination. */
import { randomBytes } from "node:crypto";
import { Wallet } from "ethers";
import { decodeUtf8 } from "../../abi/utf8.js";
import type { Account, Accounts } from "../../conformance/subject.js";
import { SignpostError } from "../../errors.js";
import { createClient, createProfile, type ResolveOptions } from "../../sdk/node.js";
import { givenFile } from "../../terminal/givenFile.js";

export const DEMO_FILE = ".signpost/demo.json";
const LONGEST_FILE = 65_536;

export interface Demo {
  readonly lookup: ResolveOptions;
  /** The first relay node's ENS name. */
  readonly relayNode: string;
  readonly accounts: Accounts;
}

/** Throws INVALID_REQUEST for a file that is none of the demo's, and what the demo's service answers. */
export async function openDemo(file: string): Promise<Demo> {
  const details = await detailsIn(file);
  const { rpcUrl, ensRegistry, universalResolver, apiUrl, apiKey, domain, relayNode } = details;
  const service = createClient({ url: apiUrl, apiKey });
  const person = randomBytes(6).toString("hex");
  const account = async (label: string): Promise<Account> => {
    const name = `${label}-${person}.${domain}`;
    const created = await createProfile(Wallet.createRandom(), [relayNode]);
    const { address, signedUserProfile, keys } = created;
    await service.profiles.put(name, { address, signedUserProfile });
    return { name, keys, signed: signedUserProfile };
  };
  return {
    lookup: { rpc: rpcUrl, ensRegistry, universalResolver, allowLoopback: true },
    relayNode,
    accounts: { sender: await account("sender"), receiver: await account("receiver") },
  };
}

const FIELDS = [
  ...(["rpcUrl", "ensRegistry", "universalResolver", "apiUrl", "apiKey"] as const),
  ...(["domain", "relayNode"] as const),
] as const;
type Details = Readonly<Record<(typeof FIELDS)[number], string>>;

async function detailsIn(file: string): Promise<Details> {
  const text = decodeUtf8(await givenFile("demo's file", file, process.stdin, LONGEST_FILE));
  const given = jsonIn(text);
  if (FIELDS.every((field) => typeof given[field] === "string")) return given as Details;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${file} is not what a demo writes. Start one with npm run demo, and look where it says that it wrote its file.`,
  );
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
