/** A real DNS server on loopback, with the records that it is given. */
import DNS, { Packet } from "dns2";
import { freePort } from "../freePort.js";

export interface DnsZone {
  /** Each a text, or the parts in which it is told. */
  readonly TXT?: readonly (string | readonly string[])[];
  readonly A?: readonly string[];
  /** Names, of an address such as 1.0.0.127.in-addr.arpa. */
  readonly PTR?: readonly string[];
  readonly MX?: readonly (readonly [priority: number, exchange: string])[];
  /** Says nothing, or that it cannot say. */
  readonly trouble?: "silent" | "failing";
}

export interface LoopbackDns {
  /** As `setServers` of Node takes it. */
  readonly server: string;
  readonly zones: Map<string, DnsZone>;
  /** `name type` of each question, in their order. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}

const partsOf = (text: string | readonly string[]): readonly string[] =>
  typeof text === "string" ? (text.match(/.{1,250}/g) ?? []) : text;

const NXDOMAIN = 3;
const SERVFAIL = 2;

/** @param givenPort 0 takes a free one */
export async function startDns(givenPort = 0): Promise<LoopbackDns> {
  const zones = new Map<string, DnsZone>();
  const asked: string[] = [];
  const server = DNS.createServer({
    ...{ udp: true, tcp: true },
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      const [question] = request.questions;
      const { name = "", type = 0 } = question ?? {};
      const kind = Object.entries(Packet.TYPE).find(([, value]) => value === type)?.[0] ?? "";
      asked.push(`${name} ${kind}`);
      const zone = zones.get(name.toLowerCase());
      if (zone?.trouble === "silent") return;
      if (zone?.trouble === "failing") response.header.rcode = SERVFAIL;
      else if (zone === undefined) response.header.rcode = NXDOMAIN;
      const common = { name, type, class: Packet.CLASS.IN, ttl: 60 };
      const answers =
        kind === "TXT"
          ? zone?.TXT?.map((text) => ({ ...common, data: partsOf(text) }))
          : kind === "A"
            ? zone?.A?.map((address) => ({ ...common, address }))
            : kind === "MX"
              ? zone?.MX?.map(([priority, exchange]) => ({ ...common, priority, exchange }))
              : kind === "PTR"
                ? zone?.PTR?.map((domain) => ({ ...common, domain }))
                : undefined;
      response.answers.push(...((answers ?? []) as typeof response.answers));
      void send(response);
    },
  });
  const port = givenPort === 0 ? await freePort() : givenPort;
  await server.listen({
    udp: { port, address: "127.0.0.1" },
    tcp: { port, address: "127.0.0.1" },
  });
  return {
    server: `127.0.0.1:${port}`,
    zones,
    asked,
    stop: async () => {
      await server.close();
    },
  };
}
