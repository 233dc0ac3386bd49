/** Whether a transaction can write the DM3 profile of a name, where, and what is there now. */
import { abiFunction } from "../abi/abiFunction.js";
import { DM3_PROFILE_KEY } from "../dm3/profile/profileRecord.js";
import { type Address, checksumAddress } from "../ens/address.js";
import { decodeDnsName } from "../ens/dnsName.js";
import type { ResolvableName } from "../ens/resolvableName.js";
import { addr, text } from "../ens/resolverFunctions.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { type AnsweringResolver, answeringResolver } from "./answeringResolver.js";
import { type FoundResolver, outerCall } from "./callResolver.js";
import { isLookup } from "./ccipRead.js";
import { hasCode, viewOf } from "./contractView.js";
import type { LookupErrors } from "./errorCodes.js";
import { callContract } from "./ethCall.js";
import { type Finding, findResolver } from "./findResolver.js";
import type { ReadContext } from "./readContext.js";
import { readAddress, readText } from "./readRecord.js";
import { type ResolveSettings, startReading } from "./resolveOptions.js";

export interface RecordsOnChain {
  /** The contract that keeps the records of the name, and of no name above it. */
  readonly resolver: Address;
  /** addr(60), as clients read it. */
  readonly address: Address | null;
  /** The text of `network.dm3.profile`. */
  readonly profileRecord: string | null;
  /** Who says that clients ask this resolver. */
  readonly finding: Finding;
}

/** contracts-v2, `IPermissionedResolver`: empty where the name stands for itself. */
const getAlias = abiFunction<[dnsName: Uint8Array], [alias: Uint8Array]>(
  "function getAlias(bytes fromName) view returns (bytes toName)",
);

/** Throws NOT_WRITABLE, UNREACHABLE, or a failed check of what is there now. */
export async function recordsOnChain(
  settings: ResolveSettings,
  asked: ResolvableName,
): Promise<RecordsOnChain> {
  const context = startReading(settings);
  const finding = await findResolver(context, settings, asked);
  const answering = await answeringResolver(context, asked, finding);
  if (finding.resolver === null || answering === null) throw noResolver(asked);
  if (!(await hasCode(context, answering.address))) throw noContract(asked, answering);
  await assertOnChain(context, finding.resolver, asked, answering);
  if (answering.registeredName !== asked.name) throw ofParent(asked, answering);
  await assertNoAlias(context, asked, answering);
  const [address, profileRecord] = await Promise.all([
    readAddress(context, finding.resolver, asked),
    readText(context, finding.resolver, asked, DM3_PROFILE_KEY),
  ]);
  return { resolver: answering.address, address, profileRecord, finding };
}

/** What a gateway answers is not the contract's to change. */
async function assertOnChain(
  context: ReadContext,
  asks: FoundResolver,
  asked: ResolvableName,
  answering: AnsweringResolver,
): Promise<void> {
  const calls = [text.encodeInput(asked.node, DM3_PROFILE_KEY), addr.encodeInput(asked.node)];
  const results = await Promise.all(
    calls.map((call) => callContract(context, asks.address, outerCall(asks, asked, call))),
  );
  if (results.some(isLookup)) throw offchain(asked, answering);
}

async function assertNoAlias(
  context: ReadContext,
  asked: ResolvableName,
  { address }: AnsweringResolver,
): Promise<void> {
  const [alias] = (await viewOf(context, address, getAlias, asked.dnsName)) ?? [];
  if (alias === undefined || alias.length === 0) return;
  const shown = nameOf(alias);
  const resolver = checksumAddress(address);
  throw notWritable(
    `The resolver ${resolver} shows the records of ${shown ?? "another name"} for ${asked.name} (an alias), so what is written for ${asked.name} is seen by nobody. Publish for ${shown ?? "that name"}, or remove the alias.`,
    { name: asked.name, reason: "alias", resolver },
  );
}

function nameOf(dnsName: Uint8Array): string | null {
  try {
    return decodeDnsName(dnsName);
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}

function noResolver({ name }: ResolvableName): SignpostError {
  return notWritable(
    `${name} has no resolver in ENS, so there is no contract to keep its records. Give it one first, such as ENS's public resolver, in the ENS app.`,
    { name, reason: "no-resolver" },
  );
}

function noContract({ name }: ResolvableName, { address }: AnsweringResolver): SignpostError {
  const resolver = checksumAddress(address);
  return notWritable(
    `The resolver of ${name}, ${resolver}, is no contract on this chain. Give the name another one first, such as ENS's public resolver, in the ENS app.`,
    { name, reason: "no-contract", resolver },
  );
}

function offchain(
  { name }: ResolvableName,
  { address, registeredName }: AnsweringResolver,
): SignpostError {
  const resolver = checksumAddress(address);
  const whose = registeredName === name ? "" : ` of ${registeredName}`;
  return notWritable(
    `${name} is answered offchain, by the gateways of the resolver ${resolver}${whose}: no transaction can write its records. Publish through the API of the service that runs them, or give ${name} a resolver that keeps records on the chain.`,
    { name, reason: "offchain", resolver },
  );
}

function ofParent(
  { name }: ResolvableName,
  { address, registeredName }: AnsweringResolver,
): SignpostError {
  const resolver = checksumAddress(address);
  return notWritable(
    `${name} has no resolver of its own: the one of ${registeredName}, ${resolver}, answers for it. Ask the owner of ${registeredName} to publish the profile, or to make ${name} a name of its own (a subname in the ENS app, with ENS's public resolver).`,
    { name, reason: "resolver-of-parent", resolver },
  );
}

function notWritable(
  sentence: string,
  details: LookupErrors["NOT_WRITABLE"],
): SignpostError<"NOT_WRITABLE"> {
  return new SignpostError("NOT_WRITABLE", sentence, details);
}
