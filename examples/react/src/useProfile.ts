/** The profile behind a name, as a React hook. */
import { useCallback, useEffect, useMemo, useState } from "react";
import {
  createProfileCache,
  isSignpostError,
  type ProfileOutcome,
  type ResolveOptions,
  resolveProfile,
} from "signpost-sdk";

/**
 * `found` is the only one with a profile. `absent` (there is none), `unreachable` (it could not be found out) and
 * `untrusted` (a check failed) are never the same to a user; each has a `sentence` that says more.
 */
export type ProfileState =
  | ProfileOutcome
  | { readonly status: "looking" }
  /** What was given is no ENS name. */
  | { readonly status: "invalid"; readonly sentence: string };

export interface ProfileOfName {
  readonly state: ProfileState;
  /** For a button beside `unreachable`. */
  readonly lookAgain: () => void;
}

const LOOKING: ProfileState = { status: "looking" };
/** One for all components; of one chain. */
const cache = createProfileCache();

/**
 * Looks up when the component mounts and when name or options change, and ends a lookup that nobody waits for any more.
 *
 * @param options the same object in every render: a constant outside of the component, or from `useMemo`
 */
export function useProfile(name: string, options: ResolveOptions): ProfileOfName {
  const [round, setRound] = useState(0);
  // a new object for each question, so that an answer is known to be the one to this question
  const question = useMemo(() => ({ name, options, round }), [name, options, round]);
  const [answer, setAnswer] = useState<{ of: typeof question; state: ProfileState }>();

  useEffect(() => {
    const unmounted = new AbortController();
    const { signal } = unmounted;
    const show = (state: ProfileState) => {
      if (!signal.aborted) setAnswer({ of: question, state });
    };
    resolveProfile(question.name, { cache, ...question.options, signal }).then(show, (error) => {
      if (isSignpostError(error, "INVALID_NAME")) {
        show({ status: "invalid", sentence: error.message });
      } else if (!signal.aborted) {
        // a defect, for the nearest error boundary
        setAnswer(() => {
          throw error;
        });
      }
    });
    return () => {
      unmounted.abort();
    };
  }, [question]);

  const lookAgain = useCallback(() => {
    setRound((last) => last + 1);
  }, []);
  return { state: answer?.of === question ? answer.state : LOOKING, lookAgain };
}
