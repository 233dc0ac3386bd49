/** A DNS server on this machine (RFC 1035), for TXT records alone. */
import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What it does for a name: texts, each as its parts; "NXDOMAIN"; "SERVFAIL"; or no answer at all. */
export type Zone = readonly (readonly string[])[] | "NXDOMAIN" | "SERVFAIL" | "silent";

export interface DnsServer {
  /** `address:port`, for `servers`. */
  readonly address: string;
  /** By name; NXDOMAIN for all others. */
  readonly zones: Map<string, Zone>;
  readonly asked: string[];
  close(): void;
}

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const TXT = 16;
const IN = 1;

export async function serveDns(): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const zones = new Map<string, Zone>();
  const asked: string[] = [];
  socket.on("message", (query, { port, address }) => {
    const { name, end } = questionIn(query);
    asked.push(name);
    const zone = zones.get(name.toLowerCase()) ?? "NXDOMAIN";
    if (zone === "silent") return;
    const texts = typeof zone === "string" ? [] : zone;
    const header = Buffer.from(query.subarray(0, 12));
    // a response, with recursion
    header.writeUInt16BE(0x8180 | (typeof zone === "string" ? RCODES[zone] : 0), 2);
    [1, texts.length, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index));
    const answers = texts.map((parts) => {
      const data = Buffer.concat(
        parts.map((part) => Buffer.from([part.length, ...Buffer.from(part)])),
      );
      const fields = Buffer.alloc(12);
      fields.writeUInt16BE(0xc00c, 0); // the name of the question
      fields.writeUInt16BE(TXT, 2);
      fields.writeUInt16BE(IN, 4);
      fields.writeUInt16BE(data.length, 10);
      return Buffer.concat([fields, data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    zones,
    asked,
    close: () => socket.close(),
  };
}

function questionIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join("."), end: at + 5 };
}
