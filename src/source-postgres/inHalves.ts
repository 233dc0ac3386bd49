/** A question of several labels that fails at the data of one of them: that one fails alone, and the others have their answers. */
import type { SignpostError } from "../errors.js";
import { isDataFault } from "./sourceError.js";

type Found<Row> = ReadonlyMap<string, Row | SignpostError>;

/** With one that fails among 64 labels this asks 12 times more. Throws what is not the fault of one label. */
export async function inHalves<Row>(
  labels: readonly string[],
  ask: (labels: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): Promise<Found<Row>> {
  try {
    return await ask(labels);
  } catch (error) {
    const [first, ...others] = labels;
    if (first === undefined || !isDataFault(error)) throw error;
    if (others.length === 0) return new Map([[first, error]]);
    const half = Math.ceil(labels.length / 2);
    const before = await inHalves(labels.slice(0, half), ask);
    return new Map([...before, ...(await inHalves(labels.slice(half), ask))]);
  }
}
