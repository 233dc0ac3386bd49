/** `npm run demo`: builds the demo's world, resolves one user on screen, and stays up. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { outcomeText } from "../cli/outcomeText.js";
import { SignpostError } from "../errors.js";
import { resolveProfile } from "../sdk/node.js";
import { writeThroughTwoRelayNodes } from "./conversation.js";
import {
  connectionDetails,
  type DemoWorld,
  DOMAIN,
  lookupPageUrl,
  startDemoWorld,
} from "./demoWorld.js";
import { DM3_CLIENT_NOTES, dm3ClientEnvironment } from "./dm3Client.js";
import { printedSteps } from "./printedSteps.js";
import { resolveWithEthers } from "./stockClient.js";

export interface RunOptions {
  readonly rpcPort: number;
  readonly httpPort: number;
  readonly databaseUrl: string | undefined;
  readonly forDm3Client: boolean;
  /** Where `demo.json` goes. */
  readonly directory: string;
}

/** Starts everything and resolves a user twice: with ethers, and with our own SDK that verifies. */
export async function runDemo(options: RunOptions): Promise<DemoWorld> {
  const world = await startDemoWorld({
    ...options,
    withRelayNodes: true,
    ...printedSteps,
  });
  try {
    await showResolution(world);
    await showMessages(world);
    if (options.forDm3Client) showDm3Client(world);
    await writeConnectionDetails(world, options.directory);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

async function showResolution(world: DemoWorld): Promise<void> {
  const { rpcUrl, chainId } = world.chain;
  const alice = world.people[0];
  if (!alice) throw new SignpostError("INTERNAL", "The demo has no users.");

  console.log(`\n${pc.bold(`Resolving ${alice.name} with ethers, as it comes from npm`)}`);
  const seen = await resolveWithEthers(
    { rpcUrl, chainId, ensRegistry: world.ens.registry },
    alice.name,
  );
  for (const step of seen.steps) console.log(`  ${pc.dim("->")} ${step}`);
  console.log(`  wallet  ${seen.wallet}`);
  console.log(`  record  ${seen.record.slice(0, 76)}...`);
  if (seen.wallet !== alice.address) {
    throw new SignpostError(
      "WRONG_SIGNER",
      `ethers found the wallet ${seen.wallet}, not ${alice.address}.`,
    );
  }

  console.log(`\n${pc.bold("The same with Signpost's SDK, which verifies the profile")}`);
  const outcome = await resolveProfile(alice.name, {
    rpc: rpcUrl,
    ensRegistry: world.ens.registry,
    universalResolver: world.ens.universalResolver,
    allowLoopback: true,
  });
  console.log(outcomeText(outcome));
  console.log(`\nThe same in a browser: ${pc.bold(lookupPageUrl(world, alice.name))}`);
  console.log(
    `Look after ${DOMAIN} in a browser: ${pc.bold(`${world.service.url}/admin`)} (the apiKey of .signpost/demo.json)`,
  );
  if (outcome.status !== "found" || !outcome.relayNode) {
    throw new SignpostError("NOT_FOUND", `The SDK did not find ${alice.name}: ${outcome.sentence}`);
  }
}

async function showMessages(world: DemoWorld): Promise<void> {
  const [alice, bob] = world.people;
  console.log(
    `\n${pc.bold(`${alice?.name ?? ""} writes to ${bob?.name ?? ""}, who reads with dm3's own libraries`)}`,
  );
  await writeThroughTwoRelayNodes(world, ({ text, from, relayNode, stopped }) => {
    if (stopped !== null) console.log(`  ${pc.dim("--")} ${stopped} is stopped`);
    console.log(`  ${pc.dim("->")} accepted by ${relayNode}, fetched from there, decrypted`);
    console.log(`  "${text}", signed by ${from}`);
  });
}

function showDm3Client(world: DemoWorld): void {
  console.log(`\n${pc.bold("The environment to build dm3's own web client in")}`);
  for (const [name, value] of Object.entries(dm3ClientEnvironment(world))) {
    console.log(`${name}=${value}`);
  }
  for (const note of DM3_CLIENT_NOTES) console.log(pc.dim(`# ${note}`));
}

async function writeConnectionDetails(world: DemoWorld, directory: string): Promise<void> {
  const file = join(directory, "demo.json");
  await mkdir(directory, { recursive: true });
  // the API key in it opens the demo's domain only, and only while the demo runs
  await writeFile(file, `${JSON.stringify(connectionDetails(world), null, 2)}\n`, { mode: 0o600 });
  console.log(`\nConnection details for any client: ${pc.bold(file)}`);
}
