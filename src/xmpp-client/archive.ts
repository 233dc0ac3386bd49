/** Reads the user's archive (XEP-0313) from where it was read to, page by page. */
import { SignpostError } from "../errors.js";
import type { ArchiveCursor } from "./archiveCursor.js";
import { archivedIn } from "./heard.js";
import type { Jids } from "./jid.js";
import { ARCHIVE, RESULT_SET } from "./namespaces.js";
import type { Questions } from "./questions.js";
import { errorSentence } from "./stanzaErrors.js";
import { type ArchivePlace, askArchive } from "./stanzas.js";
import { childOf, childrenOf, textOf, type XmlElement } from "./xmlElement.js";

export interface ArchiveParts {
  readonly questions: Questions;
  readonly jids: Jids;
  readonly cursor: ArchiveCursor;
  /** Text that nobody guesses. */
  readonly freshId: () => string;
  /** How far back it is read for the first time; Unix time in milliseconds. */
  readonly firstMs: () => number;
  /** Resolves when the message was looked at. Null for an entry without one. */
  readonly onMessage: (message: XmlElement | null, settle: () => void) => Promise<void>;
}

export interface Archive {
  /**
   * Up to its end, or as far as it goes at a time. A server without an archive has nothing.
   * @throws UNREACHABLE, GATEWAY_REFUSED
   */
  read(signal: AbortSignal): Promise<void>;
  /** True for an entry of the page that is read now. */
  take(stanza: XmlElement): boolean;
}

const PAGE = 50;
const MOST_PAGES = 2_000;
const LONGEST_ID = 200;
const WITHOUT_ARCHIVE = new Set(["service-unavailable", "feature-not-implemented"]);

interface Page {
  readonly queryid: string;
  readonly entries: { readonly archiveId: string; readonly message: XmlElement | null }[];
}

export function createArchive(parts: ArchiveParts): Archive {
  const { questions, jids, cursor } = parts;
  let page: Page | null = null;

  /** Where the next page begins; null at the end. */
  async function readPage(place: ArchivePlace, signal: AbortSignal): Promise<ArchivePlace | null> {
    const current: Page = { queryid: parts.freshId(), entries: [] };
    page = current;
    let answer: XmlElement;
    try {
      answer = await questions.ask(askArchive(current.queryid, place, PAGE));
    } finally {
      page = null;
    }
    if (answer.attrs["type"] === "error") return afterError(answer, place);
    for (const { archiveId, message } of current.entries) {
      if (signal.aborted) return null;
      await parts.onMessage(message, cursor.read(archiveId));
    }
    const end = childOf(answer, "fin", ARCHIVE);
    const last = end === null ? null : lastIn(end);
    const isOver = end?.attrs["complete"] === "true" || last === null;
    const isSame = "after" in place && place.after === last;
    return isOver || isSame ? null : { after: last };
  }

  /** From the beginning, where the server forgot the entry at which it was to begin. */
  async function afterError(answer: XmlElement, place: ArchivePlace): Promise<ArchivePlace | null> {
    const { condition, text } = errorSentence(answer);
    if (WITHOUT_ARCHIVE.has(condition)) return null;
    if (condition === "item-not-found" && "after" in place) {
      await cursor.forget();
      return { startMs: parts.firstMs() };
    }
    const said = text === "" ? condition : text;
    throw new SignpostError("GATEWAY_REFUSED", `The archive could not be read: ${said}`, {
      ...{ refused: null, condition },
    });
  }

  return {
    async read(signal) {
      const kept = await cursor.place();
      cursor.begin();
      let place: ArchivePlace | null =
        kept === null ? { startMs: parts.firstMs() } : { after: kept };
      for (let pages = 0; place !== null && pages < MOST_PAGES; pages++) {
        if (signal.aborted) return;
        place = await readPage(place, signal);
      }
      // what lies behind is read from there the next time
      if (place === null && !signal.aborted) cursor.complete();
    },
    take(stanza) {
      if (page === null) return false;
      const entry = archivedIn(stanza, page.queryid, jids);
      // no more than was asked for
      if (entry !== null && page.entries.length < PAGE) page.entries.push(entry);
      return entry !== null;
    },
  };
}

function lastIn(end: XmlElement): string | null {
  const set = childOf(end, "set", RESULT_SET);
  const last = set === null ? undefined : childrenOf(set).find(({ name }) => name === "last");
  const id = last === undefined ? null : textOf(last, LONGEST_ID);
  return id === "" ? null : id;
}
