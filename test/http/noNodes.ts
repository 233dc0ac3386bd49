import type { DomainStandings } from "../../src/mirror/domainStanding.js";
import type { NodeList } from "../../src/nodes/nodeStore.js";
import type { ChangeFeed } from "../../src/registry/feed/changeFeed.js";
import type { SourceReader } from "../../src/registry/sources/sourceStore.js";
import type { ExportReader } from "../../src/transfer/exportPort.js";

/** For tests that mount routes alone. */
export const NO_NODES: NodeList = {
  listed: () => Promise.resolve({ items: [], next: null }),
  named: () => Promise.resolve(null),
  ofDomain: () => Promise.resolve({ items: [], next: null }),
};

export const NO_FEED: ChangeFeed = {
  open: () => Promise.reject(new Error("There is no feed.")),
  read: () => Promise.reject(new Error("There is no feed.")),
  nodes: () => Promise.reject(new Error("There is no feed.")),
};

const none = () => Promise.reject(new Error("There are no exports."));
export const NO_EXPORTS: ExportReader = {
  names: none,
  entries: none,
  gone: none,
  domain: none,
  reservations: none,
};

export const NO_SOURCES: SourceReader = {
  sourceOf: () => Promise.resolve(null),
  problems: { list: none, counts: none },
};

export const NO_STANDINGS: DomainStandings = { database: none, mirrorOf: none };
