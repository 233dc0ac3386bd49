/** `signpost node register <name> --proven <file>`: through the service API, or as what the name's owner has to sign for it. */
import type { Command } from "commander";
import { decodeUtf8 } from "../../abi/utf8.js";
import { parseDeliveryServiceProfile } from "../../dm3/profile/profile.js";
import {
  assertProofOf,
  parseNodeProof,
  type ProvenProfile,
} from "../../dm3/statement/nodeProof.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import { askNode } from "../../nodes/askNode.js";
import { createClient } from "../../sdk/node.js";
import { givenFile } from "../../terminal/givenFile.js";
import { tell } from "../message/tell.js";
import { apiKeyHere } from "../service/apiKey.js";
import { askedOfWallet, walletLines } from "../service/askedOfWallet.js";
import { serviceOf } from "../service/serviceOption.js";

interface RegisterFlags {
  readonly proven: string;
  readonly service?: string;
  readonly forWallet?: true;
  readonly allowLoopback?: true;
  readonly json?: true;
}

const LONGEST_FILE = 16_384;
const NODE_TIMEOUT_MS = 10_000;

/** Throws INVALID_PROFILE, WRONG_SIGNER for another name's proof, INVALID_REQUEST, and what the service refuses. */
export async function register(
  given: string,
  flags: RegisterFlags,
  command: Command,
): Promise<void> {
  const { name } = resolvableName(given);
  const proven = await provenIn(flags.proven, name);
  const url = serviceOf(flags.service);
  const warnings = await warningsOf(name, proven, flags);
  const warningLines = warnings.map((sentence) => `warning  ${sentence}`);
  if (flags.forWallet) {
    const owner = proven.proof?.owner ?? null;
    const asked = await askedOfWallet(url, name, owner, {
      ...{ action: "registerRelayNode", relayNode: proven },
    });
    tell(command, flags, { name, ...asked, warnings }, [
      ...warningLines,
      ...walletLines(url, asked),
    ]);
    return;
  }
  const { outcome } = await createClient({ url, apiKey: apiKeyHere("names:write") }).relayNodes.put(
    name,
    proven,
  );
  tell(command, flags, { name, outcome, warnings }, [
    ...warningLines,
    `${name} is registered as the relay node at ${proven.url} (${outcome}).`,
  ]);
}

/** The proof is checked here as the service will, so that a wrong one costs nobody a request. */
async function provenIn(file: string, name: string): Promise<ProvenProfile> {
  const bytes = await givenFile("proven profile", file, process.stdin, LONGEST_FILE);
  const { proof: given, ...rest } = jsonIn(bytes, file);
  const profile = parseDeliveryServiceProfile(rest);
  const proof = parseNodeProof(given);
  assertProofOf({ name, owner: proof.owner, profile }, proof);
  return { ...profile, proof };
}

function jsonIn(bytes: Uint8Array, file: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(decodeUtf8(bytes))) as Readonly<Record<string, unknown>>;
  } catch {
    throw new SignpostError(
      "INVALID_REQUEST",
      `${file} is not JSON. Give what signpost node prove has printed.`,
    );
  }
}

/** A node may be registered before it runs, or from where it cannot be reached: so it keeps nobody from it. */
async function warningsOf(
  name: string,
  proven: ProvenProfile,
  flags: RegisterFlags,
): Promise<readonly string[]> {
  const fetcher = createGuardedFetcher({ allowLoopback: flags.allowLoopback ?? false });
  const answer = await askNode(proven, { fetcher, timeoutMs: NODE_TIMEOUT_MS });
  if (answer.kind === "works") return [];
  return [`The relay node ${name} at ${proven.url} ${answer.reason}, so nobody can use it now.`];
}
