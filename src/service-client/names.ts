/** Names as a whole: read, list, write, delete, suspend, and what happened to them. */
import { resolvableName } from "../ens/resolvableName.js";
import { type HistoryItem, historyPageSchema } from "../wire/history.js";
import { type NameAnswer, nameSchema, namesPageSchema } from "../wire/nameAnswer.js";
import type { NameContent } from "../wire/nameContent.js";
import { outcomeSchema } from "../wire/outcome.js";
import type { CallOptions } from "./clientOptions.js";
import type { Connection } from "./connection.js";
import { type Listing, listing } from "./pages.js";
import {
  deleted,
  type DeletionResult,
  etagOf,
  preconditionHeaders,
  type WriteOptions,
  type WriteResult,
  written,
} from "./writes.js";

/** At all bounds at once, in JSON; real names have 1 to 4 KiB. */
const LARGEST_NAME_BYTES = 2 * 1024 * 1024;
/** A hundred of the largest. */
const LARGEST_PAGE_BYTES = 128 * 1024 * 1024;

export interface ListOptions extends CallOptions {
  /** Only names that begin with it. */
  readonly prefix?: string;
  /** Only names that this wallet owns, 0x hex. */
  readonly address?: string;
  /** Only names with this text before the domain; pages are read until one has some. */
  readonly contains?: string;
  /** Behind this name, to go on where a listing was left. */
  readonly after?: string;
  /** How many names one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

export interface HistoryOptions extends CallOptions {
  /** Behind the entry of this number. */
  readonly after?: number;
  /** How many entries one request brings; at most 100, and 100 unless given. */
  readonly pageSize?: number;
}

/** Names are taken in any form, and sent in ENSIP-15 normal form; INVALID_NAME is thrown for what has none. */
export interface Names {
  /** The name as it is served, with its version; null when there is none. */
  get(name: string, options?: CallOptions): Promise<NameAnswer | null>;
  /** The same, unless it still has this version: then "unchanged", and nothing of it is sent. */
  getIfChanged(
    name: string,
    version: string,
    options?: CallOptions,
  ): Promise<NameAnswer | "unchanged" | null>;
  /** The names of the domain, in the order of their text; pages are read as the loop goes on. */
  list(options?: ListOptions): Listing<NameAnswer, string>;
  /** Makes a name (`{}` an empty one), or writes any of its parts; what is left out stays as it is. All or nothing. */
  put(name: string, content: NameContent, options?: WriteOptions): Promise<WriteResult>;
  /** With all its records; only its owner's signed request brings its profile back. Null when there was no such name. */
  delete(name: string, options?: WriteOptions): Promise<DeletionResult | null>;
  /** Every change, the oldest first; also of a name that is gone. */
  history(name: string, options?: HistoryOptions): Listing<HistoryItem, number>;
  /** The name is answered like an absent one from now on. Null when there is none. */
  suspend(name: string, reason: string, options?: WriteOptions): Promise<WriteResult | null>;
  /** Null when there is no such name. */
  unsuspend(name: string, options?: WriteOptions): Promise<WriteResult | null>;
}

export function namesOf(connection: Connection): Names {
  const read = (name: string, headers: Record<string, string>, options?: CallOptions) =>
    connection.sendAbout(name, {
      ...{ method: "GET", path: ["names", name], headers, options },
      maxBytes: LARGEST_NAME_BYTES,
    });
  const changeSuspension = async (
    given: string,
    change: { method: "PUT" | "DELETE"; body?: unknown },
    options: WriteOptions = {},
  ) => {
    const { name } = resolvableName(given);
    const headers = preconditionHeaders(options.onlyIf);
    const path = ["names", name, "suspension"];
    const answer = await connection.sendAbout(name, {
      ...{ ...change, path, headers, options },
      outlivesPage: true,
    });
    return answer && written(answer, outcomeSchema);
  };
  return {
    get: async (name, options) => {
      const answer = await read(resolvableName(name).name, {}, options);
      return answer && answer.as(nameSchema);
    },
    getIfChanged: async (name, version, options) => {
      const headers = { "if-none-match": etagOf(version) };
      const answer = await read(resolvableName(name).name, headers, options);
      return answer?.status === 304 ? "unchanged" : answer && answer.as(nameSchema);
    },
    list: ({ prefix, address, contains, after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const answer = await connection.send({
          ...{ method: "GET", path: ["names"], options },
          query: { prefix, address, contains, after, limit: pageSize },
          maxBytes: LARGEST_PAGE_BYTES,
        });
        const { names, next } = answer.as(namesPageSchema);
        return { items: names, next };
      }),
    put: async (name, content, options = {}) => {
      const path = ["names", resolvableName(name).name];
      const headers = preconditionHeaders(options.onlyIf);
      return written(
        await connection.send({ method: "PUT", path, headers, body: content, options }),
        outcomeSchema,
      );
    },
    delete: async (given, options = {}) => {
      const { name } = resolvableName(given);
      const headers = preconditionHeaders(options.onlyIf);
      const request = { method: "DELETE", path: ["names", name], headers, options } as const;
      return deleted(name, await connection.sendAbout(name, request));
    },
    history: (name, { after: first, pageSize, ...options } = {}) =>
      listing(first, async (after) => {
        const path = ["names", resolvableName(name).name, "history"];
        const answer = await connection.send({
          ...{ method: "GET", path, query: { after, limit: pageSize }, options },
          maxBytes: LARGEST_PAGE_BYTES,
        });
        const { entries, next } = answer.as(historyPageSchema);
        return { items: entries, next };
      }),
    suspend: (name, reason, options) =>
      changeSuspension(name, { method: "PUT", body: { reason } }, options),
    unsuspend: (name, options) => changeSuspension(name, { method: "DELETE" }, options),
  };
}
