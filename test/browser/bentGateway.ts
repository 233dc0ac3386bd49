/** A CCIP gateway between the page and the demo's own one, which a test can bend. */
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { Contract } from "ethers";
import { deployResolver } from "../../src/chain/deployResolver.js";
import type { DemoWorld } from "../../src/demo/demoWorld.js";
import { relayNodeProfile, signUp } from "../../src/demo/people.js";
import { parseAddress } from "../../src/ens/address.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { type Handler, type LoopbackServer, serve } from "../lookup/loopbackServer.js";

const DOMAIN = "bent.example.eth";
export const DORA = `dora.${DOMAIN}`;
const STRANGE_RELAY_NODE = `relay.${DOMAIN}`;
/** As strange as a published URL can be. */
export const STRANGE_URL =
  "https://relay.example/<b>dm3</b>/<img/src=x/onerror=document.title='taken'>";

export interface BentGateway {
  readonly server: LoopbackServer;
  readonly honest: Handler;
  /** One digit of the signature is another one. */
  readonly tampered: Handler;
  /** Answers, but lets no page read it. */
  readonly withoutCors: Handler;
}

/** A domain whose resolver names it, with one user. */
export async function openBentGateway(world: DemoWorld): Promise<BentGateway> {
  const { chain, ens, service } = world;
  const passOn = passesOnTo(service.url);
  const honest = passOn((data) => data);
  const server = await serve(honest);
  const inUse = new Contract(
    world.resolver,
    ["function signers() view returns (address[])"],
    chain.admin,
  );
  const resolver = await deployResolver(chain.admin, {
    owner: await chain.admin.getAddress(),
    gatewaySigners: [...((await inUse.getFunction("signers")()) as string[])],
    gatewayOrigins: [server.url],
    maxValiditySec: 900,
  });
  await ens.setResolver(DOMAIN, resolver);
  const apiKey = apiKeyFrom(randomBytes(32));
  const served = { domain: DOMAIN, chainId: chain.chainId, resolver: parseAddress(resolver) };
  await addDomain(service.domains, served, apiKey);
  const put = async (path: string, body: unknown) => {
    const answered = await fetch(`${service.url}/v1/${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answered.ok) throw new Error(await answered.text());
  };
  await put(`relay-nodes/${STRANGE_RELAY_NODE}`, relayNodeProfile(STRANGE_URL));
  const { address, signedUserProfile } = await signUp([STRANGE_RELAY_NODE]);
  await put(`names/${DORA}/profile`, { address, signedUserProfile });
  return {
    server,
    honest,
    tampered: passOn(withOtherSignature),
    withoutCors: passOn((data) => data, {}),
  };
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "content-type",
};

const passesOnTo =
  (origin: string) =>
  (bend: (data: string) => string, headers: Record<string, string> = CORS): Handler =>
  (request, response) => {
    void (async () => {
      if (request.method === "OPTIONS") {
        response.writeHead(204, headers).end();
        return;
      }
      const { method = "GET", url = "" } = request;
      const body = method === "POST" ? { body: await text(request) } : {};
      const type = { "content-type": "application/json" };
      const answered = await fetch(`${origin}${url}`, { method, headers: type, ...body });
      const { data } = (await answered.json()) as { data: string };
      response.writeHead(answered.status, { ...headers, ...type });
      response.end(JSON.stringify({ data: bend(data) }));
    })();
  };

/** The signature's 65 bytes are the last ones, filled up to 96. */
function withOtherSignature(data: string): string {
  const at = data.length - 2 * 31 - 20;
  const other = data[at] === "0" ? "1" : "0";
  return `${data.slice(0, at)}${other}${data.slice(at + 1)}`;
}

/** Refuses as gateways do, in words of its own. */
export function refusing(message: string): Handler {
  return (request, response) => {
    response.writeHead(request.method === "OPTIONS" ? 204 : 400, {
      ...CORS,
      "content-type": "application/json",
    });
    response.end(JSON.stringify({ message }));
  };
}

/** Does not answer: where it began to, without CORS, a page would know at once that it gets nothing. */
export const silent: Handler = () => undefined;

/** Hangs up without an answer. */
export const dead: Handler = (request) => {
  request.socket.destroy();
};
