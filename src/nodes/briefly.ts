/** A list that everybody may read, read once for all who ask within a moment. */
import type { NodeList, NodePage } from "./nodeStore.js";

const MOMENT_MS = 5_000;
/** Of a list in hundreds, 10,000 nodes; whoever asks for other pages takes the place of the oldest. */
const MOST_PAGES = 100;

interface Kept {
  readonly untilMs: number;
  readonly page: Promise<NodePage>;
}

/** Pages for everybody alone: a node by its name is one read of a row, and a domain asks with its own key. */
export function brieflyKept(list: NodeList, nowMs: () => number): NodeList {
  const pages = new Map<string, Kept>();
  return {
    named: (node) => list.named(node),
    ofDomain: (domain, after, limit) => list.ofDomain(domain, after, limit),
    listed: (after, limit) => {
      const key = `${limit} ${after}`;
      const kept = pages.get(key);
      if (kept !== undefined && nowMs() < kept.untilMs) return kept.page;
      pages.delete(key);
      const page = list.listed(after, limit);
      pages.set(key, { untilMs: nowMs() + MOMENT_MS, page });
      const [oldest] = pages.keys();
      if (pages.size > MOST_PAGES && oldest !== undefined) pages.delete(oldest);
      // a failure is nobody's answer but theirs who waited for it
      page.catch(() => {
        if (pages.get(key)?.page === page) pages.delete(key);
      });
      return page;
    },
  };
}
