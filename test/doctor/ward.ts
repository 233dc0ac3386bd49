/**
 * The demo's world with a server between its resolver and its gateway. By itself that server passes on what the
 * real service answers; a test bends one thing of it, or of the contract, and everything else stays sound.
 */
import type { IncomingMessage } from "node:http";
import {
  computeAddress,
  Contract,
  ContractFactory,
  type JsonRpcProvider,
  type JsonRpcSigner,
  SigningKey,
} from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { type DemoWorld, DOMAIN, startDemoWorld } from "../../src/demo/demoWorld.js";
import { examine } from "../../src/doctor/examine.js";
import type { Line } from "../../src/doctor/line.js";
import type { DoctorOptions } from "../../src/doctor/patient.js";
import { addressFrom } from "../../src/ens/address.js";
import { resolve } from "../../src/ens/resolverFunctions.js";
import { type Handler, type LoopbackServer, serve } from "../lookup/loopbackServer.js";
import { encodeResponse, responseForm } from "./response.js";

export const ALICE = `alice.${DOMAIN}`;

/** A key that the resolver trusts, so that tests can sign what the service never would. */
export const testKey = new SigningKey(`0x${"7e".repeat(32)}`);
export const strangerKey = new SigningKey(`0x${"57".repeat(32)}`);

/** What is sent back; a test changes it in place. */
interface Sent {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** Empty for OPTIONS. */
  readonly callData: Uint8Array;
  /** As the client claims, or empty. */
  readonly sender: string;
}

export type Bend = (sent: Sent, asked: Asked) => void | Promise<void>;

export interface Signing {
  readonly target?: string;
  readonly expires?: bigint;
  readonly request?: Uint8Array;
  readonly result?: Uint8Array;
  readonly key?: SigningKey;
  /** What becomes of the digest before it is signed. */
  readonly digest?: (digest: Uint8Array) => string;
  readonly signature?: (signature: string) => string;
}

