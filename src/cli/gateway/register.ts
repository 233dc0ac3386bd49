/**
 * `signpost gateway register <name>` and `signpost bridge register <name>`: what an operator does after it runs, in one command.
 *
 *   node        the relay node signs that it is behind its name; the service registers it
 *   answers     the node's URL is asked, as the service will
 *   network     the relay node signs what the gateway is; the service registers that
 *   found       ENS is asked, as senders do
 *   consent     the DNS is asked, as whoever looks at the network does
 *
 * Each step looks first at what is there, so it can be run again after any of them, and after each change of settings.
 */
import type { Command } from "commander";
import { readRelay } from "../../capabilities/relay/commands/withRelay.js";
import { proveRelay } from "../../capabilities/relay/proveRelay.js";
import { keysToProve } from "../../capabilities/relay/relayKeys.js";
import { type ProfileKeys, publicKeyFields } from "../../dm3/keys/keys.js";
import type { NetworkRecord } from "../../dm3/statement/networkRecord.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { type Client, createClient } from "../../sdk/node.js";
import { givenJson } from "../../terminal/givenJson.js";
import { type DnsFlags, dnsOptions } from "../network/dnsOption.js";
import { type GatewayHere, gatewayHere, type NetworkHere } from "./gatewayHere.js";
import { answersLine, consentLines, foundLines, type StepLine } from "./looks.js";
import { hasNode, networkIn } from "./registered.js";
import { type SignedNetwork, signNetwork } from "./signNetwork.js";
import { stepsOf } from "./steps.js";

export interface RegisterFlags extends DnsFlags {
  readonly owner?: string;
  readonly unlisted?: true;
  readonly canary?: true;
  readonly record?: string;
  readonly service?: string;
  readonly json?: true;
}

/**
 * @param furtherLines what else is looked at in the end
 *
 * Throws INVALID_CONFIGURATION and INVALID_REQUEST for settings and options, what the service refuses, and as
 * `readRelay`; what was done before stays.
 */
export async function register(
  network: NetworkHere,
  given: string,
  flags: RegisterFlags,
  command: Command,
  furtherLines: () => Promise<readonly StepLine[]> = () => Promise.resolve([]),
): Promise<void> {
  const { name } = resolvableName(given);
  const dns = dnsOptions(flags);
  const gateway = gatewayHere(network, flags.service);
  const owner = flags.owner === undefined ? null : checksumAddress(parseAddress(flags.owner));
  const draft = flags.record === undefined ? null : await givenJson("network record", flags.record);
  const keys = await readRelay(({ pool, tables, secrets }) => keysToProve(pool, tables, secrets));
  const client = createClient(gateway.service);
  const steps = stepsOf(command, flags);

  const node = await registerNode(client, gateway, keys, {
    ...{ owner, listed: flags.unlisted !== true, canary: flags.canary ?? false },
  });
  steps.done("node", `${gateway.relayNode} is the relay node at ${gateway.url} (${node})`);
  steps.add(await answersLine(gateway, publicKeyFields(keys)));

  const signed = await signedNetwork(client, gateway, keys, { name, owner, draft });
  if (signed.kind === "half") {
    steps.waits("network", signed.missing, signed.draft);
    steps.end({ name, relayNode: gateway.relayNode, node, network: null, draft: signed.draft });
    return;
  }
  const { record } = signed;
  const outcome = await registerNetwork(client, name, signed);
  steps.done("network", `${name} is a ${record.kind} to ${record.network} (${outcome})`);

  for (const line of await foundLines(gateway, name, record)) steps.add(line);
  for (const line of await consentLines(record, name, dns)) steps.add(line);
  for (const line of await furtherLines()) steps.add(line);
  steps.end({ name, relayNode: gateway.relayNode, node, network: outcome, record });
}

interface NodeWish {
  readonly owner: string | null;
  readonly listed: boolean;
  readonly canary: boolean;
}

/** What the service made of it; "unchanged" where it has the same, whenever that was signed. */
async function registerNode(
  client: Client,
  { relayNode: name, url }: GatewayHere,
  keys: ProfileKeys,
  wish: NodeWish,
): Promise<string> {
  const profile = { ...publicKeyFields(keys), url };
  const known = await client.names.get(name);
  if (known !== null && hasNode(known.texts, { name, profile, ...wish })) return "unchanged";
  const proven = proveRelay(keys, { ensName: name, url }, { name, ...wish });
  return (await client.relayNodes.put(name, proven)).outcome;
}

async function signedNetwork(
  client: Client,
  { description, relayNode }: GatewayHere,
  keys: ProfileKeys,
  { name, owner, draft }: { name: string; owner: string | null; draft: unknown },
): Promise<SignedNetwork> {
  const known = await client.names.get(name);
  const registered = known && networkIn(known.texts, name, owner);
  const wish = { name, owner, given: draft, description, relayNode };
  return signNetwork(wish, registered, keys, Math.floor(Date.now() / 1000));
}

async function registerNetwork(
  client: Client,
  name: string,
  { kind, record }: { readonly kind: "unchanged" | "whole"; readonly record: NetworkRecord },
): Promise<string> {
  return kind === "unchanged" ? kind : (await client.networks.put(name, record)).outcome;
}
