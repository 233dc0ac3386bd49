/** Watched parts: the signer and the stores as they are, with somebody told when they begin and end. */
import type { AnswerSigner } from "../gateway/answerSigner.js";
import { type GatewaySigner, signInTurn } from "../gateway/gatewaySigner.js";
import type { RecordSource } from "../registry/store.js";

/**
 * Told when a piece of work begins; what it returns is told when that ends, with what it failed by, or undefined.
 * `work` comes from a closed list.
 */
export type WorkObserver = (work: string) => (failure: unknown) => void;

/** Tells both. */
export function eachObserver(first: WorkObserver, second: WorkObserver | null): WorkObserver {
  if (second === null) return first;
  return (work) => {
    const endFirst = first(work);
    const endSecond = second(work);
    return (failure) => {
      endFirst(failure);
      endSecond(failure);
    };
  };
}

export function watchedSigner(signer: GatewaySigner, observer: WorkObserver): GatewaySigner {
  return {
    // a signer that can be switched changes its address
    get address() {
      return signer.address;
    },
    signDigest: (digest) => watch(observer, "sign", () => signer.signDigest(digest)),
    signInTurn: async (makeDigest) => {
      let end: ReturnType<WorkObserver> | undefined;
      try {
        // the wait for the turn is no part of the signature
        const signature = await signInTurn(signer, () => {
          const digest = makeDigest();
          if (digest !== null) end = observer("sign");
          return digest;
        });
        end?.(undefined);
        return signature;
      } catch (failure) {
        (end ?? observer("sign"))(failure);
        throw failure;
      }
    },
  };
}

/** Told of each answer, whose signature may be one for many. */
export function watchedAnswerSigner(answers: AnswerSigner, observer: WorkObserver): AnswerSigner {
  return {
    signAnswer: (digest, mayShare) =>
      watch(observer, "sign", () => answers.signAnswer(digest, mayShare)),
  };
}

export function watchedRecords(records: RecordSource, observer: WorkObserver): RecordSource {
  return {
    recordsOf: (node) => watch(observer, "look_up", () => records.recordsOf(node)),
    standingOf: (node) => watch(observer, "look_up", () => records.standingOf(node)),
    ownersOfTwins: (twinned) => watch(observer, "look_up", () => records.ownersOfTwins(twinned)),
    servedResolvers: () => watch(observer, "served_resolvers", () => records.servedResolvers()),
    serving: () => watch(observer, "served_resolvers", () => records.serving()),
  };
}

/** The same stores, with every question told of by its method's name: `change_names` for `changeNames`. */
export function watchedStore<Store extends object>(store: Store, observer: WorkObserver): Store {
  const watched = Object.entries(store).map(([name, method]: [string, Question]) => {
    const work = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const ask: Question = (...args) => watch(observer, work, () => method(...args));
    return [name, ask];
  });
  return Object.fromEntries(watched) as Store;
}

/** Stores are made of nothing but questions, each answered by a promise. */
type Question = (...args: unknown[]) => unknown;

/** A signer whose key is in our memory answers at once, every other part with a promise; both stay what they are. */
function watch<Answer>(observer: WorkObserver, work: string, ask: () => Answer): Answer {
  const end = observer(work);
  try {
    const answer = ask();
    if (answer instanceof Promise) {
      answer.then(() => {
        end(undefined);
      }, end);
    } else {
      end(undefined);
    }
    return answer;
  } catch (failure) {
    end(failure);
    throw failure;
  }
}
