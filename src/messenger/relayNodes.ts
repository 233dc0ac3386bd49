/** The user's relay nodes: an API and a session for each, as long as it stays the same. */
import type { MessageKeys } from "../dm3/message/messageKeys.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { FoundRelayNode } from "../lookup/outcome.js";
import type { RelayNodeAccess } from "../sending/relayNodeAccess.js";
import type { Filters, NodeFilters } from "./filters.js";
import type { Problem } from "./mailbox.js";
import type { OwnProfile } from "./ownProfile.js";
import { type Acknowledgement, type RelayNodeApi, relayNodeApi } from "./relayNodeApi.js";
import { openSession, type Session, type SessionClock } from "./session.js";

export interface RelayNodesParts {
  readonly name: string;
  readonly keys: MessageKeys;
  readonly own: OwnProfile;
  readonly access: RelayNodeAccess;
  readonly clock: SessionClock;
}

interface OpenNode {
  readonly api: RelayNodeApi;
  readonly session: Session;
  /** What it did not hear; it is told with the next ones. */
  readonly untold: Acknowledgement[];
}

/** What is over is told when the relay node shows it again. */
const MOST_UNTOLD = 5_000;

export interface RelayNodes {
  at(node: FoundRelayNode): OpenNode;
  /** Tells each what it need not keep. What fails is told, and done again when the relay node shows it again. */
  acknowledge(
    holders: ReadonlyMap<string, readonly Acknowledgement[]>,
    onProblem: (problem: Problem) => void,
  ): Promise<void>;
  /**
   * Has sealed bytes kept by the first of them that keeps such and can be reached. Their URL; null where none of them keeps
   * any, or any as large.
   * @throws why it is not known, or not now: UNREACHABLE before any other refusal
   */
  upload(sealed: Uint8Array): Promise<string | null>;
  filters(): Promise<readonly NodeFilters[]>;
  setFilters(filters: Filters): Promise<readonly NodeFilters[]>;
}

export function createRelayNodes(parts: RelayNodesParts): RelayNodes {
  const { name, keys, own, access, clock } = parts;
  const open = new Map<string, { readonly url: string; readonly node: OpenNode }>();

  function at({ name: relayNode, profile: { url } }: FoundRelayNode): OpenNode {
    const before = open.get(relayNode);
    if (before?.url === url) return before.node;
    const api = relayNodeApi(relayNode, url, access);
    const signedProfile = () => {
      const { profile, signature } = own.seen();
      return { profile, signature };
    };
    const session = openSession(api, { name, keys, signedProfile }, clock);
    const node: OpenNode = { api, session, untold: [] };
    open.set(relayNode, { url, node });
    return node;
  }

  async function atEach(
    work: (node: OpenNode, token: string) => Promise<Filters>,
  ): Promise<readonly NodeFilters[]> {
    const { relayNodes } = await own.now();
    const found = relayNodes.filter((node) => node.status === "found");
    return Promise.all(
      found.map(async (one) => {
        const node = at(one);
        try {
          const filters = await node.session.withToken((token) => work(node, token));
          return { relayNode: one.name, filters, error: null };
        } catch (error) {
          if (!isSignpostError(error)) throw error;
          return { relayNode: one.name, filters: null, error };
        }
      }),
    );
  }

  return {
    at,
    async acknowledge(holders, onProblem) {
      const telling = [...holders].map(async ([relayNode, list]) => {
        const node = open.get(relayNode)?.node;
        if (node === undefined || list.length === 0) return;
        const all = [...node.untold.splice(0), ...list];
        try {
          await node.session.withToken((token) => node.api.acknowledge(name, token, all));
        } catch (error) {
          if (!isSignpostError(error)) throw error;
          if (error.code === "UNREACHABLE") node.untold.push(...all.slice(-MOST_UNTOLD));
          onProblem({ relayNode, error, envelope: null });
        }
      });
      await Promise.all(telling);
    },
    async upload(sealed) {
      const { relayNodes } = await own.now();
      let failure: SignpostError | null = null;
      for (const one of relayNodes) {
        if (one.status === "unreachable") failure = notFoundOut(one);
        if (one.status !== "found") continue;
        try {
          const { api, session } = at(one);
          const url = await session.withToken((token) => api.upload(token, sealed));
          if (url !== null) return url;
        } catch (error) {
          if (!isSignpostError(error)) throw error;
          if (failure?.code !== "UNREACHABLE") failure = error;
        }
      }
      if (failure !== null) throw failure;
      return null;
    },
    filters: () => atEach(({ api }, token) => api.filters(name, token)),
    setFilters: (filters) =>
      atEach(async ({ api }, token) => {
        await api.setFilters(name, token, filters);
        return filters;
      }),
  };
}

function notFoundOut({ sentence }: { readonly sentence: string }): SignpostError {
  return new SignpostError("UNREACHABLE", sentence, { reason: sentence });
}
