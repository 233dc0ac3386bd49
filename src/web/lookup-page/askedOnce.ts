/** What is signed for a name lies behind the same few records: for one report, each question is asked once. */
import type { FetchAnswer, Fetcher, FetchRequest } from "../../sdk/index.js";

/** A question that failed is asked again by whoever comes next. */
export function askedOnce(fetcher: Fetcher): Fetcher {
  const answers = new Map<string, Promise<FetchAnswer>>();
  return (request) => {
    const question = questionOf(request);
    // bytes are nobody's question
    if (question === null) return fetcher(request);
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = fetcher(request);
    answers.set(question, answer);
    answer.catch(() => answers.delete(question));
    return answer;
  };
}

function questionOf({ method, url, body = "", accept = "" }: FetchRequest): string | null {
  return typeof body === "string" ? JSON.stringify([method, url, accept, body]) : null;
}
