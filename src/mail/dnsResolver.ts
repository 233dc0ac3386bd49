/** DNS by Node's own resolver: each question once, so that a silent server holds up a mail for no more than the time of one. */
import { Resolver } from "node:dns/promises";
import type { ResolveDns } from "./boundedDns.js";

const QUESTION_MS = 3_000;

/** @param servers `address:port`; null: those of the machine */
export function dnsResolver(
  servers: readonly string[] | null,
  questionMs = QUESTION_MS,
): ResolveDns {
  const resolver = new Resolver({ timeout: questionMs, tries: 1 });
  if (servers !== null) resolver.setServers(servers);
  return (name, type) => resolver.resolve(name, type);
}