export interface Ward {
  readonly world: DemoWorld;
  readonly admin: JsonRpcSigner;
  readonly resolver: Contract;
  readonly gateway: LoopbackServer;
  /** The POST template of the resolver on any origin. */
  readonly urlOn: (origin: string) => string;
  readonly bend: (bend: Bend) => void;
  /** Signs the answer anew, with `testKey`, and with what is given. */
  readonly resign: (sent: Sent, asked: Asked, signing?: Signing) => void;
  readonly setUrls: (...urls: string[]) => Promise<void>;
  /** Puts the fault of contracts/test/FaultyResolver.sol in the place of the resolver, until `reset`. */
  readonly breakResolver: (fault: Fault) => Promise<void>;
  readonly deploy: (source: string, ...values: unknown[]) => Promise<string>;
  readonly examine: (name?: string, options?: Partial<DoctorOptions>) => Promise<Line[]>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const FAULTS = [
  "ClaimsAddr",
  "ClaimsEverything",
  "BurnsGas",
  "NoFeatures",
  "NotExtended",
  "NoOwner",
  "NoSigners",
  "Refuses",
  "MalformedLookup",
  "NoUrls",
  "ForeignSender",
  "OtherChain",
  "ErrorsAsRecords",
] as const;
export type Fault = (typeof FAULTS)[number];

export async function openWard(): Promise<Ward> {
  const world = await startDemoWorld({
    rpcPort: 0,
    httpPort: 0,
    databaseUrl: process.env["DATABASE_URL"],
    onStep: () => undefined,
    reportFailure: () => undefined,
  });
  const { admin, provider } = world.chain;
  const { abi } = await ownArtifact("OffchainResolver");
  const resolver = new Contract(world.resolver, abi, admin);
  const honestCode = await provider.getCode(world.resolver);
  let bend: Bend = () => undefined;
  const passOnAndBend: Handler = (request, response) => {
    void passOn(world.service.url, request)
      .then(async ({ sent, asked }) => {
        await bend(sent, asked);
        response.writeHead(sent.status, sent.headers).end(sent.body);
      })
      .catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
  };
  const gateway = await serve(passOnAndBend);

  const send = async (method: string, ...values: unknown[]) => {
    const sent = (await resolver.getFunction(method).send(...values)) as {
      wait(): Promise<unknown>;
    };
    await sent.wait();
  };
  await send("addSigner", computeAddress(testKey));

  const ward: Ward = {
    world,
    admin,
    resolver,
    gateway,
    urlOn: (origin) =>
      `${origin}/ccip/${world.chain.chainId.toString()}/${world.resolver.toLowerCase()}`,
    bend: (wanted) => {
      bend = wanted;
    },
    resign(sent, asked, signing = {}) {
      const { data } = JSON.parse(sent.body) as { data: string };
      const [result, expires] = responseForm.decodeOutput(fromHex(data));
      const signed = {
        target: addressFrom(fromHex((signing.target ?? world.resolver).toLowerCase())),
        expiresSec: signing.expires ?? expires,
        request: signing.request ?? asked.callData,
        result: signing.result ?? result,
      };
      const digest = answerDigest(signed);
      const key = signing.key ?? testKey;
      const { serialized } = key.sign(signing.digest?.(digest) ?? toHex(digest));
      const signature = signing.signature?.(serialized) ?? serialized;
      sent.body = JSON.stringify({
        data: encodeResponse(signed.result, signed.expiresSec, signature),
      });
    },
    setUrls: (...urls) => send("setUrls", urls),
    async breakResolver(fault) {
      const honest = `0x${"40".repeat(20)}`;
      await provider.send("hardhat_setCode", [honest, honestCode]);
      const faulty = await ward.deploy("test/FaultyResolver", honest, FAULTS.indexOf(fault));
      const code = await provider.getCode(faulty);
      await provider.send("hardhat_setCode", [world.resolver, code]);
    },
    async deploy(source, ...values) {
      const artifact = await ownArtifact(source);
      const factory = new ContractFactory(artifact.abi, artifact.bytecode, admin);
      const deployed = await (await factory.deploy(...values)).waitForDeployment();
      return await deployed.getAddress();
    },
    examine: (name = ALICE, options = {}) =>
      examine(name, {
        rpc: world.chain.rpcUrl,
        ensRegistry: world.ens.registry,
        universalResolver: world.ens.universalResolver,
        allowLoopback: true,
        ...options,
      }),
    async reset() {
      bend = () => undefined;
      gateway.handler = passOnAndBend;
      gateway.requests.length = 0;
      // its clock as well: every transaction puts it a second forward
      await provider.send("evm_revert", [sound]);
      await catchUp(provider);
      sound = await provider.send("evm_snapshot", []);
    },
    async close() {
      await gateway.close();
      await world.stop();
    },
  };
  await ward.setUrls(ward.urlOn(gateway.url));
  // blocks come when `reset` wants them: one in between would spoil the time that it sets
  await provider.send("evm_setIntervalMining", [0]);
  let sound: unknown = await provider.send("evm_snapshot", []);
  return ward;
}

/** Every transaction puts hardhat's clock a second forward; here it comes back to the time of day. */
async function catchUp(provider: JsonRpcProvider): Promise<void> {
  const latest = await provider.getBlock("latest");
  const nowSec = Math.floor(Date.now() / 1000);
  const next = Math.max(nowSec, (latest?.timestamp ?? 0) + 1);
  await provider.send("evm_setNextBlockTimestamp", [next]);
  await provider.send("evm_mine", []);
}

/** The inner call of a lookup, and the DNS-encoded name. */
export function innerCall({ callData }: Asked): {
  name: string;
  selector: string;
  call: Uint8Array;
} {
  if (callData.length === 0) return { name: "", selector: "", call: callData };
  const [dnsName, call] = resolve.decodeInput(callData);
  const name = new TextDecoder().decode(dnsName);
  return { name, selector: toHex(call.subarray(0, 4)), call };
}

async function passOn(
  serviceUrl: string,
  request: IncomingMessage,
): Promise<{ sent: Sent; asked: Asked }> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const { method = "", url = "" } = request;
  const { origin } = request.headers;
  const answer = await fetch(serviceUrl + url, {
    method,
    headers: {
      "content-type": "application/json",
      ...(origin === undefined ? {} : { origin }),
      ...(method === "OPTIONS"
        ? {
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
          }
        : {}),
    },
    ...(body === "" ? {} : { body }),
  });
  const passedOn = ["content-type", "date"].concat(
    [...answer.headers.keys()].filter((name) => name.startsWith("access-control-")),
  );
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const posted = body === "" ? {} : (JSON.parse(body) as { data?: string; sender?: string });
  const data = posted.data ?? /0x[0-9a-f]{82,}/.exec(url)?.[0] ?? "0x";
  return {
    sent: { status: answer.status, headers, body: await answer.text() },
    asked: { method, url, callData: fromHex(data), sender: posted.sender ?? "" },
  };
}
